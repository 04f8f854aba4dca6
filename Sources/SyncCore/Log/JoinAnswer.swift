/// What became of a request, signed by whoever was asked and sealed to whoever asked.
public struct JoinAnswer: Hashable, Sendable {
    static let version: UInt8 = 1
    static let floor = 256

    public enum Outcome: Hashable, Sendable {
        /// Let in: everything that a member has, and where the team meets; no address where the code said it.
        case welcome(Welcome, relayURL: String)
        case declined
        /// Somebody else was let in by this code.
        case taken
    }

    public var outcome: Outcome
    /// Of the request that it answers.
    public var request: Hash32

    public init(_ outcome: Outcome, to request: JoinRequest) {
        self.outcome = outcome
        self.request = request.digest
    }

    private var unsigned: [UInt8] {
        var writer = ByteWriter(capacity: 1024)
        writer.u8(Self.version)
        writer.raw(request)
        switch outcome {
        case .welcome(let welcome, let relayURL):
            writer.u8(1)
            writer.counted(welcome.bytes)
            writer.text(relayURL)
        case .declined: writer.u8(2)
        case .taken: writer.u8(3)
        }
        return writer.bytes
    }

    /// With the signature of the device that was asked.
    func signed(by key: SigningKey) throws -> [UInt8] { unsigned + (try key.sign("sync/v1/answer-sign", unsigned)) }

    /// Throws unless `inviter` signed it.
    init(_ bytes: [UInt8], signedBy inviter: Hash32) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        guard try reader.u8() == Self.version else { throw .invalid("version") }
        request = try reader.hash32()
        switch try reader.u8() {
        case 1:
            let welcome = try Welcome(Array(try reader.counted(limit: Welcome.sizeLimit)))
            outcome = .welcome(welcome, relayURL: try reader.text(limit: InviteCode.urlLimit))
        case 2: outcome = .declined
        case 3: outcome = .taken
        default: throw .invalid("outcome")
        }
        let signature = try reader.raw(Signature.length)
        try reader.end()
        guard Signature.isValid(signature, by: inviter, "sync/v1/answer-sign", unsigned) else { throw .invalid("signature") }
    }

    /// What is posted to the answer's mailbox.
    public func sealed(to request: JoinRequest, signedBy key: SigningKey) throws -> [UInt8] {
        try Envelope.seal(
            Padding.pad(signed(by: key), floor: Self.floor), to: request.keys.kem, for: request.device, as: .answer)
    }

    /// Throws unless it answers this request, by the device that was asked.
    public init(opening box: [UInt8], to request: JoinRequest, key: KEMKey, signedBy inviter: Hash32) throws {
        let plain = try key.open(box, for: request.device, as: .answer)
        try self.init(Array(try Padding.unpad(plain, floor: Self.floor)), signedBy: inviter)
        guard self.request == request.digest else { throw DecodingFailure.invalid("request") }
    }
}
