import Configuration
import SyncCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A relay's settings in a file: one object of JSON, with the names of the options without their dashes. A name that begins with `//` is a
/// note for people.
///
/// The reader that comes with the configuration package lets through what an operator would not notice: a name that nobody knows, one
/// that stands twice, `true` for 1.
struct SettingsFile: FileConfigSnapshot {
    struct ParsingOptions: FileParsingOptions {
        /// For messages.
        var path: String

        static let `default` = ParsingOptions(path: "the settings")
    }

    let providerName: String
    private var texts: [ServeSetting: String] = [:]

    init(data: RawSpan, providerName: String, parsingOptions: ParsingOptions) throws {
        self.providerName = providerName
        var bytes = data.withUnsafeBytes(Array.init)
        // Editors of Windows begin a file with it.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        let place = SettingsPlace(path: parsingOptions.path, bytes: bytes)
        for member in try Self.members(bytes, place) where !member.name.hasPrefix("//") {
            guard let setting = ServeSetting(rawValue: member.name) else { throw place.unknown(member) }
            texts[setting] = try Self.text(member, place)
        }
    }

    private static func members(_ bytes: [UInt8], _ place: SettingsPlace) throws -> [JSONMember] {
        do {
            guard case .object(let members) = try JSONText.parse(bytes) else { throw place.noObject }
            return members
        } catch let failure as JSONFailure {
            throw place.noJSON(failure)
        }
    }

    /// Every value is read as the options' are, wherever it comes from. Nil: as if it were not there.
    private static func text(_ member: JSONMember, _ place: SettingsPlace) throws -> String? {
        switch member.value {
        case .null: nil
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .decimal(let digits): digits
        case .string(let text): text
        case .array, .object: throw place.noText(member)
        }
    }

    func value(forKey key: AbsoluteConfigKey, type: ConfigType) -> LookupResult {
        let name = key.components.joined(separator: ".")
        let setting = ServeSetting(rawValue: name)
        return LookupResult(
            encodedKey: name,
            value: setting.flatMap { setting in texts[setting].map { ConfigValue(.string($0), isSecret: setting.isSecret) } })
    }

    /// Without values: one may be a secret.
    var description: String { "\(providerName)[\(texts.count) settings]" }
    var debugDescription: String { description }

    // MARK: Reading it

    /// - Throws: `usage`, with the path, for whatever it cannot be read or understood by.
    static func provider(_ path: String) async throws -> FileProvider<SettingsFile> {
        let named = ConfigReader(provider: InMemoryProvider(values: ["filePath": ConfigValue(.string(path), isSecret: false)]))
        do {
            return try await FileProvider(parsingOptions: ParsingOptions(path: path), config: named)
        } catch let error as SyncError {
            throw error
        } catch {
            throw FoundSetting.refused(
                "The settings cannot be read from \(path): \(obstacle(path)).",
                next: "--config and \(ServeSetting.fileVariable) name this file.")
        }
    }

    private static func obstacle(_ path: String) -> String {
        if FileSystem.isFolder(path) { return "it is a folder" }
        return access(path, R_OK) == 0 ? "reading failed" : String(cString: strerror(errno))
    }
}
