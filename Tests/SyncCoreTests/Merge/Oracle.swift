@testable import SyncCore

/// What a set of changes must come to, written down as DESIGN.md, section 3, says it, and in no other way: slow, and without order.
struct Oracle {
    private struct Done {
        var operation: Operation
        var stamp: Stamp
        var isVoid: Bool
        var slot: RecordState.Slot { RecordState.Slot(operation.field, operation.key) }
    }

    private let done: [Done]
    private let graph: Knowledge

    init(_ graph: Knowledge, _ record: RecordID) {
        self.graph = graph
        done = graph.history.changes.filter { graph.known.contains($0.name) }.flatMap { change in
            graph.operations(of: change, on: record).map { index, operation in
                Done(
                    operation: operation,
                    stamp: Stamp(
                        lamport: graph.history.lamport[change.name] ?? 0,
                        write: WriteName(change: change.name, operation: index)),
                    isVoid: graph.void.contains(change.name))
            }
        }
    }

    private func counted(_ slot: RecordState.Slot, _ codes: Operation.Code...) -> [Done] {
        done.filter { !$0.isVoid && $0.slot == slot && codes.contains($0.operation.code) }
    }

    /// Writes of counted changes that no counted change names, void ones handing on what they named; the winner first.
    func live(_ slot: RecordState.Slot) -> [Write] {
        let isSet = FieldRules.registry[slot.field]?.kind == .set
        var named = Set(counted(slot, isSet ? .add : .assign, .remove, .redacted).flatMap(\.operation.names))
        var size = -1
        while named.count != size {
            size = named.count
            for one in done where one.isVoid && one.slot == slot && named.contains(one.stamp.write) {
                named.formUnion(one.operation.names)
            }
        }
        let isText = FieldRules.registry[slot.field]?.kind == .text
        let writes = counted(slot, isSet ? .add : .assign).map { one in
            Write(stamp: one.stamp, value: one.operation.value ?? .nothing, isFirst: isText && one.operation.names.isEmpty)
        }
        let replaced = Set(writes.filter { $0.isFirst && named.contains($0.stamp.write) }.map(\.value))
        return writes.filter { !named.contains($0.stamp.write) && !($0.isFirst && replaced.contains($0.value)) }
            .sorted { $1.stamp < $0.stamp }
    }

    func entry(_ slot: RecordState.Slot) -> (values: [Value], isRetracted: Bool) {
        let writes = counted(slot, .entry).sorted { $1.stamp < $0.stamp }.compactMap(\.operation.value)
        return (writes.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }, !counted(slot, .retract).isEmpty)
    }

    func tally(_ slot: RecordState.Slot) -> Int64 {
        let all = counted(slot, .increment).compactMap(\.operation.value)
        let newest = all.compactMap { $0[part: 2]?.integer }.max()
        return all.filter { $0[part: 2]?.integer == newest }.compactMap { $0[part: 1]?.integer }.reduce(0, &+)
    }

    func length(_ slot: RecordState.Slot) -> Int64 { counted(slot, .life).compactMap { $0.operation.value?[part: 1]?.integer }.max() ?? 0 }

    /// Of `edits`, those that no deletion at the greatest length had seen.
    private func unseen(_ slot: RecordState.Slot, _ edits: Set<ChangeName>) -> Set<ChangeName> {
        let length = length(slot)
        guard length > 0, length % 2 == 0 else { return [] }
        let deletions = counted(slot, .life).filter { $0.operation.value?[part: 1]?.integer == length }
        return edits.filter { edit in
            !deletions.contains { deletion in
                (deletion.operation.names.map(\.change) + [deletion.stamp.write.change]).contains {
                    graph.isOnBranch(edit, of: $0)
                }
            }
        }
    }

    func unseenEdits() -> Set<ChangeName> {
        unseen(RecordState.Slot(0), Set(done.filter { !$0.isVoid && $0.operation.field != 0 && isUnderstood($0.operation) }.map(\.stamp.write.change)))
    }

    func isItemVisible(_ key: ItemKey) -> Bool {
        let slot = RecordState.Slot(History.map, key)
        let edits = live(RecordState.Slot(History.itemField, key)).map(\.stamp.write.change)
        return length(slot) % 2 == 1 || !unseen(slot, Set(edits)).isEmpty
    }

    var isVisible: Bool { length(RecordState.Slot(0)) % 2 == 1 || !unseenEdits().isEmpty }

    private static let codes: [Operation.Code] = [.life, .assign, .add, .remove, .entry, .retract, .increment, .redacted]

    private func isUnderstood(_ operation: Operation) -> Bool {
        guard Self.codes.contains(operation.code), FieldRules.registry[operation.field] != nil else { return false }
        return operation.code != .life || operation.value?[part: 1]?.integer ?? 0 > 0
    }
}
