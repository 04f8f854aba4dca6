/// What a segment holds once it is opened: changes, and what its writer had of other logs (`docs/format.md`, section 5).
public struct SegmentContent: Hashable, Sendable {
    public var heads: [Head]
    public var changes: [Change]
    /// The salts of the authors other than the log's own whose changes are carried here: they prove whose device the author is.
    public var salts: [AuthorID: [UInt8]]

    /// How far the writer had another log: enough of its name and of its chain value to notice a relay that shows less.
    public struct Head: Hashable, Sendable {
        public var tagPrefix: UInt64
        public var index: UInt64
        public var chainPrefix: UInt64

        public init(tagPrefix: UInt64, index: UInt64, chainPrefix: UInt64) {
            self.tagPrefix = tagPrefix
            self.index = index
            self.chainPrefix = chainPrefix
        }
    }

    public init(heads: [Head] = [], changes: [Change], salts: [AuthorID: [UInt8]] = [:]) {
        self.heads = heads
        self.changes = changes
        self.salts = salts
    }

    static let version: UInt8 = 1

    enum Packing {
        static let stored: UInt8 = 0
        static let zstd: UInt8 = 1
    }

    /// The columns, numbered as they stand.
    enum Section: Int, CaseIterable {
        case heads, authors, epochs, names, changeAuthors, seqs, previous, walls, dependencies, counts
        case codes, records, fields, keys, writeNames, hasValue, valueShapes, valueBytes
    }

    enum RecordCode {
        static let same: UInt64 = 0
        static let fresh: UInt64 = 1
        static let named: UInt64 = 2
        static let new: UInt64 = 3
        static let firstKnown: UInt64 = 4
    }

    enum KeyCode {
        static let none: UInt64 = 0
        static let fresh: UInt64 = 1
        static let same: UInt64 = 2
        static let given: UInt64 = 3
    }
}
