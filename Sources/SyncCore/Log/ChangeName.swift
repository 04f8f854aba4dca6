/// What a change is called, by whomever it is carried: its author's number for it, and a random mark, so that two clones of one
/// device never give one name to two changes.
public struct ChangeName: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var author: AuthorID
    /// From 1 without gaps, across epochs.
    public var seq: UInt64
    public var mark: UInt64

    @inlinable
    public init(author: AuthorID, seq: UInt64, mark: UInt64) {
        self.author = author
        self.seq = seq
        self.mark = mark
    }

    @inlinable
    public static func < (a: ChangeName, b: ChangeName) -> Bool {
        if a.author != b.author { return a.author < b.author }
        if a.seq != b.seq { return a.seq < b.seq }
        return a.mark < b.mark
    }

    @inlinable
    func append(to writer: inout ByteWriter) {
        writer.raw(author)
        writer.varint(seq)
        writer.word(mark)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        author = try reader.identifier()
        seq = try reader.varint()
        guard seq > 0 else { throw .invalid("seq") }
        mark = try reader.word()
    }

    /// The author's first four bytes, in base 32, and the number: enough for people.
    public var description: String { "\(Base32.encode(author.bytes.prefix(4)))/\(seq)" }
}

/// One operation of one change: what a later write names when it replaces it.
public struct WriteName: Hashable, Comparable, Sendable {
    public var change: ChangeName
    public var operation: UInt32

    @inlinable
    public init(change: ChangeName, operation: UInt32) {
        self.change = change
        self.operation = operation
    }

    @inlinable
    public static func < (a: WriteName, b: WriteName) -> Bool {
        a.change != b.change ? a.change < b.change : a.operation < b.operation
    }

    /// The id of a record that this operation brings into being: it costs no bytes.
    public var freshRecord: RecordID { RecordID(prefixOf: fresh("sync/v1/record")) }

    /// The key of an item or entry that this operation brings into being.
    public var freshKey: ItemKey { ItemKey(fresh("sync/v1/item").first) }

    private func fresh(_ label: StaticString) -> Hash32 {
        var writer = ByteWriter(capacity: 48)
        change.append(to: &writer)
        writer.varint(UInt64(operation))
        return Digest.hash(label, writer.bytes)
    }
}

/// Names an item of a map, or an entry of a log, inside one field of one record.
public struct ItemKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var word: UInt64

    @inlinable
    public init(_ word: UInt64) { self.word = word }

    @inlinable
    public static func < (a: ItemKey, b: ItemKey) -> Bool { a.word < b.word }

    public var bytes: [UInt8] { withUnsafeBytes(of: word.bigEndian, Array.init) }

    /// 13 characters of base 32.
    public var description: String { Base32.encode(bytes) }

    public init?(text: String) {
        guard let bytes = Base32.decode(text), bytes.count == 8 else { return nil }
        word = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The same key on every device for the same source: an importer's items and entries.
    public init(derivedFrom parts: [UInt8]...) {
        var hasher = Digest.Hasher("sync/v1/item-of")
        for part in parts {
            var length = ByteWriter()
            length.count(part.count)
            hasher.update(length.bytes)
            hasher.update(part)
        }
        word = hasher.finish().first
    }
}
