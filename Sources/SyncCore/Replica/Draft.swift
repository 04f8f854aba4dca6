/// The operations of one command while they are gathered: committed together or not at all.
///
/// Edits see the records as they were before the draft; of records that the draft creates, they know what it wrote. An edit of a record
/// that is several is written member by member, each naming what is that member's own: `Draft+Members`.
public struct Draft {
    /// The records as they were before the draft.
    public let session: Session
    public let name: ChangeName
    private(set) var operations: [Operation] = []
    /// By operation, the whole text that an edit is to come to.
    var wholeTexts: [Int: Value] = [:]
    var lastMembers: (record: RecordID, members: [MergedRecord.Member])?
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
        if id == nil { lastMembers = (nextWrite.freshRecord, []) }
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

    /// The records that are one with this one, as they were before the draft. None of a record of this draft.
    mutating func members(of record: RecordID) throws -> [MergedRecord.Member] {
        if let last = lastMembers, last.record == record { return last.members }
        let members = try session.merged(of: record)?.members ?? []
        lastMembers = (record, members)
        return members
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
        for member in try members(of: record, assigning: RecordState.Slot(field, key)) {
            try assign(member: member.id, field, key: key, value, state: member.state)
        }
    }

    private mutating func assign(member record: RecordID, _ field: UInt32, key: ItemKey?, _ value: Value, state: RecordState) throws {
        let live = state.live(field, key)
        if session.schema.rules[field]?.kind == .text { return try assignText(record, field, key, value, live) }
        if live.count == 1, live[0].value == value { return }
        append(.assign, record, field, key, names: live.map(\.stamp.write), value: value)
    }

    /// Puts an element into a set. Nothing when it is there.
    public mutating func add(_ record: RecordID, _ field: UInt32, _ value: Value) throws {
        let live = try members(of: record).flatMap { $0.state.live(field) }
        if live.contains(where: { $0.value == value }) { return }
        append(.add, record, field, nil, value: value)
    }

    /// Takes an element out of a set. Nothing when it is not there.
    public mutating func remove(_ record: RecordID, _ field: UInt32, _ value: Value) throws {
        for member in try members(of: record) {
            let adds = member.state.live(field).filter { $0.value == value }
            if !adds.isEmpty { append(.remove, member.id, field, nil, names: adds.map(\.stamp.write), value: nil) }
        }
    }

    /// A new entry of a log; without a key a fresh one. Nothing when that key has this value.
    @discardableResult
    public mutating func enter(
        _ record: RecordID, _ field: UInt32, key: ItemKey? = nil, _ value: Value
    ) throws -> ItemKey {
        let key = key ?? nextWrite.freshKey
        for member in try members(of: record) {
            if case .entry(let entry) = member.state[RecordState.Slot(field, key)], entry.values.contains(value) { return key }
        }
        append(.entry, record, field, key, value: value)
        return key
    }

    public mutating func retract(_ record: RecordID, _ field: UInt32, key: ItemKey, reason: String?) throws {
        let slot = RecordState.Slot(field, key)
        for member in try members(of: record, having: { $0[slot] != nil }) {
            append(.retract, member.id, field, key, value: reason.map(Value.text) ?? .nothing)
        }
    }

    /// A new item of a map, with its fields; or more fields for one that is there.
    @discardableResult
    public mutating func put(
        _ record: RecordID, _ map: UInt32, key: ItemKey? = nil, _ fields: [(number: UInt32, value: Value)]
    ) throws -> ItemKey {
        let key = key ?? nextWrite.freshKey
        let holder = try holder(of: key, map, in: record)
        let life = Self.itemLife(holder.state, map, key)
        if !life.isAlive {
            append(
                .life, holder.id, map, key, value: .tuple([Value.Part(1, .integer(Int64(clamping: life.length + 1)))]))
        }
        for field in fields { try assign(record, field.number, key: key, field.value) }
        return key
    }

    private static func itemLife(_ state: RecordState, _ map: UInt32, _ key: ItemKey) -> Life {
        if case .life(let life) = state[RecordState.Slot(map, key)] { life } else { Life() }
    }

    /// Hides an item; its fields stay.
    public mutating func removeItem(_ record: RecordID, _ map: UInt32, key: ItemKey, fields: [UInt32]) throws {
        for (member, key) in try itemsShown(as: key, of: map, in: record) {
            guard case .life(let life) = member.state[RecordState.Slot(map, key)] else { continue }
            let seen = fields.flatMap { member.state.live($0, key) }.map(\.stamp.write.change)
            appendDeletion(member.id, map, key, life, seen: seen)
        }
    }

    public mutating func increment(_ record: RecordID, _ field: UInt32, by amount: Int64) throws {
        var generation: UInt64 = 0
        if case .tally(let tally) = try session.state(of: record)?[RecordState.Slot(field)] { generation = tally.generation }
        appendIncrement(record, field, amount, generation)
    }

    /// Ends the generation of a counter: what it came to, and its number.
    public mutating func closeCounter(_ record: RecordID, _ field: UInt32) throws -> (value: Int64, generation: UInt64) {
        var closed: (value: Int64, generation: UInt64) = (0, 0)
        for member in try members(of: record) {
            guard case .tally(let tally) = member.state[RecordState.Slot(field)] else { continue }
            appendIncrement(member.id, field, 0, tally.generation + 1)
            closed = (closed.value &+ tally.value, max(closed.generation, tally.generation))
        }
        return closed
    }

    mutating func appendIncrement(_ record: RecordID, _ field: UInt32, _ amount: Int64, _ generation: UInt64) {
        append(
            .increment, record, field, nil,
            value: .tuple([Value.Part(1, .integer(amount)), Value.Part(2, .integer(Int64(clamping: generation)))]))
    }

    /// Deletes a record as far as this device has seen it, with all that are one with it. False when it is not there.
    public mutating func delete(_ record: RecordID) throws -> Bool {
        let index = session.index
        return try delete(try members(of: record, having: { $0.isVisible(graph: index) }))
    }

    /// Deletes, of a record and those that are one with it, what was deleted while somebody edited it. False when there is none.
    public mutating func confirmDeletion(_ record: RecordID) throws -> Bool {
        let index = session.index
        return try delete(try members(of: record, having: { !$0.editsUnseen(graph: index).isEmpty }))
    }

    private mutating func delete(_ members: [MergedRecord.Member]) throws -> Bool {
        let visible = members.filter { $0.state.isVisible(graph: session.index) }
        for member in visible { appendDeletion(member.id, 0, nil, member.state.life, seen: member.state.edits) }
        return !visible.isEmpty
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

    /// Brings a deleted record back, with those that were one with it and were deleted with it. False when it is there, or never was.
    public mutating func restore(_ record: RecordID) throws -> Bool {
        let deleted = try deletedMembers(of: record)
        for member in deleted {
            append(
                .life, member.id, 0, nil, value: .tuple([Value.Part(1, .integer(Int64(clamping: member.state.life.length + 1)))]))
        }
        return !deleted.isEmpty
    }
}
