/// What an operation carries. Five shapes are enough for every field, and a reader that does not know a field can still step over
/// its value.
public enum Value: Hashable, Sendable {
    /// A cleared field.
    case nothing
    case text(String)
    case integer(Int64)
    case bytes([UInt8])
    /// Parts in ascending order of their numbers, each number once.
    case tuple([Part])

    public struct Part: Hashable, Sendable {
        public var number: UInt32
        public var value: Value

        @inlinable
        public init(_ number: UInt32, _ value: Value) {
            self.number = number
            self.value = value
        }

        @inlinable
        public static func == (a: Part, b: Part) -> Bool { a.number == b.number && a.value == b.value }
    }

    static let depthLimit = 4

    /// Equality of bytes: unlike that of `String`, it tells a composed from a decomposed letter.
    @inlinable
    public static func == (a: Value, b: Value) -> Bool {
        switch (a, b) {
        case (.nothing, .nothing): true
        case (.text(let a), .text(let b)): ByteOrder.same(a, b)
        case (.integer(let a), .integer(let b)): a == b
        case (.bytes(let a), .bytes(let b)): a == b
        case (.tuple(let a), .tuple(let b)): a == b
        default: false
        }
    }

    @inlinable
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .nothing: hasher.combine(0)
        case .text(let text):
            hasher.combine(1)
            for byte in text.utf8 { hasher.combine(byte) }
        case .integer(let number):
            hasher.combine(2)
            hasher.combine(number)
        case .bytes(let bytes):
            hasher.combine(3)
            hasher.combine(bytes)
        case .tuple(let parts):
            hasher.combine(4)
            for part in parts {
                hasher.combine(part.number)
                part.value.hash(into: &hasher)
            }
        }
    }

    /// A tuple of what is there; parts that are nil are left out. Numbers are given in ascending order.
    public static func parts(_ parts: (UInt32, Value?)...) -> Value {
        .tuple(parts.compactMap { number, value in value.map { Part(number, $0) } })
    }

    public subscript(part number: UInt32) -> Value? {
        guard case .tuple(let parts) = self else { return nil }
        return parts.first { $0.number == number }?.value
    }

    public var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    public var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    public var isNothing: Bool {
        if case .nothing = self { true } else { false }
    }
}

enum ValueType {
    static let nothing: UInt64 = 0
    static let text: UInt64 = 1
    static let integer: UInt64 = 2
    static let bytes: UInt64 = 3
    static let tuple: UInt64 = 4
}

extension Value {
    /// `docs/format.md`, section 3.
    public func append(to writer: inout ByteWriter) {
        switch self {
        case .nothing: writer.varint(ValueType.nothing)
        case .text(let text):
            writer.varint(UInt64(text.utf8.count) << 3 | ValueType.text)
            writer.raw(text.utf8)
        case .integer(let number):
            writer.varint(ValueType.integer)
            writer.zig(number)
        case .bytes(let bytes):
            writer.varint(UInt64(bytes.count) << 3 | ValueType.bytes)
            writer.raw(bytes)
        case .tuple(let parts):
            writer.varint(UInt64(parts.count) << 3 | ValueType.tuple)
            for part in parts {
                writer.varint(UInt64(part.number))
                part.value.append(to: &writer)
            }
        }
    }

    public var encoded: [UInt8] {
        var writer = ByteWriter()
        append(to: &writer)
        return writer.bytes
    }

    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        try self.init(from: &reader, depth: 0)
    }

    private init(from reader: inout ByteReader, depth: Int) throws(DecodingFailure) {
        let head = try reader.varint()
        let count = Int(truncatingIfNeeded: head >> 3)
        switch head & 7 {
        case ValueType.nothing where count == 0: self = .nothing
        case ValueType.text: self = .text(try ByteReader.utf8(try reader.raw(count)))
        case ValueType.integer where count == 0: self = .integer(try reader.zig())
        case ValueType.bytes: self = .bytes(Array(try reader.raw(count)))
        case ValueType.tuple:
            guard depth < Self.depthLimit, count <= reader.remaining else { throw .invalid("value") }
            var parts: [Part] = []
            for _ in 0..<count {
                let number = try reader.varint()
                guard let number = UInt32(exactly: number), number > parts.last?.number ?? 0 || parts.isEmpty else {
                    throw .invalid("part")
                }
                parts.append(Part(number, try Value(from: &reader, depth: depth + 1)))
            }
            self = .tuple(parts)
        default: throw .invalid("value")
        }
    }
}
