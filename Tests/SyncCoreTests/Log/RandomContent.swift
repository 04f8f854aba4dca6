import SyncCore

/// Changes as they might come, and as they never do: every code, shape and depth, few enough records, fields and names that
/// they meet again.
struct RandomContent {
    var random: Seeded
    let author: AuthorID
    let epoch: EpochID
    private var authors: [AuthorID]
    private var epochs: [EpochID]
    private var records: [RecordID]
    private var keys: [ItemKey]
    private var names: [ChangeName] = []

    init(seed: UInt64) {
        random = Seeded(seed)
        author = random.id()
        epoch = random.id()
        authors = [author]
        epochs = [epoch]
        records = []
        keys = []
        for _ in 0..<3 {
            authors.append(random.id())
            epochs.append(random.id())
            records.append(random.id())
            keys.append(ItemKey(random.next()))
            names.append(ChangeName(author: random.id(), seq: 1 + random.next() >> 40, mark: random.next()))
        }
    }

    mutating func content(changes count: Int) -> SegmentContent {
        var latest: [AuthorID: ChangeName] = [:]
        var content = SegmentContent(changes: [])
        for _ in 0..<random.below(3) {
            content.heads.append(.init(tagPrefix: random.next(), index: number64(), chainPrefix: random.next()))
        }
        for _ in 0..<count {
            let author = random.pick(authors)
            let before = latest[author]
            let follows = before.map { $0.seq < .max } ?? false && random.chance(70)
            let seq = follows ? (before?.seq ?? 0) + 1 : max(1, number64())
            let name = ChangeName(author: author, seq: seq, mark: random.next())
            var previous = seq > 1 ? random.next() : nil
            if follows, random.chance(80) { previous = before?.mark }
            let change = change(name, previous)
            content.changes.append(change)
            if author != self.author { content.salts[author] = saltOf(author) }
            latest[author] = name
            names.append(name)
        }
        return content
    }

    private func saltOf(_ author: AuthorID) -> [UInt8] { author.bytes.reversed() }

    private mutating func change(_ name: ChangeName, _ previous: UInt64?) -> Change {
        let dependencies = Set((0..<random.below(4)).map { _ in
            Change.Dependency(name: random.pick(names), epoch: random.pick(epochs))
        })
        return Change(
            name: name, previousMark: previous, wall: Int64(bitPattern: number64()), dependencies: dependencies.sorted(),
            operations: (0..<random.below(8)).map { operation(WriteName(change: name, operation: UInt32($0))) })
    }

    private mutating func operation(_ name: WriteName) -> Operation {
        let writes = (0..<random.below(3)).map { _ in
            WriteName(change: random.pick(names + [name.change]), operation: number32())
        }
        var record = Operation.Target.id(random.pick(records))
        if random.chance(20) {
            record = .id(name.freshRecord)
            records[random.below(records.count)] = name.freshRecord
        } else if random.chance(10) {
            record = .id(random.id())
        }
        if !writes.isEmpty, random.chance(50) { record = .named }
        var key: ItemKey?
        if random.chance(40) { key = random.pick(keys + [name.freshKey, ItemKey(random.next())]) }
        if let key { keys[random.below(keys.count)] = key }
        return Operation(
            .init(rawValue: random.chance(90) ? UInt32(1 + random.below(7)) : number32()), record: record,
            field: random.chance(90) ? UInt32(random.below(5)) : number32(), key: key, names: writes,
            value: random.chance(80) ? value(depth: 0) : nil)
    }

    mutating func value(depth: Int) -> Value {
        switch random.below(depth < 4 ? 7 : 5) {
        case 0: return .nothing
        case 1: return .text(random.pick(["", "Evin", "e\u{301}", "\u{e9}", "زندان", "👩‍👩‍👧", "press freedom"]))
        case 2: return .integer(Int64(bitPattern: number64()))
        case 3: return .bytes(random.bytes(random.below(20)))
        case 4: return .text(String(repeating: "x", count: random.below(200)))
        default:
            let numbers = Set((0..<random.below(4)).map { _ in random.chance(80) ? UInt32(random.below(6)) : number32() })
            return .tuple(numbers.sorted().map { Value.Part($0, value(depth: depth + 1)) })
        }
    }

    /// Small ones, and those at the edges.
    private mutating func number64() -> UInt64 {
        random.chance(70) ? UInt64(random.below(1_000)) : random.pick([.max, .max - 1, 1 << 63, random.next()])
    }

    private mutating func number32() -> UInt32 {
        random.chance(70) ? UInt32(random.below(100)) : random.pick([.max, 1 << 31, UInt32(truncatingIfNeeded: random.next())])
    }
}
