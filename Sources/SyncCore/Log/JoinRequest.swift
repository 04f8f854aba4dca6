/// A device asks to be let in: its name, its public keys with a proof, and where it looks for the answer.
///
/// It says no role: that is for the person who lets it in.
public struct JoinRequest: Hashable, Sendable {
    static let version: UInt8 = 1
    /// Names, and with them lengths, differ; boxes do not.
    static let floor = 2048
    /// What a relay takes as one.
    public static let boxLimit = 4096

    public var name: String
    public var keys: PublicKeys
    public var possession: [UInt8]
    /// 16 random bytes: the mailbox of the answer derives from them.
    public var answerSecret: [UInt8]

    public init(name: String, signing: SigningKey, kem: KEMKey, answerSecret: [UInt8]) throws {
        let enrolment = try Enrolment(name: name, role: .reader, signing: signing, kem: kem)
        self.name = name
        keys = enrolment.keys
        possession = enrolment.possession
        self.answerSecret = answerSecret
    }

    public var device: DeviceID { keys.device }

    /// As a coordinator writes it down.
    public func enrolment(as role: Role) throws -> Enrolment {
        try Enrolment(name: name, role: role, keys: keys, possession: possession)
    }

    /// What an answer says that it answers.
    public var digest: Hash32 { Digest.hash("sync/v1/request-digest", bytes) }

    /// 32 hexadecimal digits.
    public var answerMailbox: String {
        Hex.encode(Secret.derive(from: answerSecret, "sync/v1/mailbox").bytes.prefix(16))
    }

    public var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 1500)
        writer.u8(Self.version)
        writer.text(name)
        writer.raw(keys.bytes)
        writer.raw(possession)
        writer.raw(answerSecret)
        return writer.bytes
    }

    /// Refuses keys that protect nothing, and keys whose proof does not fit.
    public init(_ bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        guard try reader.u8() == Self.version else { throw .invalid("version") }
        name = try reader.text(limit: Enrolment.nameLimit)
        keys = try PublicKeys(from: &reader)
        possession = Array(try reader.raw(Signature.length))
        answerSecret = Array(try reader.raw(16))
        try reader.end()
        _ = try Enrolment(name: name, role: .reader, keys: keys, possession: possession)
    }

    private static func key(_ code: InviteCode) -> Secret { Secret.derive(from: code.secret, "sync/v1/request-key") }
    private static func data(_ code: InviteCode) -> [UInt8] { Array("sync/v1/request-box".utf8) + [0] + code.teamPrefix }

    /// What is posted beside the offer. Inside it is sealed to whoever invites, so that others who found the code do not read who
    /// asks; outside under the code, so that only who has it can ask.
    public func sealed(for code: InviteCode, to inviter: PublicKeys, nonce: [UInt8]) throws -> [UInt8] {
        let envelope = try Envelope.seal(
            Padding.pad(bytes, floor: Self.floor), to: inviter.kem, for: inviter.device, as: .request)
        return try Self.box(envelope, for: code, nonce: nonce)
    }

    static func box(_ envelope: [UInt8], for code: InviteCode, nonce: [UInt8]) throws -> [UInt8] {
        nonce + (try Sealing.seal(envelope, key: key(code), nonce: nonce, authenticating: data(code)))
    }

    /// Throws when it was not made with this code, for this device.
    public init(opening box: [UInt8], with code: InviteCode, key: KEMKey, device: DeviceID) throws {
        guard box.count > Sealing.nonceLength else { throw DecodingFailure.truncated }
        let envelope = try Sealing.open(
            box.dropFirst(Sealing.nonceLength), key: Self.key(code), nonce: Array(box.prefix(Sealing.nonceLength)),
            authenticating: Self.data(code))
        let plain = try key.open(envelope, for: device, as: .request)
        try self.init(Array(try Padding.unpad(plain, floor: Self.floor)))
    }
}
