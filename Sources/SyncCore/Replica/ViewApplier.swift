/// Brings changes from the log into the view. One applier works inside one pair of transactions; `finish` writes what it gathered.
final class ViewApplier {
    private let log: LogTransaction
    private let view: ViewTransaction
    private let loader: ChangeLoader
    private let index: ChangeIndex
    private var dirty: [Int64: Dirty] = [:]
    private var order: [Int64] = []
    private var numbers: [RecordID: Int64] = [:]
    private var touched: [Int64: Touched] = [:]

    private struct Dirty {
        var id: RecordID
        var state: RecordState
        var isNew: Bool
    }

    init(_ log: LogTransaction, _ view: ViewTransaction, _ loader: ChangeLoader) {
        self.log = log
        self.view = view
        self.loader = loader
        index = ChangeIndex(log, loader)
    }

    /// Applies the change with the next local number.
    func apply(_ stored: StoredChange) throws {
        index.note(stored)
        let change = try loader.change(stored, log)
        var runs = Touched()
        for (number, operation) in change.operations.enumerated() {
            guard let record = try record(of: operation) else {
                runs.append(0)
                continue
            }
            runs.append(record)
            let write = WriteName(change: change.name, operation: UInt32(truncatingIfNeeded: number))
            dirty[record]?.state.touch(change.name)
            if stored.void == nil {
                dirty[record]?.state.apply(
                    operation, stamp: Stamp(lamport: stored.lamport, write: write), rules: .registry, graph: index)
            }
        }
        touched[stored.number] = runs
        try view.setTouched(stored.number, runs: runs.bytes)
        for record in try view.awaiting(change.name) { try load(record) }
    }

    /// Folds a record again from every change that touches it.
    func refold(_ record: Int64) throws {
        try load(record)
        guard let old = dirty[record]?.state else { return }
        var state = RecordState()
        let changes = try old.touches.compactMap { try index.stored($0) }.sorted { $0.number < $1.number }
        for stored in changes {
            let change = try loader.change(stored, log)
            let runs = try touchedRuns(stored.number)
            state.touch(change.name)
            guard stored.void == nil else { continue }
            for (number, operation) in change.operations.enumerated()
            where runs.record(ofOperation: UInt32(truncatingIfNeeded: number)) == record {
                let write = WriteName(change: change.name, operation: UInt32(truncatingIfNeeded: number))
                state.apply(
                    operation, stamp: Stamp(lamport: stored.lamport, write: write), rules: .registry, graph: index)
            }
        }
        dirty[record]?.state = state
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
        if let known = numbers[id] { return known }
        if let stored = try view.record(id) {
            numbers[id] = stored.number
            try insert(stored)
            return stored.number
        }
        let number = try view.insertRecord(id)
        numbers[id] = number
        dirty[number] = Dirty(id: id, state: RecordState(), isNew: true)
        order.append(number)
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
        dirty[stored.number] = Dirty(id: stored.id, state: state, isNew: false)
        order.append(stored.number)
    }

    /// Writes the states and rows of every record that was touched.
    func finish() throws {
        for number in order {
            guard let record = dirty[number] else { continue }
            try write(record, number)
        }
        dirty.removeAll()
        order.removeAll()
    }

    private func write(_ record: Dirty, _ number: Int64) throws {
        let state = record.state
        let document = RecordDocument(id: record.id, state: state, graph: index)
        let isVisible = document != nil && state.isVisible(graph: index)
        try view.update(
            record: number, kind: state.kind ?? 0, isVisible: isVisible, state: try state.bytes(numbering: index))
        try writeRows(document, isVisible, record, number)
        let conflicts = document.map { ConflictFinder.conflicts(in: state, kind: $0.kind, graph: index) } ?? []
        try view.setConflicts(
            record: number, conflicts.map { (field: $0.field, key: $0.key?.word) }, isNew: record.isNew)
        for name in state.life.deletions.flatMap(\.seen) where !index.isKnown(name) {
            try view.await(name, record: number)
        }
        try view.enqueueForSearch(number)
    }

    private func writeRows(_ document: RecordDocument?, _ isVisible: Bool, _ record: Dirty, _ number: Int64) throws {
        guard let document else { return }
        for (table, rows) in ViewRows.rows(of: document) {
            try view.replace(record: number, in: table, isNew: record.isNew, rows: isVisible ? rows : [])
        }
    }
}
