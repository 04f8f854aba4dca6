/// Every operation on one record, read through the changes that touch it and through nothing else.
struct RecordPast {
    let id: RecordID
    let number: Int64
    /// What they come to today.
    let state: RecordState
    /// In winner order, the newest last.
    let steps: [Step]
    private let places: [WriteName: (step: Int, operation: Int)]

    /// What one change does to the record.
    struct Step {
        var change: StoredChange
        var operations: [(index: UInt32, operation: Operation)]
        /// The change that it undoes: an earlier one.
        var undoes: ChangeName?

        func write(_ index: UInt32) -> WriteName { WriteName(change: change.name, operation: index) }
    }

    /// Nil where there is no such record.
    init?(_ id: RecordID, _ session: Session, _ read: ChangesRead? = nil) throws {
        let read = read ?? ChangesRead(session)
        guard let record = try session.view.record(id) else { return nil }
        (self.id, number) = (id, record.number)
        state = try RecordState(record.state, numbering: session.index)
        let changes = try state.touches.compactMap { try session.index.stored($0) }
        // By carrier, so that each segment is opened once.
        let inLog = changes.sorted { ($0.carrier?.segment ?? .max, $0.number) < ($1.carrier?.segment ?? .max, $1.number) }
        steps = try inLog.map { try Self.step($0, record.number, session, read) }.sorted { Self.stamp($0) < Self.stamp($1) }
        var places: [WriteName: (step: Int, operation: Int)] = [:]
        for (number, step) in steps.enumerated() {
            for (place, entry) in step.operations.enumerated() { places[step.write(entry.index)] = (number, place) }
        }
        self.places = places
    }

    private static func step(_ change: StoredChange, _ record: Int64, _ session: Session, _ read: ChangesRead) throws -> Step {
        let touched = try Touched(try session.view.touched(change.number) ?? [])
        let operations = try read.operations(change)
        let own = touched.operations(on: record).joined().filter(operations.indices.contains)
        return Step(
            change: change, operations: own.map { (UInt32(truncatingIfNeeded: $0), operations[$0]) },
            undoes: try session.undone(by: change, operations))
    }

    private static func stamp(_ step: Step) -> Stamp { Stamp(lamport: step.change.lamport, write: step.write(0)) }

    /// The histories of texts that were edited, with their void edits.
    func texts(under rules: FieldRules) -> [RecordState.Slot: TextHistory] {
        var entries: [RecordState.Slot: [TextHistory.Entry]] = [:]
        for step in steps {
            for (index, operation) in step.operations where TextHistory.holds(operation, rules) {
                let stamp = Stamp(lamport: step.change.lamport, write: step.write(index))
                entries[RecordState.Slot(operation.field, operation.key), default: []].append(
                    TextHistory.Entry(stamp: stamp, operation: operation, isVoid: step.change.void != nil))
            }
        }
        return entries.filter { $0.value.contains { $0.operation.code == .edit } }.mapValues(TextHistory.init)
    }

    func step(of change: ChangeName) -> Step? { steps.first { $0.change.name == change } }

    func operation(_ write: WriteName) -> Operation? {
        places[write].map { steps[$0.step].operations[$0.operation].operation }
    }

    func isVoid(_ write: WriteName) -> Bool { places[write].map { steps[$0.step].change.void != nil } ?? false }

    /// What an operation names in its own place, and in the place of the void writes among that what these named.
    func replaced(by operation: Operation) -> [WriteName] {
        guard operation.code != .life, operation.code != .undo else { return [] }
        let slot = RecordState.Slot(operation.field, operation.key)
        var names = operation.names
        var next = 0
        while next < names.count {
            let name = names[next]
            next += 1
            guard isVoid(name), let void = self.operation(name), RecordState.Slot(void.field, void.key) == slot else { continue }
            for handedOn in void.names where !names.contains(handedOn) { names.append(handedOn) }
        }
        return names.filter { name in
            !isVoid(name) && (self.operation(name).map { RecordState.Slot($0.field, $0.key) == slot } ?? false)
        }
    }

    /// Whether some change undoes it that was not undone itself.
    func isUndone(_ name: ChangeName, without: ChangeName? = nil) -> Bool {
        steps.contains { $0.undoes == name && isCounted($0, without) && !isUndone($0.change.name, without: without) }
    }

    /// The changes that were undone, and those that undid them. `without` a change, what it undid is done.
    func undonePairs(without: ChangeName?) -> Set<ChangeName> {
        var pairs: Set<ChangeName> = []
        for step in steps where isCounted(step, without) {
            guard let undone = step.undoes, undone != without, self.step(of: undone)?.change.void == nil, self.step(of: undone) != nil,
                !isUndone(step.change.name, without: without)
            else { continue }
            pairs.formUnion([undone, step.change.name])
        }
        return pairs
    }

    private func isCounted(_ step: Step, _ without: ChangeName?) -> Bool { step.change.void == nil && step.change.name != without }

    /// What the changes make of the record that count and that `isCounted` does not leave out.
    func state(_ session: Session, counting isCounted: (StoredChange) -> Bool) -> RecordState {
        let left = Set(steps.map(\.change).filter { $0.void != nil || !isCounted($0) }.map(\.name))
        let graph = PastGraph(past: self, index: session.index, left: left)
        let folded = steps.sorted { $0.change.number < $1.change.number }.map { step in
            RecordState.Step(
                change: step.change.name, lamport: step.change.lamport, isVoid: left.contains(step.change.name),
                operations: step.operations)
        }
        return RecordState(folding: folded, rules: session.schema.rules, graph: graph)
    }
}

/// What the log would say if some changes did not count.
private struct PastGraph: ChangeGraph {
    let past: RecordPast
    let index: ChangeIndex
    let left: Set<ChangeName>

    func isKnown(_ name: ChangeName) -> Bool { ((try? index.stored(name)) ?? nil) != nil }

    func isOnBranch(_ earlier: ChangeName, of later: ChangeName) -> Bool { index.isOnBranch(earlier, of: later) }

    func namedByVoid(_ write: WriteName, in slot: RecordState.Slot) -> [WriteName] {
        guard left.contains(write.change), let operation = past.operation(write),
            RecordState.Slot(operation.field, operation.key) == slot
        else { return [] }
        return operation.names
    }
}
