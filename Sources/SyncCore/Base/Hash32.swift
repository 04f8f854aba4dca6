/// A SHA-256 value, or a key's 32 public bytes.
public struct Hash32: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let first: UInt64
    public let second: UInt64
    public let third: UInt64
    public let fourth: UInt64

    public static let zero = Hash32(first: 0, second: 0, third: 0, fourth: 0)

    @inlinable
    init(first: UInt64, second: UInt64, third: UInt64, fourth: UInt64) {
        self.first = first
        self.second = second
        self.third = third
        self.fourth = fourth
    }

    /// Exactly 32 bytes, or nil.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { target in target.copyBytes(from: bytes) }
        self.init(
            first: UInt64(bigEndian: words.0), second: UInt64(bigEndian: words.1),
            third: UInt64(bigEndian: words.2), fourth: UInt64(bigEndian: words.3))
    }

    public init?(hex: String) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes)
    }

    public var bytes: [UInt8] {
        var out = [UInt8]()
        out.reserveCapacity(32)
        append(to: &out)
        return out
    }

    @inlinable
    public func append(to out: inout [UInt8]) {
        for word in [first, second, third, fourth] {
            withUnsafeBytes(of: word.bigEndian) { out.append(contentsOf: $0) }
        }
    }

    @inlinable
    public static func < (a: Hash32, b: Hash32) -> Bool {
        if a.first != b.first { return a.first < b.first }
        if a.second != b.second { return a.second < b.second }
        if a.third != b.third { return a.third < b.third }
        return a.fourth < b.fourth
    }

    public var hex: String { Hex.encode(bytes) }
    public var description: String { hex }
}
