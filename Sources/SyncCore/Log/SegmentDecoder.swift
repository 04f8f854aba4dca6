extension SegmentContent {
    /// Reads what `encoded(author:epoch:)` wrote. Everything is checked; nothing is allocated by an unchecked length.
    public init(
        decoding bytes: ArraySlice<UInt8>, author: AuthorID, epoch: EpochID
    ) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        guard try reader.u8() == Self.version else { throw .invalid("content version") }
        let packing = try reader.u8()
        let raw = try reader.counted(limit: Limits.contentBytes)
        let size = try reader.count(limit: Limits.contentBytes)
        guard raw.count + size <= Limits.contentBytes else { throw .tooLarge }
        let packed = try reader.counted(limit: Limits.contentBytes)
        try reader.end()
        let columns: [UInt8]
        switch packing {
        case Packing.stored where packed.count == size: columns = Array(packed)
        case Packing.zstd: columns = try Zstd.decompress(packed, size: size)
        default: throw .invalid("packing")
        }
        var decoder = try ColumnReader(columns: columns, raw: raw, author: author, epoch: epoch)
        self = try decoder.content()
    }
}

/// The state of one decoding.
private struct ColumnReader {
    private typealias Section = SegmentContent.Section

    private var sections: [ByteReader]
    private var raw: ByteReader
    private var values: ValueStreamReader
    private var authors: [AuthorID]
    private var epochs: [EpochID]
    private var names: [ChangeName] = []
    private var records: [RecordID] = []
    private var lastName: Int64 = 0

    init(columns: [UInt8], raw: ArraySlice<UInt8>, author: AuthorID, epoch: EpochID) throws(DecodingFailure) {
        var reader = ByteReader(columns)
        let count = try reader.count(limit: reader.remaining)
        guard count >= Section.allCases.count else { throw .invalid("sections") }
        sections = []
        for number in 0..<count {
            let section = try reader.counted(limit: reader.remaining)
            if number < Section.allCases.count { sections.append(ByteReader(section)) }
        }
        try reader.end()
        let shapes = sections[Section.valueShapes.rawValue]
        let bytes = sections[Section.valueBytes.rawValue]
        var shapesLeft = shapes
        var bytesLeft = bytes
        values = try ValueStreamReader(
            shapes: try shapesLeft.raw(shapes.remaining), bytes: try bytesLeft.raw(bytes.remaining))
        sections[Section.valueShapes.rawValue] = shapesLeft
        sections[Section.valueBytes.rawValue] = bytesLeft
        self.raw = ByteReader(raw)
        authors = [author]
        epochs = [epoch]
    }

    private mutating func take(_ section: Section) throws(DecodingFailure) -> UInt64 {
        try sections[section.rawValue].varint()
    }

    private mutating func takeZig(_ section: Section) throws(DecodingFailure) -> Int64 {
        try sections[section.rawValue].zig()
    }

    /// A count of things of which each takes at least one more byte of the section.
    private mutating func takeCount(_ section: Section) throws(DecodingFailure) -> Int {
        try sections[section.rawValue].count(limit: sections[section.rawValue].remaining)
    }

    mutating func content() throws(DecodingFailure) -> SegmentContent {
        let heads = try readHeads()
        let salts = try readAuthors()
        for _ in 0..<(try sections[Section.epochs.rawValue].count(limit: raw.remaining / 16)) {
            epochs.append(try raw.identifier())
        }
        let listed = try readNames()
        var changes = try readChanges()
        names = changes.map(\.name) + listed
        for index in changes.indices { changes[index].dependencies = try readDependencies() }
        for index in changes.indices { try readOperations(of: &changes[index]) }
        for section in sections { try section.end() }
        try values.end()
        try raw.end()
        return SegmentContent(heads: heads, changes: changes, salts: salts)
    }

    private mutating func readHeads() throws(DecodingFailure) -> [SegmentContent.Head] {
        var heads: [SegmentContent.Head] = []
        for _ in 0..<(try takeCount(.heads)) {
            let index = try take(.heads)
            heads.append(.init(tagPrefix: try raw.word(), index: index, chainPrefix: try raw.word()))
        }
        return heads
    }

    private mutating func readAuthors() throws(DecodingFailure) -> [AuthorID: [UInt8]] {
        var salts: [AuthorID: [UInt8]] = [:]
        for _ in 0..<(try takeCount(.authors)) {
            let author: AuthorID = try raw.identifier()
            authors.append(author)
            switch try sections[Section.authors.rawValue].u8() {
            case 0: break
            case 1: salts[author] = Array(try raw.raw(16))
            default: throw .invalid("salt")
            }
        }
        return salts
    }

    private mutating func readNames() throws(DecodingFailure) -> [ChangeName] {
        var listed: [ChangeName] = []
        for _ in 0..<(try takeCount(.names)) {
            let author = try author(try take(.names))
            let seq = try take(.names)
            guard seq > 0 else { throw .invalid("seq") }
            listed.append(ChangeName(author: author, seq: seq, mark: try raw.word()))
        }
        return listed
    }

    private func author(_ number: UInt64) throws(DecodingFailure) -> AuthorID {
        guard let index = Int(exactly: number), authors.indices.contains(index) else { throw .invalid("author") }
        return authors[index]
    }

    private mutating func readChanges() throws(DecodingFailure) -> [Change] {
        let count = try takeCount(.changeAuthors)
        guard count <= Limits.changesPerSegment else { throw .tooLarge }
        var latest: [AuthorID: ChangeName] = [:]
        var met = Set<ChangeName>(minimumCapacity: min(count, 1024))
        var wall: Int64 = 0
        var changes: [Change] = []
        changes.reserveCapacity(count)
        for _ in 0..<count {
            let author = try author(try take(.changeAuthors))
            let before = latest[author]
            let seq = UInt64(bitPattern: try takeZig(.seqs)) &+ 1 &+ (before?.seq ?? 0)
            guard seq > 0 else { throw .invalid("seq") }
            let name = ChangeName(author: author, seq: seq, mark: try raw.word())
            guard met.insert(name).inserted else { throw .invalid("name") }
            let previousMark = try readPrevious(of: name, before: before)
            wall = wall &+ (try takeZig(.walls))
            changes.append(
                Change(name: name, previousMark: previousMark, wall: wall, dependencies: [], operations: []))
            latest[author] = name
        }
        return changes
    }

    private mutating func readPrevious(of name: ChangeName, before: ChangeName?) throws(DecodingFailure) -> UInt64? {
        switch try take(.previous) {
        case 0:
            if name.seq == 1 { return nil }
            guard let before, before.seq == name.seq - 1 else { throw .invalid("previous") }
            return before.mark
        case 1:
            guard name.seq > 1 else { throw .invalid("previous") }
            let mark = try raw.word()
            if let before, before.seq == name.seq - 1, before.mark == mark { throw .invalid("previous") }
            return mark
        default: throw .invalid("previous")
        }
    }

    private func name(_ number: Int64) throws(DecodingFailure) -> ChangeName {
        guard let index = Int(exactly: number), names.indices.contains(index) else { throw .invalid("name") }
        return names[index]
    }

    private mutating func readDependencies() throws(DecodingFailure) -> [Change.Dependency] {
        let count = try takeCount(.dependencies)
        guard count <= Limits.dependenciesPerChange else { throw .tooLarge }
        var dependencies: [Change.Dependency] = []
        for _ in 0..<count {
            guard let number = Int64(exactly: try take(.dependencies)) else { throw .invalid("name") }
            let name = try name(number)
            guard let epoch = Int(exactly: try take(.dependencies)), epochs.indices.contains(epoch) else {
                throw .invalid("epoch")
            }
            let next = Change.Dependency(name: name, epoch: epochs[epoch])
            if let last = dependencies.last, !(last < next) { throw .invalid("dependencies") }
            dependencies.append(next)
        }
        return dependencies
    }

    private mutating func readOperations(of change: inout Change) throws(DecodingFailure) {
        let count = try sections[Section.counts.rawValue].count(limit: Limits.operationsPerChange)
        guard count <= sections[Section.codes.rawValue].remaining else { throw .truncated }
        var left = Limits.changeBytes - change.canonicalLength(operations: count)
        change.operations.reserveCapacity(min(count, 1024))
        var record: RecordID?
        var key: ItemKey?
        for index in 0..<count {
            let name = WriteName(change: change.name, operation: UInt32(truncatingIfNeeded: index))
            let code = Operation.Code(rawValue: try sections[Section.codes.rawValue].number32())
            let target = try readRecord(after: &record, name)
            let field = try sections[Section.fields.rawValue].number32()
            let itemKey = try readKey(after: &key, name)
            let writes = try readWriteNames()
            guard target != .named || !writes.isEmpty else { throw .invalid("record") }
            let value = try readValue(field: field)
            let operation = Operation(
                code, record: target, field: field, key: itemKey, names: writes, value: value)
            left -= operation.canonicalLength
            guard left >= 0 else { throw .tooLarge }
            change.operations.append(operation)
        }
    }

    private mutating func readRecord(
        after previous: inout RecordID?, _ name: WriteName
    ) throws(DecodingFailure) -> Operation.Target {
        let id: RecordID
        switch try take(.records) {
        case SegmentContent.RecordCode.same:
            guard let previous else { throw .invalid("record") }
            return .id(previous)
        case SegmentContent.RecordCode.fresh:
            id = name.freshRecord
            records.append(id)
        case SegmentContent.RecordCode.named: return .named
        case SegmentContent.RecordCode.new:
            id = try raw.identifier()
            records.append(id)
        case let code:
            guard let index = Int(exactly: code - SegmentContent.RecordCode.firstKnown), records.indices.contains(index)
            else { throw .invalid("record") }
            id = records[index]
        }
        previous = id
        return .id(id)
    }

    private mutating func readKey(after previous: inout ItemKey?, _ name: WriteName) throws(DecodingFailure) -> ItemKey? {
        switch try take(.keys) {
        case SegmentContent.KeyCode.none: return nil
        case SegmentContent.KeyCode.fresh: previous = name.freshKey
        case SegmentContent.KeyCode.same:
            guard previous != nil else { throw .invalid("key") }
        case SegmentContent.KeyCode.given: previous = ItemKey(try raw.word())
        default: throw .invalid("key")
        }
        return previous
    }

    private mutating func readWriteNames() throws(DecodingFailure) -> [WriteName] {
        let count = try takeCount(.writeNames)
        var writes: [WriteName] = []
        writes.reserveCapacity(min(count, 64))
        for _ in 0..<count {
            let (number, overflow) = lastName.addingReportingOverflow(try takeZig(.writeNames))
            guard !overflow else { throw .invalid("name") }
            lastName = number
            writes.append(
                WriteName(
                    change: try name(number), operation: try sections[Section.writeNames.rawValue].number32()))
        }
        return writes
    }

    private mutating func readValue(field: UInt32) throws(DecodingFailure) -> Value? {
        switch try take(.hasValue) {
        case 0: nil
        case 1: try values.next(field: field)
        default: throw .invalid("value")
        }
    }
}
