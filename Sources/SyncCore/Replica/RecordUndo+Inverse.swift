/// What takes the place of what stands in one place of a record.
extension RecordUndo {
    /// Nil where the place is as it would be without the change.
    func inverse(_ slot: RecordState.Slot) throws -> (UndoPlan.Act, [UndoPlan.Inverse])? {
        if slot.field == 0 { return life() }
        guard let field = schema?[slot.field] else { return nil }
        switch field.kind {
        case .register, .quiet, .strictest: return register(field, slot)
        case .text: return text(field, slot)
        case .set: return set(slot)
        case .log: return slot.key.flatMap { entry(slot, $0) }
        case .map: return slot.key.flatMap { item(field, $0) }
        case .counter: return counter(slot)
        }
    }

    func life() -> (UndoPlan.Act, [UndoPlan.Inverse])? {
        switch (now.life.isAlive, target(RecordState.Slot(0)).life.isAlive) {
        case (true, false): (.delete, [.delete])
        case (false, true): (.restore, [.restore])
        default: nil
        }
    }

    func item(_ map: FieldSchema, _ key: ItemKey) -> (UndoPlan.Act, [UndoPlan.Inverse])? {
        let slot = RecordState.Slot(map.number, key)
        switch (isAlive(slot, now), isAlive(slot, target(slot))) {
        case (true, false): return (.removeItem, [.removeItem(map, key)])
        case (false, true): return (.restoreItem, [.restoreItem(map.number, key)])
        default: return nil
        }
    }

    /// Live writes whose values are to go and to stay, and values that are to come.
    func difference(_ slot: RecordState.Slot) -> (gone: [Write], kept: [Write], back: [Value]) {
        let live = now.live(slot.field, slot.key)
        let values = Self.distinct(target(slot).live(slot.field, slot.key))
        return (
            live.filter { !values.contains($0.value) }, live.filter { values.contains($0.value) },
            values.filter { value in !live.contains { $0.value == value } }
        )
    }

    func register(_ field: FieldSchema, _ slot: RecordState.Slot) -> (UndoPlan.Act, [UndoPlan.Inverse])? {
        let (gone, kept, back) = difference(slot)
        guard !gone.isEmpty || !back.isEmpty else { return nil }
        var (values, names) = (back, gone.map(\.stamp.write))
        let target = Self.distinct(target(slot).live(slot.field, slot.key))
        if !back.isEmpty, let first = target.first, !back.contains(first) {
            // What was written last is shown: what was shown must be written with the rest.
            (values, names) = (target, (gone + kept).map(\.stamp.write))
        }
        if values.isEmpty {
            // A register cannot lose a value, only get another one: the one that stays beside it, or none.
            values = [kept.first?.value ?? .nothing]
            if let first = kept.first { names.append(first.stamp.write) }
        }
        let before = Self.distinct(now.live(slot.field, slot.key))
        let after = values + Self.distinct(kept).filter { !values.contains($0) }
        guard before != [.nothing] || after != [.nothing] else { return nil }
        return (.set(from: before, to: after), [.assign(field, slot.key, replacing: names, values)])
    }

    /// The text that everything else makes of it: what was written before and since stays. A beginning that others have written on stays:
    /// without it theirs is no text.
    func text(_ field: FieldSchema, _ slot: RecordState.Slot) -> (UndoPlan.Act, [UndoPlan.Inverse])? {
        let before = Self.distinct(now.live(slot.field, slot.key))
        if let text = textBefore(slot) { return before == [text] ? nil : (.set(from: before, to: [text]), [.text(field, slot.key, text)]) }
        let after = Self.distinct(target(slot).live(slot.field, slot.key))
        guard Set(before) != Set(after), after.count < 2 else { return register(field, slot) }
        if target(slot).live(slot.field, slot.key).contains(where: { beginnings(slot).contains($0.textRoot) }) { return nil }
        let text = after.first ?? .nothing
        return before == [text] ? nil : (.set(from: before, to: [text]), [.text(field, slot.key, text)])
    }

    /// What the change was made on, where nobody edited the text since: that comes back to the letter, however often it was undone before.
    func textBefore(_ slot: RecordState.Slot) -> Value? {
        let live = now.live(slot.field, slot.key)
        guard live.count == 1, live[0].stamp.write.change == change.name, let operation = past.operation(live[0].stamp.write), operation.code == .edit,
            let history = past.texts(under: session.schema.rules)[slot], Set(operation.names.map(history.root)).count == 1
        else { return nil }
        return history.text(operation.names).map(Value.text)
    }

    /// By what they are told from others, the texts that the change began in a place.
    func beginnings(_ slot: RecordState.Slot) -> [Hash32] {
        guard let step = past.step(of: change.name) else { return [] }
        return step.operations.compactMap { index, operation in
            guard operation.code == .assign, RecordState.Slot(operation.field, operation.key) == slot, let value = operation.value else { return nil }
            let stamp = Stamp(lamport: step.change.lamport, write: step.write(index))
            return Write(stamp: stamp, value: value, isFirst: operation.names.isEmpty).textRoot
        }
    }

    static func distinct(_ writes: [Write]) -> [Value] {
        var values: [Value] = []
        for write in writes where !values.contains(write.value) { values.append(write.value) }
        return values
    }

    func set(_ slot: RecordState.Slot) -> (UndoPlan.Act, [UndoPlan.Inverse])? {
        let (gone, _, returning) = difference(slot)
        let leaving = Self.distinct(gone)
        guard !leaving.isEmpty || !returning.isEmpty else { return nil }
        let removals = leaving.map { value in
            UndoPlan.Inverse.remove(slot.field, gone.filter { $0.value == value }.map(\.stamp.write))
        }
        return (.exchange(back: returning, gone: leaving), removals + returning.map { .add(slot.field, $0) })
    }
}
