/// Brings changes from the log into the view. One applier works inside one pair of transactions; `finish` writes what it gathered.
final class ViewApplier {
    private let log: LogTransaction
    private let view: ViewTransaction
    private let loader: ChangeLoader
    private let rows: ViewRows
    fileprivate let index: ChangeIndex
    private var dirty: [Int64: Dirty] = [:]
    private var order: [Int64] = []
    private var numbers: [RecordID: Int64] = [:]
    /// Whether records were said to be one before, once that was asked.
    private var hadEdges: Bool?
    /// The greatest number of a record, once one was made.
    private var lastRecord: Int64?
    private var touched: [Int64: Touched] = [:]
    /// Records with a text that was edited apart: folded once, at the end.
    private var unfolded: Set<Int64> = []

    /// How many were applied.
    private(set) var operations = 0
    /// What has a number up to this one was applied.
    private var applied: Int64 = 0

    /// Shared, so that a state is changed where it lies.
    private final class Dirty {
        let id: RecordID
        var state: RecordState
        let isNew: Bool
        /// The fields that were edited since its rows were written, which were those of its state; nil where all of them are written anew.
        var edited: Set<UInt32>?

        init(id: RecordID, state: RecordState, isNew: Bool, edited: Set<UInt32>? = nil) {
            self.id = id
            self.state = state
            self.isNew = isNew
            self.edited = edited
        }
    }

    /// `applied` is the last change that the view has.
    init(_ log: LogTransaction, _ view: ViewTransaction, _ loader: ChangeLoader, _ rows: ViewRows, applied: Int64) {
        self.log = log
        self.view = view
        self.loader = loader
        self.rows = rows
        self.applied = applied
        index = ChangeIndex(log)
    }

    /// Applies the change with the next local number.
    func apply(_ stored: StoredChange) throws {
        index.note(stored)
        let change = try loader.change(stored, log)
        operations += change.operations.count
        var runs = Touched()
        var unresolved: Set<ChangeName> = []
        var unknown = 0
        var next = 0
        while next < change.operations.count {
            if let run = try applyFresh(change.operations[next...], at: next, of: stored) {
                runs.append(run.record, count: run.count)
                next += run.count
                continue
            }
            let (number, operation) = (next, change.operations[next])
            next += 1
            guard let record = try record(of: operation) else {
                runs.append(0)
                if let name = operation.names.first { unresolved.insert(name.change) }
                continue
            }
            runs.append(record)
            guard let dirty = dirty[record] else { continue }
            dirty.state.touch(change.name)
            if try !apply(operation, UInt32(truncatingIfNeeded: number), of: stored, to: record, dirty) { unknown += 1 }
        }
        touched[stored.number] = runs
        try view.setTouched(stored.number, runs: runs.bytes)
        if unknown > 0 { try view.setUnknown(stored.number, operations: unknown) }
        for name in unresolved { try view.awaitTarget(name, change: stored.number) }
        applied = stored.number
        for record in try view.awaiting(change.name) { try refold(record) }
        try resolve(after: change.name)
    }

    /// Writes down at once a record that `operations` begin with and make from nothing, and says how many of them that took; nil where they
    /// do something else.
    private func applyFresh(
        _ operations: ArraySlice<Operation>, at first: Int, of stored: StoredChange
    ) throws -> (record: Int64, count: Int)? {
        guard let operation = operations.first, operation.code == .life, operation.field == 0, case .id(let id) = operation.record,
            stored.void == nil, numbers[id] == nil
        else { return nil }
        let run = operations.prefix { $0.record == operation.record }
        guard let state = FreshState(run, rules: rows.schema.rules), let kind = rows.schema.kind(state.kind),
            let plain = rows.plan(kind)?.rows(of: state, id: id), try !mayBeSeveral(), try view.recordNumber(id) == nil
        else { return nil }
        let number = try newNumber(for: id)
        try view.insert(
            record: number, id: id, kind: state.kind, isVisible: true, state: state.bytes(change: stored.number, first: first))
        try write(plain, kind, to: number, isNew: true)
        return (number, run.count)
    }

    /// Whether somebody said of any records that they are one: a new one may be among them. Of those that this applier hears of, `finish`
    /// knows.
    private func mayBeSeveral() throws -> Bool {
        if let known = hadEdges { return known }
        let answer = try view.hasAny(.same)
        hadEdges = answer
        return answer
    }

    /// False for an operation that this version does not know, whether the change counts or not.
    private func apply(
        _ operation: Operation, _ number: UInt32, of stored: StoredChange, to record: Int64, _ dirty: Dirty
    ) throws -> Bool {
        guard stored.void == nil else { return operation.isUnderstood(under: rows.schema.rules) }
        dirty.edited?.insert(operation.field)
        let graph = RecordGraph(self, record)
        let write = WriteName(change: stored.name, operation: number)
        let outcome = dirty.state.apply(
            operation, stamp: Stamp(lamport: stored.lamport, write: write), rules: rows.schema.rules, graph: graph)
        if dirty.state.isUnfolded { unfolded.insert(record) }
        guard outcome == .applied, !operation.names.isEmpty else { return outcome != .skipped }
        let slot = RecordState.Slot(operation.field, operation.key)
        for name in dirty.state.awaited(in: slot, graph: graph) { try view.await(name, record: record) }
        try graph.check()
        return true
    }

    /// Operations that find their record through a write of `name`, and came before it: their records are folded with them.
    private func resolve(after name: ChangeName) throws {
        var names = [name]
        while let name = names.popLast() {
            for number in try view.awaitingTarget(name) where number <= applied {
                guard let stored = try index.stored(number) else { continue }
                let found = try resolve(stored)
                for record in found.sorted() { try refold(record) }
                if !found.isEmpty { names.append(stored.name) }
            }
        }
    }

    private func resolve(_ stored: StoredChange) throws -> Set<Int64> {
        let known = try touchedRuns(stored.number)
        var runs = Touched()
        var found: Set<Int64> = []
        let operations = try loader.change(stored, log).operations
        for (number, operation) in operations.enumerated() {
            let before = known.record(ofOperation: UInt32(truncatingIfNeeded: number))
            let record = try before ?? record(of: operation)
            runs.append(record ?? 0)
            if before == nil, let record {
                found.insert(record)
                dirty[record]?.state.touch(stored.name)
            }
        }
        guard !found.isEmpty else { return [] }
        touched[stored.number] = runs
        try view.setTouched(stored.number, runs: runs.bytes)
        let unknown = operations.count { !$0.isUnderstood(under: rows.schema.rules) }
        if unknown > 0 { try view.setUnknown(stored.number, operations: unknown) }
        return found
    }

    /// Folds a record again from every change that touches it.
    func refold(_ record: Int64) throws {
        try load(record)
        guard let old = dirty[record]?.state else { return }
        let graph = RecordGraph(self, record)
        let steps = try old.touches.compactMap { try index.stored($0) }.sorted { $0.number < $1.number }.map { stored in
            let operations = try loader.change(stored, log).operations
            let numbers = try touchedRuns(stored.number).operations(on: record).joined()
            return RecordState.Step(
                change: stored.name, lamport: stored.lamport, isVoid: stored.void != nil,
                operations: numbers.map { (UInt32(truncatingIfNeeded: $0), operations[$0]) })
        }
        let state = RecordState(folding: steps, rules: rows.schema.rules, graph: graph)
        for name in state.awaited(graph: graph) { try view.await(name, record: record) }
        try graph.check()
        dirty[record]?.state = state
        dirty[record]?.edited = nil
    }

    func isApplied(_ name: ChangeName) throws -> Bool { try index.stored(name).map { $0.number <= applied } ?? false }

    /// What a void change's operation named, if it is on `slot` of `record`.
    func namedByVoid(_ write: WriteName, _ record: Int64, _ slot: RecordState.Slot) throws -> [WriteName] {
        guard let stored = try index.stored(write.change), stored.void != nil,
            try touchedRuns(stored.number).record(ofOperation: write.operation) == record
        else { return [] }
        let operation = try loader.change(stored, log).operations[Int(write.operation)]
        return RecordState.Slot(operation.field, operation.key) == slot ? operation.names : []
    }

    func touchedRuns(_ change: Int64) throws -> Touched {
        if let known = touched[change] { return known }
        let runs = try Touched(try view.touched(change) ?? [])
        touched[change] = runs
        return runs
    }

    private func record(of operation: Operation) throws -> Int64? {
        switch operation.record {
        case .id(let id): return try number(of: id)
        case .named:
            guard let name = operation.names.first, let change = try index.stored(name.change),
                let record = try touchedRuns(change.number).record(ofOperation: name.operation)
            else { return nil }
            try load(record)
            return record
        }
    }

    private func number(of id: RecordID) throws -> Int64 {
        if let known = numbers[id] {
            try load(known)
            return known
        }
        if let stored = try view.record(id) {
            try insert(stored)
            return stored.number
        }
        let number = try newNumber(for: id)
        dirty[number] = Dirty(id: id, state: RecordState(), isNew: true)
        order.append(number)
        return number
    }

    private func newNumber(for id: RecordID) throws -> Int64 {
        let number = try (lastRecord ?? view.lastRecordNumber()) + 1
        lastRecord = number
        numbers[id] = number
        return number
    }

    private func load(_ record: Int64) throws {
        guard dirty[record] == nil, let stored = try view.record(number: record) else { return }
        try insert(stored)
    }

    private func insert(_ stored: ViewTransaction.StoredRecord) throws {
        guard dirty[stored.number] == nil else { return }
        numbers[stored.id] = stored.number
        let state = try RecordState(stored.state, numbering: index)
        let isAlone = stored.standing == .shown && stored.canonical == nil
        dirty[stored.number] = Dirty(id: stored.id, state: state, isNew: false, edited: isAlone ? [] : nil)
        order.append(stored.number)
    }

    /// Writes the states and rows of every record that was touched, and of those that are one with it.
    func finish() throws {
        for record in unfolded.sorted() where dirty[record]?.state.isUnfolded ?? false { try refold(record) }
        unfolded.removeAll()
        let known = try ViewTransaction.Relation.allCases.filter(view.hasAny)
        let hadEdges = known.contains(.same)
        let parted = hadEdges ? try order.flatMap(members) : []
        for number in order { try writeState(number, known) }
        if try hadEdges || view.hasAny(.same) {
            try regroup(order + parted)
        } else {
            for number in order { try writeRows(number) }
        }
        dirty.removeAll()
        order.removeAll()
    }

    /// Those that a record was shown with until now.
    private func members(_ number: Int64) throws -> [Int64] {
        guard let canonical = try view.record(number: number)?.canonical else { return [] }
        return try view.members(ofCanonical: canonical).map(\.number)
    }

    /// `known` are the relations in which anything stood before: of others there are no rows to replace.
    private func writeState(_ number: Int64, _ known: [ViewTransaction.Relation]) throws {
        guard let record = dirty[number] else { return }
        let state = record.state
        let isVisible = rows.schema.kind(state.kind) != nil && state.isVisible(graph: index)
        let bytes = try state.bytes(numbering: index)
        if record.isNew {
            try view.insert(record: number, id: record.id, kind: state.kind ?? 0, isVisible: isVisible, state: bytes)
        } else {
            try view.update(record: number, kind: state.kind ?? 0, isVisible: isVisible, state: bytes)
        }
        for relation in ViewTransaction.Relation.allCases {
            let others = state.live(relation == .same ? Field.same : Field.different).compactMap(\.value.recordID)
            if !others.isEmpty || known.contains(relation) { try view.set(relation, of: record.id, to: others) }
        }
    }

    private func regroup(_ numbers: [Int64]) throws {
        let components = SameComponents(view: view)
        var done: Set<Int64> = []
        for number in numbers where !done.contains(number) {
            let component = try components.component(of: number)
            done.insert(number)
            guard component.count > 1 else {
                if let alone = component.first, alone.standing != .shown || alone.canonical != nil {
                    try view.setStanding(of: number, .shown, canonical: nil)
                } else if component.isEmpty {
                    try view.setStanding(of: number, .hidden, canonical: nil)
                }
                try writeRows(number)
                continue
            }
            done.formUnion(component.map(\.number))
            try writeTogether(component)
        }
    }

    /// The first stands for all of them.
    private func writeTogether(_ component: [ViewTransaction.StoredRecord]) throws {
        let canonical = component[0]
        for part in component {
            let isCanonical = part.number == canonical.number
            try view.setStanding(of: part.number, isCanonical ? .shown : .part, canonical: canonical.number)
            if !isCanonical { try write(nil, isVisible: false, conflicts: [], to: part.number, isNew: false) }
        }
        let members = try component.map { MergedRecord.Member(id: $0.id, state: try state($0)) }
        try write(MergedRecord(members, graph: index, schema: rows.schema), isVisible: true, to: canonical.number, isNew: false)
    }

    private func state(_ stored: ViewTransaction.StoredRecord) throws -> RecordState {
        try dirty[stored.number]?.state ?? RecordState(stored.state, numbering: index)
    }

    /// Of a record that is by itself.
    private func writeRows(_ number: Int64) throws {
        try load(number)
        guard let record = dirty[number] else { return }
        if let kind = rows.schema.kind(record.state.kind), let plain = rows.plan(kind)?.rows(of: record.state, id: record.id) {
            return try write(plain, kind, to: number, isNew: record.isNew, edited: record.edited)
        }
        let merged = MergedRecord([MergedRecord.Member(id: record.id, state: record.state)], graph: index, schema: rows.schema)
        try write(merged, isVisible: record.state.isVisible(graph: index), to: number, isNew: record.isNew)
    }

    private func write(_ plain: PlainRows, _ kind: RecordKind, to number: Int64, isNew: Bool, edited: Set<UInt32>? = nil) throws {
        let tables = rows.tables(kind)
        let fields = rows.plan(kind)?.children ?? []
        // The only row of a main table takes the place of the one before.
        try view.replace(record: number, in: tables[0], isNew: true, rows: CollectionOfOne(plain.main))
        for (place, children) in plain.children.enumerated() {
            if isNew ? children.isEmpty : edited?.isDisjoint(with: fields[place]) ?? false { continue }
            try view.replace(record: number, in: tables[place + 1], isNew: isNew, rows: children)
        }
        try noteWritten(number, conflicts: [], isNew: isNew)
    }

    private func noteWritten(_ number: Int64, conflicts: [RecordState.Slot], isNew: Bool) throws {
        try view.setConflicts(record: number, conflicts.map { (field: $0.field, key: $0.key?.word) }, isNew: isNew)
        if !isNew { try view.enqueueForSearch(number) }
    }

    private func write(_ record: MergedRecord?, isVisible: Bool, to number: Int64, isNew: Bool) throws {
        let document = record?.document(graph: index)
        let conflicts = document.flatMap { record?.conflicts(kind: $0.kind, graph: index) } ?? []
        try write(document, isVisible: isVisible, conflicts: conflicts, to: number, isNew: isNew)
    }

    private func write(
        _ document: RecordDocument?, isVisible: Bool, conflicts: [RecordState.Slot], to number: Int64, isNew: Bool
    ) throws {
        if let document {
            for (table, content) in rows.rows(of: document) {
                try view.replace(record: number, in: table, isNew: isNew, rows: isVisible ? content : [])
            }
        } else if !isNew {
            // Nothing that counts makes it a record any more, or it is shown as part of another.
            for table in rows.schema.kinds.flatMap(rows.tables) {
                try view.replace(record: number, in: table, isNew: false, rows: [])
            }
        }
        try noteWritten(number, conflicts: conflicts, isNew: isNew)
    }
}

/// What the log says, to one record. A question that could not be answered is kept: `check` throws it.
private final class RecordGraph: ChangeGraph {
    private let applier: ViewApplier
    private let record: Int64
    private var failure: (any Error)?

    init(_ applier: ViewApplier, _ record: Int64) {
        self.applier = applier
        self.record = record
    }

    func check() throws { if let failure { throw failure } }

    private func answer<Answer>(_ otherwise: Answer, _ question: () throws -> Answer) -> Answer {
        do {
            return try question()
        } catch {
            failure = error
            return otherwise
        }
    }

    func isKnown(_ name: ChangeName) -> Bool { answer(false) { try applier.isApplied(name) } }

    func isOnBranch(_ earlier: ChangeName, of later: ChangeName) -> Bool { applier.index.isOnBranch(earlier, of: later) }

    func namedByVoid(_ write: WriteName, in slot: RecordState.Slot) -> [WriteName] {
        answer([]) { try applier.namedByVoid(write, record, slot) }
    }
}
