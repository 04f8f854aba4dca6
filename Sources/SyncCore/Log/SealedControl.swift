/// A control record as a relay holds it: sealed under a key of the epoch in force before it, so that a removed device learns that it
/// is out, and nothing after.
public enum SealedControl {
    static let suite: UInt8 = 1
    static let floor = 256
    static let tagLength = 16

    static func tag(of epochKey: Secret) -> [UInt8] {
        Array(epochKey.derive("sync/v1/control-tag").bytes.prefix(tagLength))
    }

    private static func data(_ tag: [UInt8]) -> [UInt8] { Array("sync/v1/control-aad".utf8) + [0] + tag }

    public static func seal(_ record: ControlRecord, epochKey: Secret, nonce: [UInt8]) throws -> [UInt8] {
        let tag = tag(of: epochKey)
        let sealed = try Sealing.seal(
            Padding.pad(record.bytes, floor: floor), key: epochKey.derive("sync/v1/control-key"), nonce: nonce,
            authenticating: data(tag))
        return [suite] + tag + nonce + sealed
    }

    /// Nil when none of `epochKeys` is the one it was sealed under; throws when it is damaged.
    public static func open(_ sealed: [UInt8], epochKeys: some Sequence<Secret>) throws -> ControlRecord? {
        var reader = ByteReader(sealed)
        guard try reader.u8() == suite else { throw DecodingFailure.invalid("suite") }
        let tag = Array(try reader.raw(tagLength))
        let nonce = Array(try reader.raw(Sealing.nonceLength))
        guard let key = epochKeys.first(where: { Self.tag(of: $0) == tag }) else { return nil }
        let plain = try Sealing.open(
            try reader.raw(reader.remaining), key: key.derive("sync/v1/control-key"), nonce: nonce,
            authenticating: data(tag))
        return try ControlRecord(Array(try Padding.unpad(plain, floor: floor)))
    }
}
