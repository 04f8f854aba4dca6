import SyncCore

/// How the connections of a relay are secured.
public enum RelaySecurity: Hashable, Sendable {
    /// Plain HTTP, and only where this machine alone reaches it.
    case plainOnLoopback
    /// Plain HTTP on any address: something before the relay speaks TLS.
    case plainAnywhere
    /// TLS with a chain of certificates and its key, PEM files that are read again at SIGHUP.
    case files(certificate: String, key: String)
    /// TLS with a key and a certificate that are made at the first start and kept in the data folder. Clients know it by its pin.
    case selfSigned

    /// - Throws: `usage` where others could reach the relay, and nothing secures it.
    func check(host: String) throws {
        guard self == .plainOnLoopback, !Loopback.isLoopback(host) else { return }
        throw SyncError(
            .usage, "Others can reach \(host), and nothing would protect what they send to it.", safe: "Nothing was started.",
            next: "Let the relay make a certificate with --self-signed, or name one with --certificate and --key. "
                + "Behind a web server that speaks TLS:  --plain-http")
    }

    func source(dataFolder: String, surroundings: Surroundings) -> CertificateSource? {
        switch self {
        case .plainOnLoopback, .plainAnywhere: nil
        case .files(let certificate, let key): .init(certificate: certificate, key: key)
        case .selfSigned: .init(madeIn: dataFolder, surroundings)
        }
    }
}
