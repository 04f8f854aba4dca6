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
        let writes = counted(slot, isSet ? .add : .assign).map { one in
            Write(stamp: one.stamp, value: one.operation.value ?? .nothing)
        }
        return writes.filter { !named.contains($0.stamp.write) }.sorted { $1.stamp < $0.stamp }
    }

    /// Of a text: each live write with what all that are live of its beginning make together.
    func text(_ slot: RecordState.Slot) -> [Write] {
        let parents = edits(slot)
        func isThere(_ one: Done) -> Bool { one.operation.code != .edit || parents[one.stamp.write] != nil }
        var named = Set(counted(slot, .assign, .edit, .redacted).filter(isThere).flatMap(\.operation.names))
        var size = -1
        while named.count != size {
            size = named.count
            for one in done where one.isVoid && one.slot == slot && named.contains(one.stamp.write) { named.formUnion(one.operation.names) }
        }
        let writes = counted(slot, .assign, .edit).filter(isThere)
        let replaced = Set(writes.filter { isFirst($0) && named.contains($0.stamp.write) }.compactMap(\.operation.value))
        let live = writes.filter { one in
            !named.contains(one.stamp.write) && !(isFirst(one) && one.operation.value.map(replaced.contains) ?? false)
        }
        return live.sorted { $1.stamp < $0.stamp }.map { one in
            let isEdited = live.contains { other in
                other.operation.code == .edit && same(beginning(other.stamp.write, parents), beginning(one.stamp.write, parents))
            }
            return Write(stamp: one.stamp, value: isEdited ? together(one, live, slot, parents) : one.operation.value ?? .nothing)
        }
    }

    private func isFirst(_ one: Done) -> Bool { one.operation.code == .assign && one.operation.names.isEmpty }

    private func one(_ write: WriteName) -> Done? { done.first { $0.stamp.write == write } }

    /// Each edit that is there with all that it was made on, and what that is.
    private func edits(_ slot: RecordState.Slot) -> [WriteName: [WriteName]] {
        var there = Set(done.filter { $0.slot == slot && $0.operation.code == .assign }.map(\.stamp.write))
        var edits: [WriteName: [WriteName]] = [:]
        while let next = done.first(where: { one in
            one.slot == slot && one.operation.code == .edit && !there.contains(one.stamp.write) && !one.operation.names.isEmpty
                && one.operation.value.flatMap(TextEdit.init) != nil && one.operation.names.allSatisfy(there.contains)
        }) {
            there.insert(next.stamp.write)
            let beginning = beginning(next.operation.names[0], edits)
            edits[next.stamp.write] = next.operation.names.filter { same(self.beginning($0, edits), beginning) }
        }
        return edits
    }

    private func beginning(_ write: WriteName, _ edits: [WriteName: [WriteName]]) -> WriteName {
        edits[write].map { beginning($0[0], edits) } ?? write
    }

    private func same(_ a: WriteName, _ b: WriteName) -> Bool {
        guard a != b, let a = one(a), let b = one(b) else { return a == b }
        return isFirst(a) && isFirst(b) && a.slot == b.slot && a.operation.value == b.operation.value
    }

    private func together(_ head: Done, _ live: [Done], _ slot: RecordState.Slot, _ parents: [WriteName: [WriteName]]) -> Value {
        let start = beginning(head.stamp.write, parents)
        var open = live.map(\.stamp.write).filter { same(beginning($0, parents), start) }
        var past: Set<WriteName> = []
        while let next = open.popLast() { if past.insert(next).inserted { open += parents[next] ?? [] } }
        var order: [PlainFugue.Edit] = []
        var left = past.filter { parents[$0] != nil }
        while let next = left.first(where: { (parents[$0] ?? []).allSatisfy { !left.contains($0) } }) {
            left.remove(next)
            guard let one = one(next), let edit = one.operation.value.flatMap(TextEdit.init) else { continue }
            order.append(
                PlainFugue.Edit(
                    stamp: one.stamp, parents: (parents[next] ?? []).filter { parents[$0] != nil }, edit: edit, isVoid: one.isVoid))
        }
        let beginnings = past.filter { parents[$0] == nil }.compactMap(one)
        let isHidden = beginnings.allSatisfy(\.isVoid) && done.allSatisfy { !same($0.stamp.write, start) || $0.isVoid }
        let bytes = PlainFugue(Array((one(start)?.operation.value?.text ?? "").utf8), order, isBeginningVoid: isHidden).text
        return .text(String(decoding: bytes, as: UTF8.self))
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

    /// Whether a record is there, and which others are the same, says nothing of what it says.
    private static let noEdits: Set = [0, Field.same, Field.different]

    func unseenEdits() -> Set<ChangeName> {
        unseen(RecordState.Slot(0), Set(done.filter { !$0.isVoid && !Self.noEdits.contains($0.operation.field) && isUnderstood($0.operation) }.map(\.stamp.write.change)))
    }

    func isItemVisible(_ key: ItemKey) -> Bool {
        let slot = RecordState.Slot(History.map, key)
        let edits = live(RecordState.Slot(History.itemField, key)).map(\.stamp.write.change)
        return length(slot) % 2 == 1 || !unseen(slot, Set(edits)).isEmpty
    }

    var isVisible: Bool { length(RecordState.Slot(0)) % 2 == 1 || !unseenEdits().isEmpty }

    private static let codes: [Operation.Code] = [.life, .assign, .add, .remove, .entry, .retract, .increment, .redacted, .edit]

    private func isUnderstood(_ operation: Operation) -> Bool {
        guard Self.codes.contains(operation.code), FieldRules.registry[operation.field] != nil else { return false }
        if operation.code == .edit { return !operation.names.isEmpty && operation.value.flatMap(TextEdit.init) != nil }
        return operation.code != .life || operation.value?[part: 1]?.integer ?? 0 > 0
    }
}
