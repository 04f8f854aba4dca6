#if BROKEN_RULES
/// Merge rules that are wrong on purpose: what a test must find. No release build has them.
package enum BrokenRule: String, CaseIterable, Sendable {
    /// The greatest write drops the others.
    case register, quiet
    /// Readers see the greatest instead of the strictest.
    case strictest
    /// A remove also takes adds of the same element that it never saw.
    case set
    /// Of several values of one entry the last to arrive is shown.
    case log
    /// The deletion of an item hides what was written to it meanwhile.
    case map
    /// An increment of a generation that was closed counts in the newest one that is here.
    case counter
    /// A deletion hides the edits that it never saw, and nobody is told.
    case life
    /// An edit of a text takes the place of what others made of the same beginning.
    case text
    /// A parting beats a link that it never saw.
    case same

    // Kinds that come later: a case here, and what it spoils below or where the rule is.

    @TaskLocal package static var active: BrokenRule?
}

extension BrokenRule {
    /// What this makes of a state to which an operation was applied rightly.
    func spoil(_ state: inout RecordState, before: RecordState, _ operation: Operation, _ rules: FieldRules, _ stamp: Stamp) {
        let slot = RecordState.Slot(operation.field, operation.key)
        let index = state.firstIndex(notBefore: slot)
        guard index < state.slots.count, state.slots[index].slot == slot else { return }
        switch (self, state.slots[index].content) {
        case (.register, .writes(var writes)) where rules[slot.field]?.kind == .register,
            (.quiet, .writes(var writes)) where rules[slot.field]?.kind == .quiet:
            writes.live = Array(writes.live.prefix(1))
            state.slots[index].content = .writes(writes)
        case (.text, .writes(var writes)) where operation.code == .edit:
            writes.live = Array(writes.live.prefix(1))
            state.unfolded.remove(slot)
            state.slots[index].content = .writes(writes)
        case (.set, .writes(var writes)) where operation.code == .remove:
            let removed = Set(before.live(slot.field).filter { operation.names.contains($0.stamp.write) }.map(\.value))
            writes.live.removeAll { removed.contains($0.value) }
            state.slots[index].content = .writes(writes)
        case (.log, .entry(var entry)) where operation.code == .entry:
            guard let place = entry.writes.firstIndex(where: { $0.stamp == stamp }) else { return }
            entry.writes.insert(entry.writes.remove(at: place), at: 0)
            state.slots[index].content = .entry(entry)
        case (.counter, .tally(var tally)) where operation.code == .increment:
            guard let amount = operation.value?[part: 1]?.integer, let closed = operation.value?[part: 2]?.integer,
                let generation = UInt64(exactly: closed), generation < tally.generation
            else { return }
            tally.add(0 &- amount, generation: generation)
            tally.add(amount, generation: tally.generation)
            state.slots[index].content = .tally(tally)
        default: return
        }
    }
}
#endif
