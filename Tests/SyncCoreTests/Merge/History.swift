import Testing

@testable import SyncCore

/// A generated history: several authors who merge now and then, one who was cloned, one who names whatever there is.
struct History {
    /// In an order in which everything comes after what it depends on.
    private(set) var changes: [Change] = []
    private(set) var lamport: [ChangeName: UInt64] = [:]
    private(set) var byName: [ChangeName: Change] = [:]
    let records: [RecordID]
    private var dice: TestSurroundings
    private var devices: [Device]

    private struct Device {
        var author: AuthorID
        var head: ChangeName?
        var known: Set<ChangeName> = []
    }

    /// Fields of every kind; of the map's items one register.
    static let map = Field.organisers
    static let itemField = Part.Organiser.name
    static let registers = [Field.title, Field.status, Field.platform, Field.visibility, Field.description]
    static let keys = [ItemKey(1), ItemKey(2)]

    private static let hostile = 3

    init(seed: UInt64, length: Int = 45) {
        dice = TestSurroundings(seed: seed)
        records = (1...2).map { RecordID(high: 7, low: $0) }
        devices = (1...4).map { Device(author: AuthorID(high: $0, low: 0)) }
        // The clone of the third device.
        devices.append(Device(author: devices[2].author))
        commit(0, records.enumerated().map { number, id in
            Operation(
                .life, record: .id(id), field: 0,
                value: .parts((1, .integer(1)), (2, .integer(Int64(number + 1)))))
        })
        for device in devices.indices { learn(device, from: 0) }
        for _ in 0..<length { step() }
    }

    /// One that happened, each change after what it depends on as far as that is there.
    init(changes: [Change]) {
        self.init(seed: 0, length: 0)
        self.changes = changes
        byName = Dictionary(changes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        lamport = [:]
        for change in changes {
            let before = (change.previous.map { [$0] } ?? []) + change.dependencies.map(\.name)
            lamport[change.name] = 1 + before.reduce(0) { max($0, lamport[$1] ?? 0) }
        }
    }

    private func chance(_ percent: UInt64) -> Bool { dice.next() % 100 < percent }
    private func pick<Element>(_ from: [Element]) -> Element { from[Int(dice.next() % UInt64(from.count))] }

    private mutating func learn(_ device: Int, from other: Int) {
        devices[device].known.formUnion(devices[other].known)
    }

    private mutating func step() {
        let device = Int(dice.next() % UInt64(devices.count))
        if chance(35) { learn(device, from: Int(dice.next() % UInt64(devices.count))) }
        let count = 1 + Int(dice.next() % 3)
        let operations = (0..<count).compactMap { _ in device == Self.hostile ? mischief() : edit(device) }
        if !operations.isEmpty { commit(device, operations) }
    }

    private mutating func commit(_ number: Int, _ operations: [Operation]) {
        var device = devices[number]
        let name = ChangeName(author: device.author, seq: (device.head?.seq ?? 0) + 1, mark: dice.next() % 1000)
        if byName[name] != nil { return }
        let others = device.known.filter { known in
            known != device.head && !device.known.contains { byName[$0]?.dependencies.contains { $0.name == known } ?? false }
        }
        let change = Change(
            name: name, previousMark: device.head?.mark, wall: 0,
            dependencies: others.sorted().map { Change.Dependency(name: $0, epoch: EpochID(high: 0, low: 0)) },
            operations: operations)
        lamport[name] = 1 + ((change.previous.map { [$0] } ?? []) + others).reduce(0) { max($0, lamport[$1] ?? 0) }
        changes.append(change)
        byName[name] = change
        device.head = name
        device.known.insert(name)
        devices[number] = device
    }

    /// What a client of ours would write, having seen what this device knows; some of it was redacted since.
    private func edit(_ device: Int) -> Operation {
        let operation = written(device)
        return chance(8) ? operation.redacted : operation
    }

    private func written(_ device: Int) -> Operation {
        let known = Knowledge(self, of: devices[device].known)
        let record = pick(records)
        let state = known.state(of: record)
        let value = Value.text("v\(dice.next() % 3)")
        let id = Operation.Target.id(record)
        let key = pick(Self.keys)
        switch dice.next() % 12 {
        case 0, 1, 2:
            let field = pick(Self.registers)
            if field == Field.description, let edit = textEdit(state) { return edit }
            let names = state.live(field).map(\.stamp.write)
            let set = field == Field.visibility ? Value.text(pick(RecordSchema.visibilities)) : value
            return Operation(.assign, record: names.isEmpty ? id : .named, field: field, names: names, value: set)
        case 3: return Operation(.add, record: id, field: Field.causes, value: value)
        case 4:
            let names = state.live(Field.causes).filter { $0.value == value }.map(\.stamp.write)
            return Operation(.remove, record: names.isEmpty ? id : .named, field: Field.causes, names: names)
        case 5: return Operation(.entry, record: id, field: Field.notes, key: key, value: .parts((1, value)))
        case 6: return Operation(.retract, record: id, field: Field.notes, key: key, value: .nothing)
        case 7: return Operation(.increment, record: id, field: Field.tally, value: .parts((1, .integer(3)), (2, .integer(Int64(dice.next() % 2)))))
        case 8:
            let names = state.live(Self.itemField, key).map(\.stamp.write)
            return Operation(.assign, record: id, field: Self.itemField, key: key, names: names, value: value)
        case 9:
            return life(state[RecordState.Slot(Self.map, key)].flatMap { if case .life(let life) = $0 { life } else { nil } } ?? Life(),
                record, Self.map, key, seen: state.live(Self.itemField, key).map(\.stamp.write.change))
        default: return life(state.life, record, 0, nil, seen: state.edits)
        }
    }

    /// An edit of what is shown of the description, as a client of ours would make it; sometimes a whole text instead.
    private func textEdit(_ state: RecordState) -> Operation? {
        let live = state.live(Field.description)
        guard let shown = live.first, let text = shown.value.text, !(shown.text?.isAbridged ?? false), !(shown.text?.hasTwins ?? false), chance(85)
        else { return nil }
        let heads = live.filter { $0.textRoot == shown.textRoot } + (chance(30) ? live.filter { $0.textRoot != shown.textRoot } : [])
        return Operation(
            .edit, record: .named, field: Field.description, names: heads.map(\.stamp.write), value: splices(text.utf8.count).value)
    }

    private func splices(_ length: Int) -> TextEdit {
        var edit = TextEdit()
        var length = length
        for _ in 0..<(1 + dice.next() % 2) {
            let position = Int(dice.next() % UInt64(length + 1))
            let deleted = min(length - position, Int(dice.next() % 3))
            let inserted = Array(repeating: UInt8(ascii: "a") + UInt8(dice.next() % 4), count: Int(dice.next() % 3))
            edit.append(at: position, deleting: deleted, inserting: inserted)
            length += inserted.count - deleted
        }
        return edit
    }

    /// Deletes what is alive, and brings back what is not.
    private func life(_ life: Life, _ record: RecordID, _ field: UInt32, _ key: ItemKey?, seen: [ChangeName]) -> Operation {
        Operation(
            .life, record: .id(record), field: field, key: key,
            names: life.isAlive ? seen.map { WriteName(change: $0, operation: 0) } : [],
            value: .parts((1, .integer(Int64(life.length + 1)))))
    }

    /// Names anything that is, or may come to be.
    private func mischief() -> Operation {
        var names = (0..<(1 + dice.next() % 3)).map { _ in
            WriteName(change: pick(changes).name, operation: UInt32(dice.next() % 3))
        }
        if chance(40) {
            // A change that somebody may make later: marks are few on purpose.
            names.append(
                WriteName(
                    change: ChangeName(author: pick(devices).author, seq: 1 + dice.next() % 15, mark: dice.next() % 1000),
                    operation: 0))
        }
        let target = chance(40) ? Operation.Target.named : .id(pick(records))
        let value = Value.text("m\(dice.next() % 2)")
        let key = pick(Self.keys)
        let length = Value.parts((1, .integer(Int64(1 + dice.next() % 5))), (2, .integer(Int64(dice.next() % 4) - 1)))
        switch dice.next() % 7 {
        case 6: return Operation(.edit, record: target, field: Field.description, names: names, value: splices(6).value)
        case 0, 1: return Operation(.assign, record: target, field: pick(Self.registers), names: names, value: value)
        case 2: return Operation(.remove, record: target, field: Field.causes, names: names)
        case 3: return Operation(.assign, record: target, field: Self.itemField, key: key, names: names, value: value)
        case 4: return Operation(.life, record: target, field: Self.map, key: key, names: names, value: length)
        default: return Operation(.life, record: target, field: 0, names: names, value: length)
        }
    }

    /// Changes that names point at before they come: the generator cannot know them, so some names are aimed afterwards.
    mutating func aimAhead() {
        for index in changes.indices where changes[index].name.author == devices[Self.hostile].author && index + 1 < changes.count {
            guard chance(50), !changes[index].operations[0].names.isEmpty else { continue }
            let later = changes[index + 1 + Int(dice.next() % UInt64(changes.count - index - 1))]
            changes[index].operations[0].names[0] = WriteName(change: later.name, operation: 0)
            byName[changes[index].name] = changes[index]
        }
    }

    // MARK: Orders and void sets

    /// A random order; with `causal` one in which everything comes after what it depends on. Some come twice.
    func order(causal: Bool) -> [Change] {
        var left = changes
        var done: Set<ChangeName> = []
        var order: [Change] = []
        while !left.isEmpty {
            let ready = left.indices.filter { index in
                !causal || ((left[index].previous.map { [$0] } ?? []) + left[index].dependencies.map(\.name)).allSatisfy(done.contains)
            }
            let change = left.remove(at: pick(ready))
            order.append(change)
            done.insert(change.name)
            if chance(20) { order.append(pick(order)) }
        }
        return order
    }

    func voidSet() -> Set<ChangeName> {
        let author = pick(devices).author
        let from = 1 + dice.next() % 6
        // Past somebody's cut, and a few more.
        return Set(changes.map(\.name).filter { $0.author == author && $0.seq >= from || chance(5) })
    }
}

/// The dictionary-backed graph: what is known, what is void, what is on which branch and on which record.
final class Knowledge: BranchGraph {
    let history: History
    var known: Set<ChangeName>
    var void: Set<ChangeName> = []

    init(_ history: History, of known: Set<ChangeName>, void: Set<ChangeName> = []) {
        self.history = history
        self.known = known
        self.void = void
    }

    func isOnBranch(_ earlier: ChangeName, of later: ChangeName) -> Bool {
        var step: ChangeName? = known.contains(later) ? later : nil
        if earlier == later { return true }
        while let name = step {
            if name == earlier { return true }
            step = history.byName[name]?.previous
        }
        return false
    }

    /// Through the first named write, and its, until one has an id.
    func record(of write: WriteName, path: Set<WriteName> = []) -> RecordID? {
        guard known.contains(write.change), !path.contains(write), let change = history.byName[write.change],
            Int(write.operation) < change.operations.count
        else { return nil }
        let operation = change.operations[Int(write.operation)]
        switch operation.record {
        case .id(let id): return id
        case .named: return operation.names.first.flatMap { record(of: $0, path: path.union([write])) }
        }
    }

    func operations(of change: Change, on record: RecordID) -> [(index: UInt32, operation: Operation)] {
        change.operations.enumerated().map { (UInt32($0), $1) }
            .filter { self.record(of: WriteName(change: change.name, operation: $0.0)) == record }
    }

    func step(_ change: Change, _ record: RecordID) -> RecordState.Step? {
        let operations = operations(of: change, on: record)
        guard !operations.isEmpty else { return nil }
        return RecordState.Step(
            change: change.name, lamport: history.lamport[change.name] ?? 0, isVoid: void.contains(change.name),
            operations: operations)
    }

    /// From nothing, in the order of the history.
    func state(of record: RecordID) -> RecordState {
        RecordState(
            folding: history.changes.filter { known.contains($0.name) }.compactMap { step($0, record) },
            rules: .registry, graph: RecordKnowledge(base: self, record: record))
    }
}

struct RecordKnowledge: ChangeGraph {
    let base: Knowledge
    let record: RecordID

    func isKnown(_ name: ChangeName) -> Bool { base.known.contains(name) }
    func isOnBranch(_ earlier: ChangeName, of later: ChangeName) -> Bool { base.isOnBranch(earlier, of: later) }

    func namedByVoid(_ write: WriteName, in slot: RecordState.Slot) -> [WriteName] {
        guard base.void.contains(write.change), base.record(of: write) == record, let change = base.history.byName[write.change]
        else { return [] }
        let operation = change.operations[Int(write.operation)]
        return RecordState.Slot(operation.field, operation.key) == slot ? operation.names : []
    }
}
