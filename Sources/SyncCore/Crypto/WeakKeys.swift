/// Public keys that the library accepts and that protect nothing.
///
/// With an X25519 point of low order every agreement gives the same result; with an Ed25519 key of small order one fixed signature
/// fits every message. Both are refused when a device is enrolled.
public enum WeakKeys {
    /// The eight points of small order on edwards25519 and their non-canonical encodings, without the sign bit.
    /// Chalkias et al., "Taming the many EdDSAs", 2020, table 6b.
    private static let smallOrder: Set<Hash32> = points([
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ])

    /// The points of low order on curve25519 and their non-canonical encodings, without the top bit.
    /// https://cr.yp.to/ecdh.html#validate
    private static let lowOrder: Set<Hash32> = points([
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ])

    private static func points(_ hex: [String]) -> Set<Hash32> { Set(hex.compactMap(Hash32.init(hex:))) }

    private static func withoutTopBit(_ bytes: some Collection<UInt8>) -> Hash32? {
        var bytes = Array(bytes)
        guard bytes.count == 32 else { return nil }
        bytes[31] &= 0x7f
        return Hash32(bytes)
    }

    public static func isSmallOrder(signing key: Hash32) -> Bool {
        withoutTopBit(key.bytes).map(smallOrder.contains) ?? true
    }

    /// For the X25519 half of a KEM key.
    public static func isLowOrder(agreement key: some Collection<UInt8>) -> Bool {
        withoutTopBit(key).map(lowOrder.contains) ?? true
    }
}
