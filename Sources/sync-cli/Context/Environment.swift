#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The variables that the command line reads. `sync help environment` lists them.
struct Environment: Sendable {
    /// Nil: those of this process.
    let variables: [String: String]?

    init(_ variables: [String: String]? = nil) { self.variables = variables }

    /// Nil where it is not set, or empty.
    subscript(name: String) -> String? {
        if let variables { return variables[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// Where teams have their folders.
    var dataFolder: String? {
        if let data = self["XDG_DATA_HOME"], data.hasPrefix("/") { return data + "/sync" }
        return self["HOME"].map { $0 + "/.local/share/sync" }
    }

    static var hostName: String? {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return nil }
        let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return name.split(separator: ".").first.map(String.init)
    }
}
