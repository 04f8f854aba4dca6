/// The operations of one command while they are gathered: committed together or not at all.
///
/// Edits see the records as they were before the draft; of records that the draft creates, they know what it wrote.
public struct Draft {
    /// The records as they were before the draft.
    public let session: Session
    public let name: ChangeName
    private(set) var operations: [Operation] = []
    private var anchors: [RecordID: [(field: UInt32, write: WriteName)]] = [:]
    /// The dates and names that prompts need.
    public let wall: Int64

    init(session: Session, name: ChangeName, wall: Int64) {
        self.session = session
        self.name = name
        self.wall = wall
    }

    var isEmpty: Bool { operations.isEmpty }

    private var nextWrite: WriteName {
        WriteName(change: name, operation: UInt32(truncatingIfNeeded: operations.count))
    }

    /// A new record; without an id a fresh one, which costs no bytes.
    @discardableResult
    public mutating func create(_ kind: RecordKind, id: RecordID? = nil) -> RecordID {
        let id = id ?? nextWrite.freshRecord
        operations.append(
            Operation(
                .life, record: .id(id), field: 0, value: .tuple([Value.Part(1, .integer(1)), Value.Part(2, .integer(kind.number))])))
        return id
    }

    mutating func append(_ operation: Operation) { operations.append(operation) }

    mutating func append(
        _ code: Operation.Code, _ record: RecordID, _ field: UInt32, _ key: ItemKey?, names: [WriteName] = [], value: Value?
    ) {
        let names = names.isEmpty && session.schema.rules[field]?.kind != .text ? anchor(record, outside: field) : names
        operations.append(
            Operation(
                code, record: names.isEmpty ? .id(record) : .named, field: field, key: key, names: names, value: value))
    }

    /// A write of the record by which an operation that replaces nothing finds it: a name takes a few bytes, an id sixteen. None for a
    /// record of this draft, whose id takes none. The first value of a text must name nothing. Never one of the field itself: there a name
    /// takes away what it names.
    private mutating func anchor(_ record: RecordID, outside field: UInt32) -> [WriteName] {
        let known = anchors[record] ?? firstWrites(of: record)
        anchors[record] = known
        return known.first { $0.field != field }.map { [$0.write] } ?? []
    }

    /// A live write of each of the first two fields that have one.
    private func firstWrites(of record: RecordID) -> [(field: UInt32, write: WriteName)] {
        var found: [(field: UInt32, write: WriteName)] = []
        for (slot, content) in (try? session.state(of: record))?.slots ?? [] where found.last?.field != slot.field {
            guard case .writes(let writes) = content, let write = writes.live.first else { continue }
            found.append((slot.field, write.stamp.write))
            if found.count == 2 { break }
        }
        return found
    }

    /// Sets a field, or a field of an item, in place of every live value of it. Nothing when it has this value already.
    public mutating func assign(_ record: RecordID, _ field: UInt32, key: ItemKey? = nil, _ value: Value) throws {
        let live = try session.state(of: record)?.live(field, key) ?? []
        if session.schema.rules[field]?.kind == .text { return try assignText(record, field, key, value, live) }
        if live.count == 1, live[0].value == value { return }
        append(.assign, record, field, key, names: live.map(\.stamp.write), value: value)
    }

    /// Puts an element into a set. Nothing when it is there.
    public mutating func add(_ record: RecordID, _ field: UInt32, _ value: Value) throws {
        let live = try session.state(of: record)?.live(field) ?? []
        if live.contains(where: { $0.value == value }) { return }
        append(.add, record, field, nil, value: value)
    }

    /// Takes an element out of a set. Nothing when it is not there.
    public mutating func remove(_ record: RecordID, _ field: UInt32, _ value: Value) throws {
        let adds = try session.state(of: record)?.live(field).filter { $0.value == value } ?? []
        guard !adds.isEmpty else { return }
        append(.remove, record, field, nil, names: adds.map(\.stamp.write), value: nil)
    }

    /// A new entry of a log; without a key a fresh one. Nothing when that key has this value.
    @discardableResult
    public mutating func enter(
        _ record: RecordID, _ field: UInt32, key: ItemKey? = nil, _ value: Value
    ) throws -> ItemKey {
        let key = key ?? nextWrite.freshKey
        if case .entry(let entry) = try session.state(of: record)?[RecordState.Slot(field, key)],
            entry.values.contains(value)
        { return key }
        append(.entry, record, field, key, value: value)
        return key
    }

    public mutating func retract(_ record: RecordID, _ field: UInt32, key: ItemKey, reason: String?) {
        append(.retract, record, field, key, value: reason.map(Value.text) ?? .nothing)
    }

    /// A new item of a map, with its fields; or more fields for one that is there.
    @discardableResult
    public mutating func put(
        _ record: RecordID, _ map: UInt32, key: ItemKey? = nil, _ fields: [(number: UInt32, value: Value)]
    ) throws -> ItemKey {
        let key = key ?? nextWrite.freshKey
        let life = try itemLife(record, map, key)
        if !life.isAlive {
            append(
                .life, record, map, key, value: .tuple([Value.Part(1, .integer(Int64(clamping: life.length + 1)))]))
        }
        for field in fields { try assign(record, field.number, key: key, field.value) }
        return key
    }

    private func itemLife(_ record: RecordID, _ map: UInt32, _ key: ItemKey) throws -> Life {
        if case .life(let life) = try session.state(of: record)?[RecordState.Slot(map, key)] { life } else { Life() }
    }

    /// Hides an item; its fields stay.
    public mutating func removeItem(_ record: RecordID, _ map: UInt32, key: ItemKey, fields: [UInt32]) throws {
        guard let state = try session.state(of: record), case .life(let life) = state[RecordState.Slot(map, key)] else {
            return
        }
        let seen = fields.flatMap { state.live($0, key) }.map(\.stamp.write.change)
        appendDeletion(record, map, key, life, seen: seen)
    }

    public mutating func increment(_ record: RecordID, _ field: UInt32, by amount: Int64) throws {
        var generation: UInt64 = 0
        if case .tally(let tally) = try session.state(of: record)?[RecordState.Slot(field)] { generation = tally.generation }
        appendIncrement(record, field, amount, generation)
    }

    /// Ends the generation of a counter: what it came to, and its number.
    public mutating func closeCounter(_ record: RecordID, _ field: UInt32) throws -> (value: Int64, generation: UInt64) {
        guard case .tally(let tally) = try session.state(of: record)?[RecordState.Slot(field)] else { return (0, 0) }
        appendIncrement(record, field, 0, tally.generation + 1)
        return (tally.value, tally.generation)
    }

    mutating func appendIncrement(_ record: RecordID, _ field: UInt32, _ amount: Int64, _ generation: UInt64) {
        append(
            .increment, record, field, nil,
            value: .tuple([Value.Part(1, .integer(amount)), Value.Part(2, .integer(Int64(clamping: generation)))]))
    }

    /// Deletes a record as far as this device has seen it. False when it is not there.
    public mutating func delete(_ record: RecordID) throws -> Bool {
        guard let state = try session.state(of: record), state.isVisible(graph: session.index) else { return false }
        appendDeletion(record, 0, nil, state.life, seen: state.edits)
        return true
    }

    /// Names, for each author, the newest change that was seen; of an author with several branches the newest on each.
    private mutating func appendDeletion(_ record: RecordID, _ field: UInt32, _ key: ItemKey?, _ life: Life, seen: [ChangeName]) {
        var newest: [AuthorID: [ChangeName]] = [:]
        for name in Set(seen).sorted().reversed() {
            let known = newest[name.author] ?? []
            if known.contains(where: { session.index.isOnBranch(name, of: $0) }) { continue }
            newest[name.author] = known + [name]
        }
        let length = life.isAlive ? life.length + 1 : max(life.length, 2)
        operations.append(
            Operation(
                .life, record: .id(record), field: field, key: key,
                names: newest.values.joined().sorted().map { WriteName(change: $0, operation: 0) },
                value: .tuple([Value.Part(1, .integer(Int64(clamping: length)))])))
    }

    /// Brings a deleted record back. False when it is there, or never was.
    public mutating func restore(_ record: RecordID) throws -> Bool {
        guard let state = try session.state(of: record), state.life.exists, !state.life.isAlive else { return false }
        append(.life, record, 0, nil, value: .tuple([Value.Part(1, .integer(Int64(clamping: state.life.length + 1)))]))
        return true
    }
}
