extension Session {
    /// What undoing a change would do.
    ///
    /// - Throws: `usage` where the change is not here.
    public func undoPlan(of name: ChangeName) throws -> UndoPlan {
        guard let change = try index.stored(name) else {
            throw SyncError(.usage, "The change \(name) is not here.", safe: "Nothing was changed.", next: "See the names in  sync log.")
        }
        return try undoPlan(of: change, ChangesRead(self))
    }

    private func undoPlan(of change: StoredChange, _ read: ChangesRead) throws -> UndoPlan {
        let operations = try read.operations(change)
        let touched = try Touched(try view.touched(change.number) ?? [])
        var plan = UndoPlan(change: try origin(change.name, try team()), undoes: try undone(by: change, operations))
        let places = operations.indices.map { touched.record(ofOperation: UInt32(truncatingIfNeeded: $0)) }
        plan.anchor = places.firstIndex { $0 != nil }.map { WriteName(change: change.name, operation: UInt32(truncatingIfNeeded: $0)) }
        var seen: Set<Int64> = []
        for number in places.compactMap(\.self) where seen.insert(number).inserted {
            guard let id = try view.recordID(number: number), let past = try RecordPast(id, self, read) else { continue }
            try RecordUndo(change, past, self).add(to: &plan)
        }
        return plan
    }

    /// What to undo where nobody says: this device's newest change that still has an effect, and is no undo. Doing an undone change again
    /// is no undo. That change may be one of which nothing can be taken back: then a person says which.
    public func newestUndoable(of device: DeviceID) throws -> UndoPlan? {
        let read = ChangesRead(self)
        for author in try log.authors().reversed() where author.device == device {
            var next = try log.newestChange(of: author.number)
            while let change = next {
                if change.void == nil, try undoDepth(change, read) % 2 == 0, case let plan = try undoPlan(of: change, read), plan.hasEffect {
                    return plan
                }
                next = try change.previousMark.flatMap { mark in
                    try index.stored(ChangeName(author: author.id, seq: change.name.seq - 1, mark: mark))
                }
            }
        }
        return nil
    }

    /// 0 for a change that undoes nothing, 1 for an undo, 2 for the undo of an undo.
    private func undoDepth(_ change: StoredChange, _ read: ChangesRead) throws -> Int {
        var depth = 0
        var next = change
        while let undone = try undone(by: next, read.operations(next)).flatMap(index.stored) {
            depth += 1
            next = undone
        }
        return depth
    }

    /// The change that a change undoes. Only an earlier one: whoever names what comes later undoes nothing.
    func undone(by change: StoredChange, _ operations: [Operation]) throws -> ChangeName? {
        guard let first = operations.first, first.code == .undo, let undone = try first.names.first.flatMap({ try index.stored($0.change) }),
            undone.lamport < change.lamport
        else { return nil }
        return undone.name
    }
}

/// What undoing a change does to one record: it is to be as if the change did not count, wherever the change still shows.
private struct RecordUndo {
    private let change: StoredChange
    private let past: RecordPast
    private let session: Session
    private let now: RecordState
    /// What it is by the changes that were not undone: with it an undo is gone back beyond.
    private let settled: RecordState
    /// The same without the change, and what was undone by it done again.
    private let settledWithout: RecordState
    /// What everything else makes of it.
    private let without: RecordState
    private let kind: RecordKind?

    init(_ change: StoredChange, _ past: RecordPast, _ session: Session) {
        (self.change, self.past, self.session) = (change, past, session)
        now = past.state
        without = past.state(session) { $0.name != change.name }
        let (paired, pairedWithout) = (past.undonePairs(without: nil), past.undonePairs(without: change.name))
        settled = paired.isEmpty ? now : past.state(session) { !paired.contains($0.name) }
        settledWithout = pairedWithout.isEmpty ? without : past.state(session) { $0.name != change.name && !pairedWithout.contains($0.name) }
        kind = session.schema.kind(now.kind)
    }

    private var schema: RecordSchema? { kind.flatMap { session.schema[$0] } }

    private func content(_ slot: RecordState.Slot, _ state: RecordState) -> RecordState.Content? {
        slot.field == 0 ? .life(state.life) : state[slot]
    }

    /// The places that the change edited: lives first, as they decide about the rest.
    private var slots: [RecordState.Slot] {
        var slots: [RecordState.Slot] = []
        for (_, operation) in past.step(of: change.name)?.operations ?? [] where operation.code != .undo {
            let slot = RecordState.Slot(operation.field, operation.key)
            if !slots.contains(slot) { slots.append(slot) }
        }
        return slots.filter(isLife) + slots.filter { !isLife($0) }
    }

    private func isLife(_ slot: RecordState.Slot) -> Bool { slot.field == 0 || schema?[slot.field]?.kind == .map }

    func add(to plan: inout UndoPlan) throws {
        var refused: [RecordState.Slot: UndoPlan.Reason] = [:]
        // Records and items that go, or that were made and must stay: what was made in them goes or stays with them.
        var whole: [RecordState.Slot] = []
        var returning: [RecordState.Slot] = []
        for slot in slots where !isCovered(slot, whole) {
            if let reason = try hindrance(slot, returning) {
                refused[slot] = reason
                if case .editedSince = reason, !existed(slot) { whole.append(slot) }
            } else if let (act, writes) = try inverse(slot) {
                plan.returns.append(
                    UndoPlan.Return(record: past.id, kind: kind, field: schema?[slot.field], key: slot.key, act: act, writes: writes))
                if writes.contains(where: \.isRemovalOfAll), !existed(slot) { whole.append(slot) }
                returning.append(slot)
                noteVisibility(slot, &plan)
            } else {
                refused[slot] = .fate
            }
        }
        if !refused.isEmpty { try refuse(refused, &plan) }
    }

    /// Whether it is part of a record or an item that the change brought into being.
    private func isCovered(_ slot: RecordState.Slot, _ whole: [RecordState.Slot]) -> Bool {
        whole.contains { made in
            made.field == 0 || made.key == slot.key && schema?[made.field]?.itemFields.contains { $0.number == slot.field } ?? false
        }
    }

    /// Whether a life was there before the change.
    private func existed(_ slot: RecordState.Slot) -> Bool {
        if case .life(let life) = content(slot, target(slot)) { life.exists } else { false }
    }

    /// What a place is to become. Where what was not undone says the same as what is there, that without the change; else what everything else
    /// makes of it.
    private func target(_ slot: RecordState.Slot) -> RecordState { isSettled(slot) && !past.isUndone(change.name) ? settledWithout : without }

    private func isSettled(_ slot: RecordState.Slot) -> Bool {
        if isLife(slot) { return isAlive(slot, settled) == isAlive(slot, now) }
        if schema?[slot.field]?.kind == .log, let key = slot.key.map({ begun($0, slot.field) }) {
            return Set(shown(key, slot.field, settled)) == Set(standing(key, slot.field).values)
        }
        return said(slot, settled) == said(slot, now)
    }

    /// That a field was cleared says no more than that nobody filled it.
    private func said(_ slot: RecordState.Slot, _ state: RecordState) -> Set<Value> {
        let values = Set(state.live(slot.field, slot.key).map(\.value))
        return values == [.nothing] ? [] : values
    }

    private func noteVisibility(_ slot: RecordState.Slot, _ plan: inout UndoPlan) {
        guard slot.field == Field.visibility else { return }
        func label(_ state: RecordState) -> String? {
            RecordDocument(id: past.id, state: state, graph: session.index, schema: session.schema)?.value(Field.visibility)?.text
        }
        plan.visibility.append((past.id, label(now), label(target(slot))))
    }

    // MARK: What hinders

    private func hindrance(_ slot: RecordState.Slot, _ returning: [RecordState.Slot]) throws -> UndoPlan.Reason? {
        if change.void != nil { return .fate }
        if isLife(slot) {
            guard isAlive(slot, now), !isAlive(slot, target(slot)), case let edits = editedSince(slot), !edits.isEmpty else {
                return slot.field == 0 ? nil : try recordHindrance(returning)
            }
            return .editedSince(try edits.map { try session.origin($0, session.team()) })
        }
        if let hindrance = try recordHindrance(returning) { return hindrance }
        guard let key = slot.key, let map = schema?.fields.first(where: { $0.itemFields.contains { $0.number == slot.field } }) else { return nil }
        let item = RecordState.Slot(map.number, key)
        return returning.contains(item) || isItemVisible(map, key) ? nil : .itemRemoved
    }

    private func recordHindrance(_ returning: [RecordState.Slot]) throws -> UndoPlan.Reason? {
        returning.contains(RecordState.Slot(0)) || now.isVisible(graph: session.index) ? nil : .recordDeleted
    }

    private func isItemVisible(_ map: FieldSchema, _ key: ItemKey) -> Bool {
        now.isItemVisible(map: map.number, key: key, fields: map.itemFields.map(\.number), graph: session.index)
    }

    private func isAlive(_ slot: RecordState.Slot, _ state: RecordState) -> Bool {
        if case .life(let life) = content(slot, state) { life.isAlive } else { false }
    }

    /// Edits that a deletion would take along, and that the one which it brings back, if any, had not seen. Not those that were undone.
    private func editedSince(_ slot: RecordState.Slot) -> [ChangeName] {
        var edits = now.edits
        if let key = slot.key {
            edits = (schema?[slot.field]?.itemFields ?? []).flatMap { now.live($0.number, key) }.map(\.stamp.write.change)
        }
        if case .life(let life) = content(slot, target(slot)), life.exists { edits = life.unseen(among: edits, graph: session.index) }
        var left: [ChangeName] = []
        for edit in edits where edit != change.name && !past.isUndone(edit) && !left.contains(edit) {
            if let undone = past.step(of: edit)?.undoes, past.isUndone(undone) { continue }
            left.append(edit)
        }
        return left
    }

    // MARK: The inverse

    /// Nil where the place is as it would be without the change.
    private func inverse(_ slot: RecordState.Slot) throws -> (UndoPlan.Act, [UndoPlan.Inverse])? {
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

    private func life() -> (UndoPlan.Act, [UndoPlan.Inverse])? {
        switch (now.life.isAlive, target(RecordState.Slot(0)).life.isAlive) {
        case (true, false): (.delete, [.delete])
        case (false, true): (.restore, [.restore])
        default: nil
        }
    }

    private func item(_ map: FieldSchema, _ key: ItemKey) -> (UndoPlan.Act, [UndoPlan.Inverse])? {
        let slot = RecordState.Slot(map.number, key)
        switch (isAlive(slot, now), isAlive(slot, target(slot))) {
        case (true, false): return (.removeItem, [.removeItem(map, key)])
        case (false, true): return (.restoreItem, [.restoreItem(map.number, key)])
        default: return nil
        }
    }

    /// Live writes whose values are to go and to stay, and values that are to come.
    private func difference(_ slot: RecordState.Slot) -> (gone: [Write], kept: [Write], back: [Value]) {
        let live = now.live(slot.field, slot.key)
        let values = Self.distinct(target(slot).live(slot.field, slot.key))
        return (
            live.filter { !values.contains($0.value) }, live.filter { values.contains($0.value) },
            values.filter { value in !live.contains { $0.value == value } }
        )
    }

    private func register(_ field: FieldSchema, _ slot: RecordState.Slot) -> (UndoPlan.Act, [UndoPlan.Inverse])? {
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
        return before == [.nothing] && after == [.nothing] ? nil : (.set(from: before, to: after), [.assign(field, slot.key, replacing: names, values)])
    }

    /// The text that everything else makes of it: what was written before and since stays. A beginning that others have written on stays:
    /// without it theirs is no text.
    private func text(_ field: FieldSchema, _ slot: RecordState.Slot) -> (UndoPlan.Act, [UndoPlan.Inverse])? {
        let before = Self.distinct(now.live(slot.field, slot.key))
        let after = Self.distinct(target(slot).live(slot.field, slot.key))
        guard Set(before) != Set(after), after.count < 2 else { return register(field, slot) }
        if target(slot).live(slot.field, slot.key).contains(where: { beginnings(slot).contains($0.textRoot) }) { return nil }
        let text = after.first ?? .nothing
        return before == [text] ? nil : (.set(from: before, to: [text]), [.text(field, slot.key, text)])
    }

    /// By what they are told from others, the texts that the change began in a place.
    private func beginnings(_ slot: RecordState.Slot) -> [Hash32] {
        guard let step = past.step(of: change.name) else { return [] }
        return step.operations.compactMap { index, operation in
            guard operation.code == .assign, RecordState.Slot(operation.field, operation.key) == slot, let value = operation.value else { return nil }
            let stamp = Stamp(lamport: step.change.lamport, write: step.write(index))
            return Write(stamp: stamp, value: value, isFirst: operation.names.isEmpty).textRoot
        }
    }

    private static func distinct(_ writes: [Write]) -> [Value] {
        var values: [Value] = []
        for write in writes where !values.contains(write.value) { values.append(write.value) }
        return values
    }

    private func set(_ slot: RecordState.Slot) -> (UndoPlan.Act, [UndoPlan.Inverse])? {
        let (gone, _, returning) = difference(slot)
        let leaving = Self.distinct(gone)
        guard !leaving.isEmpty || !returning.isEmpty else { return nil }
        let removals = leaving.map { value in
            UndoPlan.Inverse.remove(slot.field, gone.filter { $0.value == value }.map(\.stamp.write))
        }
        return (.exchange(back: returning, gone: leaving), removals + returning.map { .add(slot.field, $0) })
    }

    // MARK: Entries

    /// A retraction is for good: what comes back comes under a key that follows from the one that it had, so that whoever brings it back
    /// brings back one entry.
    private static func key(after key: ItemKey) -> ItemKey { ItemKey(derivedFrom: Array("again".utf8), key.bytes) }

    private func entry(_ key: ItemKey, _ field: UInt32, _ state: RecordState) -> LogEntry? {
        if case .entry(let entry) = state[RecordState.Slot(field, key)] { entry } else { nil }
    }

    /// Where an entry stands now that was retracted and brought back, perhaps several times, and what it says there; else the first key that
    /// is free for it.
    private func standing(_ key: ItemKey, _ field: UInt32) -> (key: ItemKey, values: [Value]) {
        var key = key
        while entry(key, field, now)?.isRetracted ?? false { key = Self.key(after: key) }
        return (key, shown(key, field, now))
    }

    /// The key that an entry had before it was retracted and brought back.
    private func begun(_ key: ItemKey, _ field: UInt32) -> ItemKey {
        let before = now.slots(of: field).compactMap(\.slot.key).first { Self.key(after: $0) == key }
        return before.map { begun($0, field) } ?? key
    }

    /// What an entry says; nothing where it is retracted.
    private func shown(_ key: ItemKey, _ field: UInt32, _ state: RecordState) -> [Value] {
        entry(key, field, state).map { $0.isRetracted ? [] : Self.distinct($0.writes) } ?? []
    }

    private func entry(_ slot: RecordState.Slot, _ key: ItemKey) -> (UndoPlan.Act, [UndoPlan.Inverse])? {
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

    private func counter(_ slot: RecordState.Slot) -> (UndoPlan.Act, [UndoPlan.Inverse])? {
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

    private func increments(_ step: RecordPast.Step, _ slot: RecordState.Slot) -> [(amount: Int64, generation: UInt64)] {
        step.operations.map(\.operation).compactMap { operation in
            guard operation.code == .increment, operation.field == slot.field, let amount = operation.value?[part: 1]?.integer,
                let generation = operation.value?[part: 2]?.integer, generation >= 0
            else { return nil }
            return (amount, UInt64(generation))
        }
    }

    /// The changes that began a tally anew, and were not undone.
    private func closers(of generation: UInt64, _ slot: RecordState.Slot) -> [ChangeName] {
        past.steps.filter { step in
            step.change.void == nil && increments(step, slot).contains { $0.amount == 0 && $0.generation == generation } && !past.isUndone(step.change.name)
        }.map(\.change.name)
    }

    // MARK: What stays

    private func refuse(_ refused: [RecordState.Slot: UndoPlan.Reason], _ plan: inout UndoPlan) throws {
        var told: Set<RecordState.Slot> = []
        for edit in try session.history(past) where edit.origin.change == change.name {
            let slot = RecordState.Slot(edit.fieldNumber, edit.key)
            guard var reason = refused[slot], told.insert(slot).inserted else { continue }
            if case .fate = reason, case .current = edit.fate, edit.act != .unknown { reason = .alsoByOthers }
            plan.refusals.append(UndoPlan.Refusal(record: past.id, kind: kind, edit: edit, reason: reason))
        }
    }
}

extension UndoPlan.Inverse {
    /// Whether a record or an item goes with everything in it.
    fileprivate var isRemovalOfAll: Bool {
        switch self {
        case .delete, .removeItem: true
        default: false
        }
    }
}
