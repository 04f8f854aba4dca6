/// The inverse where values are entries and increments, which are never replaced.
extension RecordUndo {
    /// A retraction is for good: what comes back comes under a key that follows from the one that it had, so that whoever brings it back
    /// brings back one entry.
    static func key(after key: ItemKey) -> ItemKey { ItemKey(derivedFrom: Array("again".utf8), key.bytes) }

    func entry(_ key: ItemKey, _ field: UInt32, _ state: RecordState) -> LogEntry? {
        if case .entry(let entry) = state[RecordState.Slot(field, key)] { entry } else { nil }
    }

    /// Where an entry stands now that was retracted and brought back, perhaps several times, and what it says there; else the first key that
    /// is free for it.
    func standing(_ key: ItemKey, _ field: UInt32) -> (key: ItemKey, values: [Value]) {
        var key = key
        while entry(key, field, now)?.isRetracted ?? false { key = Self.key(after: key) }
        return (key, shown(key, field, now))
    }

    /// The key that an entry had before it was retracted and brought back.
    func begun(_ key: ItemKey, _ field: UInt32) -> ItemKey {
        let before = now.slots(of: field).compactMap(\.slot.key).first { Self.key(after: $0) == key }
        return before.map { begun($0, field) } ?? key
    }

    /// What an entry says; nothing where it is retracted.
    func shown(_ key: ItemKey, _ field: UInt32, _ state: RecordState) -> [Value] {
        entry(key, field, state).map { $0.isRetracted ? [] : Self.distinct($0.writes) } ?? []
    }

    func entry(_ slot: RecordState.Slot, _ key: ItemKey) -> (UndoPlan.Act, [UndoPlan.Inverse])? {
        let state = target(slot)
        let key = isSettled(slot) && !past.isUndone(change.name) ? begun(key, slot.field) : key
        let (standing, before) = standing(key, slot.field)
        let after = shown(key, slot.field, state)
        // Retracted by others too: it stays so.
        let isRetracted = entry(key, slot.field, state)?.isRetracted ?? false
        guard !isRetracted, Set(before) != Set(after) else { return nil }
        var writes: [UndoPlan.Inverse] = []
        var free = standing
        if !before.isEmpty {
            writes.append(.retract(slot.field, standing))
            repeat { free = Self.key(after: free) } while entry(free, slot.field, now)?.isRetracted ?? false
        }
        writes += after.reversed().map { .enter(slot.field, free, $0) }
        let back = after.filter { !before.contains($0) }
        return (.exchange(back: back, gone: before.filter { !after.contains($0) }), writes)
    }

    func counter(_ slot: RecordState.Slot) -> (UndoPlan.Act, [UndoPlan.Inverse])? {
        guard case .tally(let tally) = now[slot], !past.isUndone(change.name) else { return nil }
        var sums: [UInt64: Int64] = [:]
        let own = past.step(of: change.name).map { increments($0, slot) } ?? []
        for (amount, generation) in own { sums[generation, default: 0] &-= amount }
        // A tally that was closed goes on in the new one.
        let newest = tally.generation
        if newest > 0, closers(of: newest, slot) == [change.name] { sums[newest, default: 0] &+= tally.sums[newest - 1] ?? 0 }
        let writes = sums.sorted { $0.key < $1.key }.filter { $0.value != 0 }.map {
            UndoPlan.Inverse.increment(slot.field, $0.value, generation: $0.key)
        }
        return writes.isEmpty ? nil : (.count(sums[tally.generation] ?? 0), writes)
    }

    func increments(_ step: RecordPast.Step, _ slot: RecordState.Slot) -> [(amount: Int64, generation: UInt64)] {
        step.operations.map(\.operation).compactMap { operation in
            guard operation.code == .increment, operation.field == slot.field, let amount = operation.value?[part: 1]?.integer,
                let generation = operation.value?[part: 2]?.integer, generation >= 0
            else { return nil }
            return (amount, UInt64(generation))
        }
    }

    /// The changes that began a tally anew, and were not undone.
    func closers(of generation: UInt64, _ slot: RecordState.Slot) -> [ChangeName] {
        past.steps.filter { step in
            step.change.void == nil && increments(step, slot).contains { $0.amount == 0 && $0.generation == generation } && !past.isUndone(step.change.name)
        }.map(\.change.name)
    }
}
