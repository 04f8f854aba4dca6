/// One record with everything that is shared about it: what `show` prints, what an export writes and an import reads.
///
/// Two replicas with the same changes give equal documents, in equal order: fields by number, sets by the bytes of their values,
/// items and entries by key. Nothing in it belongs to one device.
public struct RecordDocument: Hashable, Sendable {
    public var kind: RecordKind
    /// Nil in a document that is to become a new record.
    public var id: RecordID?
    public var fields: [FieldContent]

    public init(kind: RecordKind, id: RecordID?, fields: [FieldContent] = []) {
        self.kind = kind
        self.id = id
        self.fields = fields
    }

    public struct FieldContent: Hashable, Sendable {
        public var number: UInt32
        public var content: Content

        public init(_ number: UInt32, _ content: Content) {
            self.number = number
            self.content = content
        }
    }

    public enum Content: Hashable, Sendable {
        /// register, quiet, strictest, text: the value that readers see first, then the other live ones in winner order. Never empty.
        case values([Value])
        case set([Value])
        case log([Entry])
        case map([Item])
        case counter(Int64)
    }

    public struct Entry: Hashable, Sendable {
        /// Nil in a document that comes from outside: then it is derived from the content.
        public var key: ItemKey?
        /// The shown value first; others that bear the same key after it.
        public var values: [Value]
        /// Its place among the entries of its log in the order in which they were written, which every replica shares. Not part of what
        /// it says: exports leave it out, and two entries that differ in it alone are equal.
        public var order = 0

        public init(key: ItemKey?, values: [Value], order: Int = 0) {
            self.key = key
            self.values = values
            self.order = order
        }

        public static func == (a: Entry, b: Entry) -> Bool { a.key == b.key && a.values == b.values }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(key)
            hasher.combine(values)
        }
    }

    public struct Item: Hashable, Sendable {
        public var key: ItemKey?
        /// By number; each with the shown value first.
        public var fields: [(number: UInt32, values: [Value])]

        public init(key: ItemKey?, fields: [(number: UInt32, values: [Value])]) {
            self.key = key
            self.fields = fields
        }

        public func value(_ number: UInt32) -> Value? { fields.first { $0.number == number }?.values.first }

        public static func == (a: Item, b: Item) -> Bool {
            a.key == b.key && a.fields.elementsEqual(b.fields) { $0.number == $1.number && $0.values == $1.values }
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(key)
            for field in fields {
                hasher.combine(field.number)
                hasher.combine(field.values)
            }
        }
    }

    public subscript(number: UInt32) -> Content? { fields.first { $0.number == number }?.content }

    /// The value that readers see, of a field with single values.
    public func value(_ number: UInt32) -> Value? {
        if case .values(let values) = self[number] { values.first } else { nil }
    }

    public func set(_ number: UInt32) -> [Value] {
        if case .set(let values) = self[number] { values } else { [] }
    }

    public func entries(_ number: UInt32) -> [Entry] {
        if case .log(let entries) = self[number] { entries } else { [] }
    }

    public func items(_ number: UInt32) -> [Item] {
        if case .map(let items) = self[number] { items } else { [] }
    }
}
