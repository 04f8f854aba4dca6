/// Seals and opens the bodies of one log in one epoch.
public struct LogCipher: Sendable {
    static let floor = 64

    private let key: Secret
    private let team: Hash32
    public let tag: LogTag
    /// Stands in the clear header of the open.
    public let commitment: Hash32

    public init(epochKey: Secret, team: Hash32, tag: LogTag) {
        key = epochKey.derive("sync/v1/log-key", tag.bytes)
        self.team = team
        self.tag = tag
        commitment = Self.commitment(epochKey: epochKey, tag: tag)
    }

    public static func commitment(epochKey: Secret, tag: LogTag) -> Hash32 {
        Hash32(epochKey.derive("sync/v1/commit", tag.bytes).bytes) ?? .zero
    }

    private func authenticated(_ header: SegmentHeader, _ previous: Hash32) -> [UInt8] {
        Array("sync/v1/aad".utf8) + [0] + team.bytes + header.bytesWithoutBodyHash + previous.bytes
    }

    private func bodyKey(_ previous: Hash32) -> Secret { key.derive("sync/v1/body", previous.bytes) }

    /// A segment without a signature, and the chain's value at it.
    public func seal(
        _ content: [UInt8], form: SegmentHeader.Form, after previous: Hash32, nonce: [UInt8]
    ) throws -> (segment: Segment, value: Hash32) {
        let plain = Padding.pad(content, floor: Self.floor)
        var header = SegmentHeader(
            form: form, nonce: nonce, bodyLength: plain.count + Sealing.tagLength, bodyHash: .zero)
        let body = try Sealing.seal(
            plain, key: bodyKey(previous), nonce: nonce, authenticating: authenticated(header, previous))
        header.bodyHash = Digest.plain(body)
        let value = Chain.value(at: header, after: previous, teamSalt: Chain.teamSalt(of: team))
        return (Segment(header: header, signature: nil, body: body), value)
    }

    /// The content of a segment whose place in the chain was checked. Throws when it is not this epoch's, or is damaged.
    public func open(_ segment: Segment, after previous: Hash32) throws -> [UInt8] {
        guard let body = segment.body else { throw DecodingFailure.truncated }
        let plain = try Sealing.open(
            body, key: bodyKey(previous), nonce: segment.header.nonce,
            authenticating: authenticated(segment.header, previous))
        return Array(try Padding.unpad(plain, floor: Self.floor))
    }
}
