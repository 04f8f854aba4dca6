/// What waits in the mailbox of an invite that asks back: whom to ask. Nothing in it opens anything.
public struct JoinOffer: Hashable, Sendable {
    static let version: UInt8 = 1
    static let floor = 256

    /// Of whoever invites: the code holds their hash.
    public var inviter: PublicKeys
    /// What the joiner is to be. For people: what holds is what the admission says.
    public var role: Role
    /// Advisory, in milliseconds since 1970.
    public var expires: Int64

    public init(inviter: PublicKeys, role: Role, expires: Int64) {
        self.inviter = inviter
        self.role = role
        self.expires = expires
    }

    var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 1300)
        writer.u8(Self.version)
        writer.raw(inviter.bytes)
        writer.u8(role.rawValue)
        writer.zig(expires)
        return writer.bytes
    }

    init(_ bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        guard try reader.u8() == Self.version else { throw .invalid("version") }
        inviter = try PublicKeys(from: &reader)
        guard let role = Role(rawValue: try reader.u8()) else { throw .invalid("role") }
        self.role = role
        expires = try reader.zig()
        try reader.end()
    }

    private static func key(_ code: InviteCode) -> Secret { Secret.derive(from: code.secret, "sync/v1/offer-key") }
    private static func data(_ code: InviteCode) -> [UInt8] { Array("sync/v1/offer".utf8) + [0] + code.teamPrefix }

    /// What is posted to the mailbox.
    public func sealed(for code: InviteCode, nonce: [UInt8]) throws -> [UInt8] {
        nonce + (try Sealing.seal(
            Padding.pad(bytes, floor: Self.floor), key: Self.key(code), nonce: nonce, authenticating: Self.data(code)))
    }

    /// Throws when the box is not what the holder of `code` was meant to find: another key than the code's, above all.
    public init(opening box: [UInt8], with code: InviteCode) throws {
        guard box.count > Sealing.nonceLength else { throw DecodingFailure.truncated }
        let plain = try Sealing.open(
            box.dropFirst(Sealing.nonceLength), key: Self.key(code), nonce: Array(box.prefix(Sealing.nonceLength)),
            authenticating: Self.data(code))
        try self.init(Array(try Padding.unpad(plain, floor: Self.floor)))
        guard inviter.device == code.inviter else { throw DecodingFailure.invalid("inviter") }
    }
}
