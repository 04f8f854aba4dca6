/// Why bytes could not be read. Positions are not reported: what is damaged was sealed or hashed, and the whole of it is refused.
public enum DecodingFailure: Error, Hashable, Sendable {
    case truncated, overlong, trailing, tooLarge, notUTF8
    case invalid(String)
}

/// Takes bytes apart: the reading half of `docs/format.md`, section 1. Never traps, and never allocates by a length that it has
/// not checked against what is there.
public struct ByteReader: Sendable {
    @usableFromInline let bytes: ArraySlice<UInt8>
    @usableFromInline var position: Int

    @inlinable
    public init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    @inlinable
    public init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    @inlinable public var isAtEnd: Bool { position == bytes.endIndex }
    @inlinable public var remaining: Int { bytes.endIndex - position }
    /// How many bytes were taken so far.
    @inlinable public var offset: Int { position - bytes.startIndex }

    /// What was taken since `start`, an earlier `offset`.
    @inlinable
    public func taken(since start: Int) -> ArraySlice<UInt8> { bytes[(bytes.startIndex + start)..<position] }

    @inlinable
    public mutating func u8() throws(DecodingFailure) -> UInt8 {
        guard position < bytes.endIndex else { throw .truncated }
        defer { position += 1 }
        return bytes[position]
    }

    /// A byte that is 1 or 0.
    @inlinable
    public mutating func flag() throws(DecodingFailure) -> Bool {
        let value = try u8()
        guard value <= 1 else { throw .invalid("flag") }
        return value == 1
    }

    @inlinable
    public mutating func varint() throws(DecodingFailure) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try u8()
            if shift == 63, byte > 1 { throw .overlong }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 {
                if byte == 0, shift > 0 { throw .overlong }
                return value
            }
            shift += 7
            if shift > 63 { throw .overlong }
        }
    }

    /// A number of things, refused when it is over `limit`.
    @inlinable
    public mutating func count(limit: Int) throws(DecodingFailure) -> Int {
        let value = try varint()
        guard value <= UInt64(truncatingIfNeeded: limit) else { throw .tooLarge }
        return Int(truncatingIfNeeded: value)
    }

    @inlinable
    public mutating func zig() throws(DecodingFailure) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    @inlinable
    public mutating func raw(_ count: Int) throws(DecodingFailure) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw .truncated }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    @inlinable
    public mutating func identifier<ID: Identifier16>(_ type: ID.Type = ID.self) throws(DecodingFailure) -> ID {
        guard let id = ID(try raw(16)) else { throw .truncated }
        return id
    }

    @inlinable
    public mutating func hash32() throws(DecodingFailure) -> Hash32 {
        guard let hash = Hash32(try raw(32)) else { throw .truncated }
        return hash
    }

    /// A length of at most `limit`, then so many bytes.
    @inlinable
    public mutating func counted(limit: Int) throws(DecodingFailure) -> ArraySlice<UInt8> {
        let count = try count(limit: limit)
        return try raw(count)
    }

    @inlinable
    public mutating func text(limit: Int) throws(DecodingFailure) -> String {
        try Self.utf8(try counted(limit: limit))
    }

    /// Eight bytes, most significant first.
    @inlinable
    public mutating func word() throws(DecodingFailure) -> UInt64 {
        var value: UInt64 = 0
        for byte in try raw(8) { value = value << 8 | UInt64(byte) }
        return value
    }

    /// Everything must have been taken.
    @inlinable
    public func end() throws(DecodingFailure) {
        guard isAtEnd else { throw .trailing }
    }

    @inlinable
    public static func utf8(_ bytes: ArraySlice<UInt8>) throws(DecodingFailure) -> String {
        let text: String? = bytes.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
        guard let text else { throw .notUTF8 }
        return text
    }
}
