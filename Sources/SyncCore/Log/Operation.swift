/// One edit of one field of one record.
public struct Operation: Hashable, Sendable {
    public var code: Code
    public var record: Target
    /// 0 for the life of the record itself.
    public var field: UInt32
    public var key: ItemKey?
    /// What it replaces or removes; for a deletion, what it had seen.
    public var names: [WriteName]
    public var value: Value?

    /// Which record. An edit finds its record through the write it replaces, and spends no id.
    public enum Target: Hashable, Sendable {
        case id(RecordID)
        /// The record of the first of `names`.
        case named
    }

    /// What it does. Unknown codes are kept and passed on, and skipped alone.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: UInt32

        @inlinable
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let life = Code(rawValue: 1)
        public static let assign = Code(rawValue: 2)
        public static let add = Code(rawValue: 3)
        public static let remove = Code(rawValue: 4)
        public static let entry = Code(rawValue: 5)
        public static let retract = Code(rawValue: 6)
        public static let increment = Code(rawValue: 7)
        /// An edit of a text, made on the writes that it names: `TextEdit`.
        public static let edit = Code(rawValue: 9)
        /// One of the others whose value was taken out of the history. Its value says which: a tuple, 1 the code (integer).
        public static let redacted = Code(rawValue: 8)
        /// Changes nothing: says that the other operations of its change undo the change that it names.
        public static let undo = Code(rawValue: 10)
    }

    @inlinable
    public init(
        _ code: Code, record: Target, field: UInt32, key: ItemKey? = nil, names: [WriteName] = [], value: Value? = nil
    ) {
        self.code = code
        self.record = record
        self.field = field
        self.key = key
        self.names = names
        self.value = value
    }
}

extension Operation {
    private enum Shape {
        static let viaName: UInt8 = 1
        static let key: UInt8 = 2
        static let names: UInt8 = 4
        static let value: UInt8 = 8
        static let known: UInt8 = 15
    }

    /// Canonical bytes, `docs/format.md`, section 4.
    func append(to writer: inout ByteWriter) {
        writer.varint(UInt64(code.rawValue))
        var shape: UInt8 = 0
        if record == .named { shape |= Shape.viaName }
        if key != nil { shape |= Shape.key }
        if !names.isEmpty { shape |= Shape.names }
        if value != nil { shape |= Shape.value }
        writer.u8(shape)
        if case .id(let id) = record { writer.raw(id) }
        writer.varint(UInt64(field))
        if let key { writer.word(key.word) }
        if !names.isEmpty {
            writer.count(names.count)
            for name in names {
                name.change.append(to: &writer)
                writer.varint(UInt64(name.operation))
            }
        }
        value?.append(to: &writer)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        code = Code(rawValue: try reader.number32())
        let shape = try reader.u8()
        guard shape & ~Shape.known == 0 else { throw .invalid("shape") }
        record = shape & Shape.viaName != 0 ? .named : .id(try reader.identifier())
        field = try reader.number32()
        key = shape & Shape.key != 0 ? ItemKey(try reader.word()) : nil
        names = []
        if shape & Shape.names != 0 {
            let count = try reader.count(limit: reader.remaining / 26)
            guard count > 0 else { throw .invalid("names") }
            names.reserveCapacity(count)
            for _ in 0..<count {
                names.append(WriteName(change: try ChangeName(from: &reader), operation: try reader.number32()))
            }
        }
        guard record != .named || !names.isEmpty else { throw .invalid("record") }
        value = shape & Shape.value != 0 ? try Value(from: &reader) : nil
    }
}

extension ByteReader {
    /// A varint of at most 32 bits.
    @inlinable
    mutating func number32() throws(DecodingFailure) -> UInt32 {
        guard let value = UInt32(exactly: try varint()) else { throw .tooLarge }
        return value
    }
}
