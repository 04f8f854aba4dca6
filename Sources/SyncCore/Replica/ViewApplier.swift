/// Brings changes from the log into the view. One applier works inside one pair of transactions; `finish` writes what it gathered.
final class ViewApplier {
    private let log: LogTransaction
    let view: ViewTransaction
    private let loader: ChangeLoader
    let rows: ViewRows
    let index: ChangeIndex
    var dirty: [Int64: Dirty] = [:]
    var order: [Int64] = []
    private var numbers: [RecordID: Int64] = [:]
    /// Whether records were said to be one before, once that was asked.
    private var hadEdges: Bool?
    /// The greatest number of a record, once one was made.
    private var lastRecord: Int64?
    private var touched: [Int64: Touched] = [:]
    /// Records with a text that was edited apart: folded once, at the end.
    var unfolded: Set<Int64> = []

    /// How many were applied.
    private(set) var operations = 0
    /// What has a number up to this one was applied.
    private var applied: Int64 = 0

    /// Shared, so that a state is changed where it lies.
    final class Dirty {
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

    func load(_ record: Int64) throws {
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
