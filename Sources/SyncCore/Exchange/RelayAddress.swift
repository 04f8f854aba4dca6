#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a relay answers. Plain `http` is for this machine alone.
public struct RelayAddress: Hashable, Sendable {
    public let url: String

    /// Throws a sentence for people when this can be no relay's address.
    public init(_ text: String) throws(SyncError) {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        guard let parts = URL(string: text), let scheme = parts.scheme?.lowercased(), let host = parts.host, !host.isEmpty
        else { throw Self.unusable(text, "It must look like https://relay.example or http://127.0.0.1:7373.") }
        switch scheme {
        case "https": break
        case "http":
            guard Loopback.isLoopback(host) else {
                throw Self.unusable(text, "Without TLS, http:// is for a relay on this machine only.")
            }
        default: throw Self.unusable(text, "Only https:// and, on this machine, http:// are known.")
        }
        guard parts.port.map((1...65535).contains) ?? true else { throw Self.unusable(text, "A port is a number from 1 to 65535.") }
        guard parts.query == nil, parts.fragment == nil, parts.user == nil else {
            throw Self.unusable(text, "It may hold no name, question mark or number sign.")
        }
        url = text
    }

    private static func unusable(_ text: String, _ why: String) -> SyncError {
        SyncError(.usage, "“\(text)” is no address of a relay. \(why)", safe: "Nothing was changed.")
    }
}
