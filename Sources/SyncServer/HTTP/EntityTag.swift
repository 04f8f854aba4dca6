import SyncCore

/// A strong entity tag (RFC 9110, section 8.8.3).
struct EntityTag: Hashable, Sendable {
    let text: String

    /// Of a team's heads: they are a function of this.
    init(_ summary: TeamSummary) {
        let digest = Digest.hash(
            "sync/v1/relay-heads", Array("\(summary.registration) \(summary.control) \(summary.position.token.text) \(summary.withdrawn)".utf8))
        text = "\"\(Hex.encode(digest.bytes.prefix(16)))\""
    }

    /// Whether an `If-None-Match` names this one.
    func isNamed(in header: String) -> Bool {
        header.split(separator: ",").contains { candidate in
            let candidate = candidate.drop { $0 == " " || $0 == "\t" }
            let name = candidate.hasPrefix("W/") ? candidate.dropFirst(2) : candidate
            let trimmed = name.prefix { $0 != " " && $0 != "\t" }
            return trimmed == "*" || trimmed == text
        }
    }
}
