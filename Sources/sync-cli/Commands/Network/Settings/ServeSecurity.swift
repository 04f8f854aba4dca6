import SyncCore
import SyncServer

/// How a relay's connections are secured, after everything that says so.
struct ServeSecurity {
    let security: RelaySecurity
    /// What decided it.
    let settings: [FoundSetting]

    static let ways: Set<ServeSetting> = [.certificate, .key, .selfSigned, .plainHTTP]

    /// Who is nearest decides between the ways there are: `--plain-http` takes the place of a certificate in a file, which would not be asked for.
    ///
    /// - Throws: `usage` for two ways that are equally near, and for half a pair.
    init(_ sources: SettingSources) throws {
        let files = [ServeSetting.certificate, .key].compactMap(sources.find)
        let flags = try [ServeSetting.selfSigned, .plainHTTP].compactMap(sources.find).filter { try $0.flag() }
        let ways = ([files] + flags.map { [$0] }).filter { !$0.isEmpty }.sorted { Self.nearest($0) < Self.nearest($1) }
        if ways.count > 1, Self.nearest(ways[0]) == Self.nearest(ways[1]) {
            throw FoundSetting.refused(
                "A relay is secured in one way, and \(ways[0][0].written) and \(ways[1][0].written) say two.",
                next: "One of --certificate with --key, --self-signed and --plain-http.")
        }
        settings = ways.first ?? []
        security = try Self.security(settings)
    }

    private static func nearest(_ way: [FoundSetting]) -> Int { way.map(\.origin.distance).min() ?? .max }

    private static func security(_ way: [FoundSetting]) throws -> RelaySecurity {
        switch way.first?.setting {
        case .selfSigned: return .selfSigned
        case .plainHTTP: return .plainAnywhere
        case nil: return .plainOnLoopback
        default:
            guard way.count == 2 else {
                throw FoundSetting.refused("A certificate and its key go together, and there is only \(way[0].written).")
            }
            return .files(certificate: way[0].path, key: way[1].path)
        }
    }

    var scheme: String {
        switch security {
        case .files, .selfSigned: "https"
        case .plainOnLoopback, .plainAnywhere: "http"
        }
    }

    /// How devices reach a relay whose certificate nobody vouches for. An address that means all of this machine's is nobody's to call.
    func address(_ pin: CertificatePin?, at listen: HostPort, port: Int) -> String? {
        guard security == .selfSigned, let pin else { return nil }
        let isEvery = listen.host == "0.0.0.0" || listen.host == "::"
        return "https://\(isEvery ? "THIS-MACHINE" : listen.bracketed):\(port)#\(pin.text)"
    }
}
