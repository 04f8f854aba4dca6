#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a relay answers, and the pin of its certificate where it has one. Plain `http` is for this machine alone.
public struct RelayAddress: Hashable, Sendable {
    public let url: String
    /// The only certificate that is accepted, whoever vouches for it. Nil: one that the machine's authorities vouch for.
    public let pin: CertificatePin?

    /// As `init` reads it again.
    public var text: String { PinnedURL(url: url, pin: pin).text }

    /// Throws a sentence for people when this can be no relay's address.
    ///
    /// - Parameter pin: Where it does not stand in the address, behind `#`.
    public init(_ text: String, pin separate: CertificatePin? = nil) throws(SyncError) {
        let (text, pin) = try Self.parts(text, separate)
        guard let parts = URL(string: text), let scheme = parts.scheme?.lowercased(), let host = parts.host, !host.isEmpty
        else { throw Self.unusable(text, "It must look like https://relay.example or http://127.0.0.1:7373.") }
        switch scheme {
        case "https": break
        case "http":
            guard Loopback.isLoopback(host) else {
                throw Self.unusable(text, "Without TLS, http:// is for a relay on this machine only.")
            }
            guard pin == nil else { throw Self.unusable(text, "A fingerprint is of a certificate, and http:// has none.") }
        default: throw Self.unusable(text, "Only https:// and, on this machine, http:// are known.")
        }
        guard parts.port.map((1...65535).contains) ?? true else { throw Self.unusable(text, "A port is a number from 1 to 65535.") }
        guard parts.query == nil, parts.fragment == nil, parts.user == nil else {
            throw Self.unusable(text, "It may hold no name, question mark or number sign other than #sha256= and 64 digits.")
        }
        url = text
        self.pin = pin
        guard self.text.utf8.count <= InviteCode.urlLimit else { throw Self.unusable(text, "It is too long.") }
    }

    private static func parts(_ text: String, _ separate: CertificatePin?) throws(SyncError) -> (url: String, pin: CertificatePin?) {
        var parts = PinnedURL(text)
        while parts.url.hasSuffix("/") { parts.url.removeLast() }
        if let separate, let pin = parts.pin, separate != pin {
            throw unusable(text, "It has another fingerprint than the one that was given with it.")
        }
        return (parts.url, separate ?? parts.pin)
    }

    private static func unusable(_ text: String, _ why: String) -> SyncError {
        SyncError(.usage, "“\(text)” is no address of a relay. \(why)", safe: "Nothing was changed.")
    }
}
