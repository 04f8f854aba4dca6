@testable import SyncCore

/// Applies changes one by one, as a replica's view does: folds a record again only when something comes that it waited for.
final class Incremental {
    private let graph: Knowledge
    private(set) var states: [RecordID: RecordState] = [:]
    private var waiting: [ChangeName: Set<RecordID>] = [:]
    private var unresolved: [WriteName] = []

    init(_ history: History, void: Set<ChangeName>) { graph = Knowledge(history, of: [], void: void) }

    func apply(_ change: Change) {
        guard !graph.known.contains(change.name) else { return }
        let before = Set(unresolved.filter { graph.record(of: $0) == nil })
        // While it is applied the change is not known, but its operations have their records.
        for (index, operation) in change.operations.enumerated() {
            let write = WriteName(change: change.name, operation: UInt32(index))
            guard let record = record(of: operation) else {
                unresolved.append(write)
                continue
            }
            apply(operation, write, to: record)
        }
        graph.known.insert(change.name)
        for record in states.keys where states[record]?.isUnfolded ?? false { refold(record) }
        for record in waiting[change.name] ?? [] { refold(record) }
        for write in before.union(unresolved) {
            guard let record = graph.record(of: write) else { continue }
            unresolved.removeAll { $0 == write }
            refold(record)
        }
    }

    private func record(of operation: Operation) -> RecordID? {
        switch operation.record {
        case .id(let id): id
        case .named: operation.names.first.flatMap { graph.record(of: $0) }
        }
    }

    private func apply(_ operation: Operation, _ write: WriteName, to record: RecordID) {
        let knowledge = RecordKnowledge(base: graph, record: record)
        var state = states[record] ?? RecordState()
        state.touch(write.change)
        if !graph.void.contains(write.change) {
            state.apply(
                operation, stamp: Stamp(lamport: graph.history.lamport[write.change] ?? 0, write: write), rules: .registry,
                graph: knowledge)
        }
        states[record] = state
        wait(state.awaited(graph: knowledge), record)
    }

    private func wait(_ names: [ChangeName], _ record: RecordID) {
        for name in names { waiting[name, default: []].insert(record) }
    }

    private func refold(_ record: RecordID) {
        let state = graph.state(of: record)
        states[record] = state
        wait(state.awaited(graph: RecordKnowledge(base: graph, record: record)), record)
    }

    /// The void set is another from now on: what it touches is folded again.
    func setVoid(_ void: Set<ChangeName>) {
        let changed = void.symmetricDifference(graph.void)
        graph.void = void
        for record in states.keys where states[record]?.touches.contains(where: changed.contains) ?? false { refold(record) }
    }
}
