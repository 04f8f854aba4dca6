/// One save of a text: what was cut, and what was put in, where; in order. Positions and lengths are in bytes of UTF-8.
///
/// Each splice is of the text as the splices before it left it, and the first of the text that the writes which the operation names make
/// together. Runs are kept whole: typing on, or deleting on, makes the last splice longer.
public struct TextEdit: Hashable, Sendable {
    /// Deletes so many bytes from a position on, and inserts so many there.
    public struct Splice: Hashable, Sendable {
        public var position: Int
        public var deleted: Int
        public var inserted: Int
    }

    public private(set) var splices: [Splice] = []
    /// What is inserted, one after the other.
    public private(set) var text: [UInt8] = []

    public init() {}

    public var isEmpty: Bool { splices.isEmpty }

    public mutating func append(at position: Int, deleting deleted: Int, inserting inserted: some Collection<UInt8>) {
        guard deleted > 0 || !inserted.isEmpty else { return }
        text.append(contentsOf: inserted)
        if !extendLast(position, deleted, inserted.count) {
            splices.append(Splice(position: position, deleted: deleted, inserted: inserted.count))
        }
    }

    private mutating func extendLast(_ position: Int, _ deleted: Int, _ inserted: Int) -> Bool {
        guard var last = splices.last else { return false }
        let end = last.position + last.inserted
        if deleted == 0, position == end {
            last.inserted += inserted
        } else if inserted == 0, position == end {
            last.deleted += deleted
        } else if inserted == 0, last.inserted == 0, position + deleted == last.position {
            last.position = position
            last.deleted += deleted
        } else {
            return false
        }
        splices[splices.count - 1] = last
        return true
    }

    /// Calls `body` with each splice and what it inserts, until it says false.
    func forEachSplice(_ body: (Splice, ArraySlice<UInt8>) -> Bool) {
        var start = 0
        for splice in splices {
            guard body(splice, text[start..<(start + splice.inserted)]) else { return }
            start += splice.inserted
        }
    }
}

extension TextEdit {
    /// A tuple: 1 what is inserted (text), 2 the splices (bytes): for each the way from the end of the one before (zigzag), the bytes deleted
    /// and the bytes inserted (varints).
    public var value: Value {
        var writer = ByteWriter(capacity: splices.count * 4)
        var end = 0
        for splice in splices {
            writer.zig(Int64(splice.position - end))
            writer.count(splice.deleted)
            writer.count(splice.inserted)
            end = splice.position + splice.inserted
        }
        return .parts((1, .text(String(decoding: text, as: UTF8.self))), (2, .bytes(writer.bytes)))
    }

    private static let lengthLimit = Int(Int32.max)

    /// No text grows beyond this, however many changes put something into it: 64 MiB.
    static let textLimit = 1 << 26

    /// Nil where the value is no edit of a text: a newer version's, or nonsense.
    public init?(_ value: Value) {
        guard case .tuple(let parts) = value, parts.count == 2, case .text(let text)? = value[part: 1],
            case .bytes(let bytes)? = value[part: 2], (try? read(bytes, text)) != nil
        else { return nil }
    }

    private mutating func read(_ bytes: [UInt8], _ inserted: String) throws(DecodingFailure) {
        text = Array(inserted.utf8)
        var reader = ByteReader(bytes)
        var end = 0
        var start = 0
        while !reader.isAtEnd {
            let (position, isOverflow) = end.addingReportingOverflow(Int(try reader.zig()))
            let deleted = try reader.count(limit: Self.lengthLimit)
            let inserted = try reader.count(limit: text.count - start)
            guard !isOverflow, position >= 0, position < Self.lengthLimit, deleted + inserted > 0,
                start == text.count || !UTF8.isContinuation(text[start])
            else { throw .invalid("splice") }
            splices.append(Splice(position: position, deleted: deleted, inserted: inserted))
            end = position + inserted
            start += inserted
        }
        guard start == text.count else { throw .trailing }
    }
}
