/// Builds bytes: the writing half of `docs/format.md`, section 1.
public struct ByteWriter: Sendable {
    public var bytes: [UInt8]

    @inlinable
    public init(capacity: Int = 0) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    @inlinable
    public mutating func u8(_ value: UInt8) { bytes.append(value) }

    /// Unsigned LEB128.
    @inlinable
    public mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A count or a length; never negative.
    @inlinable
    public mutating func count(_ value: Int) { varint(UInt64(truncatingIfNeeded: value)) }

    /// Zigzag, then LEB128, so that small negative numbers stay small.
    @inlinable
    public mutating func zig(_ value: Int64) {
        varint(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    /// As they are, without a length.
    @inlinable
    public mutating func raw(_ value: some Sequence<UInt8>) { bytes.append(contentsOf: value) }

    @inlinable
    public mutating func raw(_ value: some Identifier16) { value.append(to: &bytes) }

    @inlinable
    public mutating func raw(_ value: Hash32) { value.append(to: &bytes) }

    /// A length and then the bytes.
    @inlinable
    public mutating func counted(_ value: some Collection<UInt8>) {
        count(value.count)
        raw(value)
    }

    @inlinable
    public mutating func text(_ value: String) {
        var value = value
        value.withUTF8 { buffer in
            count(buffer.count)
            bytes.append(contentsOf: buffer)
        }
    }

    /// Eight bytes, most significant first.
    @inlinable
    public mutating func word(_ value: UInt64) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
