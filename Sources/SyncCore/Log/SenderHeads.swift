/// What the sender of a bundle says of itself: who it is, and how far it has each log. Sealed for the team, and signed by the device,
/// so that nobody else can say it (`docs/format.md`, section 11).
public struct SenderHeads: Hashable, Sendable {
    static let version: UInt8 = 1
    static let floor = 256

    public var device: DeviceID
    /// Of the sender's incarnation: what an earlier one had may be lost.
    public var authorSalt: [UInt8]
    public var wall: Int64
    /// For whom the bundle leaves out what that device was seen to have; nil: for everybody.
    public var recipient: DeviceID?
    public var heads: [LogHead]
    public var signature: [UInt8]

    public init(
        device: DeviceID, authorSalt: [UInt8], wall: Int64, recipient: DeviceID?, heads: [LogHead], team: Hash32, key: SigningKey
    ) throws {
        self.device = device
        self.authorSalt = authorSalt
        self.wall = wall
        self.recipient = recipient
        self.heads = heads
        signature = []
        signature = try key.sign("sync/v1/bundle-sign", team.bytes + unsignedBytes)
    }

    private var unsignedBytes: [UInt8] {
        var writer = ByteWriter(capacity: 64 + heads.count * 60)
        writer.u8(Self.version)
        writer.raw(device)
        writer.raw(authorSalt)
        writer.zig(wall)
        writer.u8(recipient == nil ? 0 : 1)
        if let recipient { writer.raw(recipient) }
        writer.count(heads.count)
        for head in heads {
            writer.raw(head.tag)
            writer.varint(head.index)
            writer.raw(head.chain)
        }
        return writer.bytes
    }

    public var bytes: [UInt8] { unsignedBytes + signature }

    public init(_ bytes: some Collection<UInt8>) throws(DecodingFailure) {
        var reader = ByteReader(Array(bytes))
        guard try reader.u8() == Self.version else { throw .invalid("version") }
        device = try reader.identifier()
        authorSalt = Array(try reader.raw(16))
        wall = try reader.zig()
        recipient = try reader.flag() ? try reader.identifier() : nil
        heads = []
        for _ in 0..<(try reader.count(limit: reader.remaining / 49)) {
            heads.append(LogHead(tag: try reader.identifier(), index: try reader.varint(), chain: try reader.hash32()))
        }
        signature = Array(try reader.raw(Signature.length))
        try reader.end()
    }

    public func isSigned(by deviceKey: Hash32, team: Hash32) -> Bool {
        Signature.isValid(signature, by: deviceKey, "sync/v1/bundle-sign", team.bytes + unsignedBytes)
    }

    private static func data(_ team: Hash32) -> [UInt8] { Array("sync/v1/bundle-aad".utf8) + [0] + team.bytes }

    public func sealed(epochKey: Secret, team: Hash32, nonce: [UInt8]) throws -> [UInt8] {
        nonce + (try Sealing.seal(
            Padding.pad(bytes, floor: Self.floor), key: epochKey.derive("sync/v1/bundle-key"), nonce: nonce,
            authenticating: Self.data(team)))
    }

    /// Nil when none of `epochKeys` is the one it was sealed under.
    public init?(opening sealed: [UInt8], epochKeys: some Sequence<Secret>, team: Hash32) throws {
        guard sealed.count > Sealing.nonceLength else { throw DecodingFailure.truncated }
        for key in epochKeys {
            let plain = try? Sealing.open(
                sealed.dropFirst(Sealing.nonceLength), key: key.derive("sync/v1/bundle-key"),
                nonce: Array(sealed.prefix(Sealing.nonceLength)), authenticating: Self.data(team))
            guard let plain else { continue }
            try self.init(try Padding.unpad(plain, floor: Self.floor))
            return
        }
        return nil
    }
}
