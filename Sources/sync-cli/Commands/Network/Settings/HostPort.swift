/// Where something listens: `127.0.0.1:7373`, `[::1]:0`, `:7373`.
struct HostPort: Equatable {
    var host: String
    /// 0: any that is free.
    var port: Int

    static let standard = HostPort(host: "127.0.0.1", port: 7373)

    init(host: String, port: Int) { (self.host, self.port) = (host, port) }

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (0...65535).contains(port)
        else { return nil }
        let host = text[..<colon].filter { $0 != "[" && $0 != "]" }
        self.init(host: host.isEmpty ? Self.standard.host : String(host), port: port)
    }

    /// The host as it stands in a URL.
    var bracketed: String { host.contains(":") ? "[\(host)]" : host }
}
