/// Turns changes into the columns of one segment. Add changes while they fit, then take `content`.
public struct SegmentEncoder {
    private let ownAuthor: AuthorID
    private let ownEpoch: EpochID
    private var content: SegmentContent
    /// No less than the columns and random bytes so far.
    private var size: Int

    public init(author: AuthorID, epoch: EpochID, heads: [SegmentContent.Head] = []) {
        ownAuthor = author
        ownEpoch = epoch
        content = SegmentContent(heads: heads, changes: [])
        size = 256 + heads.count * 32
    }

    /// What a change adds to a segment at most. Columns are smaller than canonical bytes as a rule; where nothing repeats, every
    /// operation on another record, every name by another author, they are larger by up to a third.
    private static func bound(_ canonicalBytes: Int) -> Int { 128 + canonicalBytes + canonicalBytes / 3 }

    public var isEmpty: Bool { content.changes.isEmpty }

    /// Whether a change of so many canonical bytes may still be added. The first always may.
    public func fits(_ canonicalBytes: Int) -> Bool {
        isEmpty || size + Self.bound(canonicalBytes) <= Limits.contentBytes
            && content.changes.count < Limits.changesPerSegment
    }

    /// `salt` is needed where the change is not by the log's own author.
    public mutating func append(_ change: Change, canonicalBytes: Int, salt: [UInt8]? = nil) {
        content.changes.append(change)
        if let salt, change.name.author != ownAuthor { content.salts[change.name.author] = salt }
        size += Self.bound(canonicalBytes)
    }

    /// The bytes that are padded and sealed.
    public func encoded() -> [UInt8] { content.encoded(author: ownAuthor, epoch: ownEpoch) }
}

extension SegmentContent {
    /// `docs/format.md`, section 5. `compressed: false` is for vectors that must not depend on a library's version.
    public func encoded(author: AuthorID, epoch: EpochID, compressed: Bool = true) -> [UInt8] {
        var columns = ColumnWriter(author: author, epoch: epoch)
        columns.write(self)
        return columns.packed(compressed: compressed)
    }
}

/// The state of one encoding: dictionaries, columns, and the random bytes beside them.
private struct ColumnWriter {
    private var sections = [ByteWriter](repeating: ByteWriter(), count: SegmentContent.Section.allCases.count)
    private var authors: [AuthorID: Int]
    private var listedAuthors: [AuthorID] = []
    private var epochs: [EpochID: Int]
    private var listedEpochs: [EpochID] = []
    private var names: [ChangeName: Int] = [:]
    private var listedNames: [ChangeName] = []
    private var ownNames = 0
    private var records: [RecordID: Int] = [:]
    private var values = ValueStreams()
    private var lastName = 0
    private var changeBytes = ByteWriter()
    private var operationBytes = ByteWriter()
    private var headBytes = ByteWriter()
    private var salts: [AuthorID: [UInt8]] = [:]

    init(author: AuthorID, epoch: EpochID) {
        authors = [author: 0]
        epochs = [epoch: 0]
    }

    mutating func write(_ content: SegmentContent) {
        salts = content.salts
        write(content.heads)
        ownNames = content.changes.count
        for (number, change) in content.changes.enumerated() { names[change.name] = number }
        writeChanges(content.changes)
        for change in content.changes { writeDependencies(change.dependencies) }
        for change in content.changes { writeOperations(change) }
        writeDictionaries()
    }

    private mutating func put(_ section: SegmentContent.Section, _ value: UInt64) { sections[section.rawValue].varint(value) }
    private mutating func put(_ section: SegmentContent.Section, count: Int) { sections[section.rawValue].count(count) }
    private mutating func put(_ section: SegmentContent.Section, zig: Int64) { sections[section.rawValue].zig(zig) }

    private mutating func write(_ heads: [SegmentContent.Head]) {
        put(.heads, count: heads.count)
        for head in heads {
            put(.heads, head.index)
            headBytes.word(head.tagPrefix)
            headBytes.word(head.chainPrefix)
        }
    }

    private mutating func writeChanges(_ changes: [Change]) {
        var latest: [AuthorID: ChangeName] = [:]
        var wall: Int64 = 0
        put(.changeAuthors, count: changes.count)
        for change in changes {
            let before = latest[change.name.author]
            put(.changeAuthors, count: number(of: change.name.author))
            put(.seqs, zig: Int64(bitPattern: change.name.seq &- 1 &- (before?.seq ?? 0)))
            changeBytes.word(change.name.mark)
            let implied = change.previous == nil || change.previous == before
            put(.previous, implied ? 0 : 1)
            if !implied, let mark = change.previousMark { changeBytes.word(mark) }
            put(.walls, zig: change.wall &- wall)
            put(.counts, count: change.operations.count)
            wall = change.wall
            latest[change.name.author] = change.name
        }
    }

    private mutating func writeDependencies(_ dependencies: [Change.Dependency]) {
        put(.dependencies, count: dependencies.count)
        for dependency in dependencies {
            put(.dependencies, count: number(of: dependency.name))
            put(.dependencies, count: number(of: dependency.epoch))
        }
    }

    private mutating func writeOperations(_ change: Change) {
        var record: RecordID?
        var key: ItemKey?
        for (index, operation) in change.operations.enumerated() {
            let name = WriteName(change: change.name, operation: UInt32(truncatingIfNeeded: index))
            put(.codes, UInt64(operation.code.rawValue))
            write(operation.record, after: &record, name)
            put(.fields, UInt64(operation.field))
            write(operation.key, after: &key, name)
            write(operation.names)
            put(.hasValue, operation.value == nil ? 0 : 1)
            if let value = operation.value { values.append(value, field: operation.field) }
        }
    }

    private mutating func write(_ target: Operation.Target, after previous: inout RecordID?, _ name: WriteName) {
        guard case .id(let id) = target else { return put(.records, SegmentContent.RecordCode.named) }
        if id == previous {
            put(.records, SegmentContent.RecordCode.same)
        } else if let known = records[id] {
            put(.records, SegmentContent.RecordCode.firstKnown + UInt64(known))
        } else if id == name.freshRecord {
            put(.records, SegmentContent.RecordCode.fresh)
            records[id] = records.count
        } else {
            put(.records, SegmentContent.RecordCode.new)
            operationBytes.raw(id)
            records[id] = records.count
        }
        previous = id
    }

    private mutating func write(_ key: ItemKey?, after previous: inout ItemKey?, _ name: WriteName) {
        guard let key else { return put(.keys, SegmentContent.KeyCode.none) }
        if key == previous {
            put(.keys, SegmentContent.KeyCode.same)
        } else if key == name.freshKey {
            put(.keys, SegmentContent.KeyCode.fresh)
        } else {
            put(.keys, SegmentContent.KeyCode.given)
            operationBytes.word(key.word)
        }
        previous = key
    }

    private mutating func write(_ writes: [WriteName]) {
        put(.writeNames, count: writes.count)
        for write in writes {
            let number = number(of: write.change)
            put(.writeNames, zig: Int64(number - lastName))
            put(.writeNames, UInt64(write.operation))
            lastName = number
        }
    }

    private mutating func number(of author: AuthorID) -> Int {
        if let known = authors[author] { return known }
        listedAuthors.append(author)
        authors[author] = listedAuthors.count
        return listedAuthors.count
    }

    private mutating func number(of epoch: EpochID) -> Int {
        if let known = epochs[epoch] { return known }
        listedEpochs.append(epoch)
        epochs[epoch] = listedEpochs.count
        return listedEpochs.count
    }

    private mutating func number(of name: ChangeName) -> Int {
        if let known = names[name] { return known }
        let number = ownNames + listedNames.count
        listedNames.append(name)
        names[name] = number
        return number
    }

    private var dictionaryBytes = ByteWriter()

    private mutating func writeDictionaries() {
        var nameBytes = ByteWriter()
        put(.names, count: listedNames.count)
        for name in listedNames {
            put(.names, count: number(of: name.author))
            put(.names, name.seq)
            nameBytes.word(name.mark)
        }
        put(.authors, count: listedAuthors.count)
        for author in listedAuthors {
            dictionaryBytes.raw(author)
            put(.authors, salts[author] == nil ? 0 : 1)
            if let salt = salts[author] { dictionaryBytes.raw(salt) }
        }
        put(.epochs, count: listedEpochs.count)
        for epoch in listedEpochs { dictionaryBytes.raw(epoch) }
        dictionaryBytes.raw(nameBytes.bytes)
        sections[SegmentContent.Section.valueShapes.rawValue].raw(values.shapesSection)
        sections[SegmentContent.Section.valueBytes.rawValue].raw(values.bytesSection)
    }

    func packed(compressed: Bool) -> [UInt8] {
        var columns = ByteWriter()
        columns.count(sections.count)
        for section in sections { columns.counted(section.bytes) }
        let frame = compressed ? Zstd.compress(columns.bytes) : nil
        let packed = frame.map { $0.count < columns.bytes.count } ?? false
        var writer = ByteWriter(capacity: columns.bytes.count)
        writer.u8(SegmentContent.version)
        writer.u8(packed ? SegmentContent.Packing.zstd : SegmentContent.Packing.stored)
        writer.counted(headBytes.bytes + dictionaryBytes.bytes + changeBytes.bytes + operationBytes.bytes)
        writer.count(columns.bytes.count)
        writer.counted(packed ? frame ?? [] : columns.bytes)
        return writer.bytes
    }
}
