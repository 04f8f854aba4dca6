/// Compares strings and byte arrays by their bytes.
///
/// `String ==` is canonical equivalence: a composed and a decomposed "é" are equal to it and different on disk. Replicas agree only
/// if everything that decides an outcome looks at bytes.
public enum ByteOrder {
    /// Whether `a` stands before `b`, byte by byte, the shorter first when one is the other's beginning.
    @inlinable
    public static func precedes(_ a: some Sequence<UInt8>, _ b: some Sequence<UInt8>) -> Bool {
        a.lexicographicallyPrecedes(b)
    }

    /// Whether `a` stands before `b` in the order of their UTF-8 bytes.
    @inlinable
    public static func precedes(_ a: String, _ b: String) -> Bool {
        a.utf8.lexicographicallyPrecedes(b.utf8)
    }

    /// Whether two strings have the same bytes.
    @inlinable
    public static func same(_ a: String, _ b: String) -> Bool {
        a.utf8.elementsEqual(b.utf8)
    }
}
