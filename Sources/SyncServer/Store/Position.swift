import SyncCore

/// A place in a team's log of arrivals, bound to everything before it: `d_n = SHA-256(d_(n−1) ‖ chain value)`.
struct Position: Hashable, Sendable {
    let number: Int64
    let digest: Hash32

    static let beginning = Position(number: 0, digest: .zero)

    /// The position of the segment with this chain value, when it arrives next.
    func following(_ chain: Hash32) -> Position {
        Position(number: number + 1, digest: Digest.plain(digest.bytes + chain.bytes))
    }

    var token: PositionToken { PositionToken(number: number, digestStart: Array(digest.bytes.prefix(16))) }
}

/// What a reader keeps of a position. A relay that lost part of its log cannot honour it, and says so.
struct PositionToken: Hashable, Sendable {
    let number: Int64
    /// 16 bytes.
    let digestStart: [UInt8]

    init(number: Int64, digestStart: [UInt8]) {
        self.number = number
        self.digestStart = digestStart
    }

    /// 32 characters of base64url. Nil for anything that no relay would have given.
    init?(_ text: String) {
        guard let bytes = Base64.decodeURL(text), bytes.count == 24 else { return nil }
        let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let number = Int64(exactly: number) else { return nil }
        self.init(number: number, digestStart: Array(bytes.suffix(16)))
    }

    var text: String {
        var writer = ByteWriter(capacity: 24)
        writer.word(UInt64(bitPattern: number))
        writer.raw(digestStart)
        return Base64.encodeURL(writer.bytes)
    }

    func fits(_ position: Position) -> Bool { self == position.token }
}
