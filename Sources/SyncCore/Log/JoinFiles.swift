/// A request as a file, for a stick. It is not sealed: nobody's keys are known yet to whom it could be.
public enum RequestFile {
    static let magic = Array("SYNCASK1".utf8)
    /// More than any request takes.
    public static let sizeLimit = 4096

    public static func bytes(_ request: JoinRequest) -> [UInt8] {
        var writer = ByteWriter(capacity: 2048)
        writer.raw(magic)
        writer.counted(request.bytes)
        writer.raw(Digest.plain(writer.bytes))
        return writer.bytes
    }

    /// Throws when one bit differs from what was written.
    public static func read(_ bytes: [UInt8]) throws(DecodingFailure) -> JoinRequest {
        guard bytes.starts(with: magic) else { throw .invalid("file") }
        guard bytes.count > 32, Digest.plain(bytes.dropLast(32)) == Hash32(bytes.suffix(32)) else { throw .invalid("checksum") }
        var reader = ByteReader(bytes.dropLast(32))
        _ = try reader.raw(magic.count)
        let request = try JoinRequest(Array(try reader.counted(limit: sizeLimit)))
        try reader.end()
        return request
    }
}

/// An answer as a file: with whoever answers, and with the team's control log, as there is no relay to ask for it.
public struct AnswerFile: Sendable {
    static let magic = Array("SYNCANS1".utf8)
    static let floor = 4096
    public static let sizeLimit = 64 << 20

    public var answer: JoinAnswer
    public var inviter: PublicKeys
    /// As records travel, in order of arrival.
    public var control: [[UInt8]]

    public init(_ answer: JoinAnswer, by inviter: PublicKeys, control: [[UInt8]]) {
        self.answer = answer
        self.inviter = inviter
        self.control = control
    }

    /// Sealed to whoever asked.
    public func sealed(to request: JoinRequest, signedBy key: SigningKey) throws -> [UInt8] {
        var writer = ByteWriter(capacity: control.reduce(8192) { $0 + $1.count + 4 })
        writer.raw(inviter.bytes)
        writer.counted(try answer.signed(by: key))
        writer.count(control.count)
        for record in control { writer.counted(record) }
        let plain = Padding.pad(writer.bytes, floor: Self.floor)
        return Self.magic + (try Envelope.seal(plain, to: request.keys.kem, for: request.device, as: .answer))
    }

    /// Throws unless it answers this request, by the device that it names.
    public init(opening bytes: [UInt8], to request: JoinRequest, key: KEMKey) throws {
        guard bytes.starts(with: Self.magic) else { throw DecodingFailure.invalid("file") }
        let plain = try key.open(bytes.dropFirst(Self.magic.count), for: request.device, as: .answer)
        var reader = ByteReader(try Padding.unpad(plain, floor: Self.floor))
        inviter = try PublicKeys(from: &reader)
        answer = try JoinAnswer(Array(try reader.counted(limit: reader.remaining)), signedBy: inviter.signing)
        control = []
        for _ in 0..<(try reader.count(limit: reader.remaining)) {
            control.append(Array(try reader.counted(limit: reader.remaining)))
        }
        try reader.end()
        guard answer.request == request.digest else { throw DecodingFailure.invalid("request") }
    }

    /// Whether a file says of itself that it is one.
    public static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }
}
