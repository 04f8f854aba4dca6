/// The sealed part of a log's open: whose log this is, and whose changes it may carry.
public struct LogOpen: Hashable, Sendable {
    static let version: UInt8 = 1

    public var epoch: EpochID
    public var device: DeviceID
    public var authorSalt: [UInt8]
    /// The log continues its author after this change; 0 for an author that is new.
    public var continuesSeq: UInt64
    public var continuesMark: UInt64
    public var signature: [UInt8]

    public init(
        epoch: EpochID, device: DeviceID, authorSalt: [UInt8], continuesSeq: UInt64, continuesMark: UInt64,
        logKey: Hash32, team: Hash32, deviceKey: SigningKey
    ) throws {
        self.epoch = epoch
        self.device = device
        self.authorSalt = authorSalt
        self.continuesSeq = continuesSeq
        self.continuesMark = continuesMark
        signature = []
        signature = try deviceKey.sign("sync/v1/open", team.bytes + logKey.bytes + unsignedBytes)
    }

    private var unsignedBytes: [UInt8] {
        var writer = ByteWriter(capacity: 80)
        writer.u8(Self.version)
        writer.raw(epoch)
        writer.raw(device)
        writer.raw(authorSalt)
        writer.varint(continuesSeq)
        writer.word(continuesMark)
        return writer.bytes
    }

    public var bytes: [UInt8] { unsignedBytes + signature }

    public init(_ bytes: some Collection<UInt8>) throws(DecodingFailure) {
        var reader = ByteReader(Array(bytes))
        guard try reader.u8() == Self.version else { throw .invalid("version") }
        epoch = try reader.identifier()
        device = try reader.identifier()
        authorSalt = Array(try reader.raw(16))
        continuesSeq = try reader.varint()
        continuesMark = try reader.word()
        guard continuesSeq > 0 || continuesMark == 0 else { throw .invalid("mark") }
        signature = Array(try reader.raw(Signature.length))
        try reader.end()
    }

    /// Whether the device itself says that this log is its own.
    public func isSigned(by deviceKey: Hash32, logKey: Hash32, team: Hash32) -> Bool {
        Signature.isValid(signature, by: deviceKey, "sync/v1/open", team.bytes + logKey.bytes + unsignedBytes)
    }

    /// The author that a device's key and a salt make: nobody can claim another device's.
    public static func author(team: Hash32, deviceKey: Hash32, salt: [UInt8]) -> AuthorID {
        AuthorID(prefixOf: Digest.hash("sync/v1/author", team.bytes, deviceKey.bytes, salt))
    }
}
