import Configuration
import Synchronization

/// The settings of a relay: what the command's options say goes before the environment, and that before a file.
struct SettingSources: Sendable {
    private let reader: ConfigReader
    private let answered = AnsweringProvider()
    private let variables: [ServeSetting: String]
    private let file: String?

    /// - Parameter file: Nil where nobody named one.
    /// - Throws: `usage` for a file that cannot be read, is no JSON, or says what no relay knows.
    init(options: GivenSettings, environment: Environment, file: String?) async throws {
        variables = Self.variables(environment)
        self.file = file
        var providers: [any ConfigProvider] = [
            InMemoryProvider(name: "options", values: Self.values(options)),
            EnvironmentVariablesProvider(environmentVariables: Self.values(variables, environment)).prefixKeys(
                with: "sync.serve"),
        ]
        if let file { providers.append(try await SettingsFile.provider(file)) }
        reader = ConfigReader(providers: providers, accessReporter: answered)
    }

    func find(_ setting: ServeSetting) -> FoundSetting? {
        guard let text = reader.string(forKey: ConfigKey([setting.rawValue]), isSecret: setting.isSecret) else { return nil }
        return FoundSetting(setting: setting, text: text, origin: origin(of: setting))
    }

    private func origin(of setting: ServeSetting) -> FoundSetting.Origin {
        switch answered.position {
        case 1: .environment(variable: variables[setting] ?? setting.variable)
        case 2: .file(path: file ?? "")
        default: .option
        }
    }

    private static func values(_ options: GivenSettings) -> [AbsoluteConfigKey: ConfigValue] {
        options.reduce(into: [:]) { values, option in
            guard let text = option.value else { return }
            values[AbsoluteConfigKey([option.key.rawValue])] = ConfigValue(.string(text), isSecret: option.key.isSecret)
        }
    }

    /// Which variable says each setting, where one does.
    private static func variables(_ environment: Environment) -> [ServeSetting: String] {
        ServeSetting.allCases.reduce(into: [:]) { variables, setting in
            variables[setting] = [setting.variable, setting.olderVariable].compactMap(\.self).first { environment[$0] != nil }
        }
    }

    private static func values(_ variables: [ServeSetting: String], _ environment: Environment) -> [String: String] {
        variables.reduce(into: [:]) { values, variable in values[variable.key.variable] = environment[variable.value] }
    }
}

/// Remembers which of the providers had what was asked for last: they are asked in turn, until one has it.
private final class AnsweringProvider: AccessReporter {
    private let asked = Mutex(0)

    var position: Int { asked.withLock { $0 - 1 } }

    func report(_ event: AccessEvent) { asked.withLock { $0 = event.providerResults.count } }
}
