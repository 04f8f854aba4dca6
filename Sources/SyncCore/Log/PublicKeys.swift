/// What others check a device's signatures with, and seal to. The device's id is their hash.
public struct PublicKeys: Hashable, Sendable {
    public var signing: Hash32
    /// X-Wing: ML-KEM-768, then X25519.
    public var kem: [UInt8]

    public init(signing: Hash32, kem: [UInt8]) {
        self.signing = signing
        self.kem = kem
    }

    public var device: DeviceID { DeviceID(prefixOf: Digest.hash("sync/v1/device", signing.bytes, kem)) }

    var bytes: [UInt8] { signing.bytes + kem }

    /// Keys that the library accepts and that protect nothing.
    var isWeak: Bool { WeakKeys.isSmallOrder(signing: signing) || WeakKeys.isLowOrder(agreement: kem.suffix(32)) }

    /// Refuses weak ones.
    init(from reader: inout ByteReader) throws(DecodingFailure) {
        signing = try reader.hash32()
        kem = Array(try reader.raw(KEMKey.publicLength))
        guard !isWeak else { throw .invalid("weak key") }
    }
}
