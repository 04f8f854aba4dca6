/// What undoing a change does to one record: it is to be as if the change did not count, wherever the change still shows.
struct RecordUndo {
    let change: StoredChange
    let past: RecordPast
    let session: Session
    let now: RecordState
    /// What it is by the changes that were not undone: with it an undo is gone back beyond.
    let settled: RecordState
    /// The same without the change, and what was undone by it done again.
    let settledWithout: RecordState
    /// What everything else makes of it.
    let without: RecordState
    let kind: RecordKind?

    init(_ change: StoredChange, _ past: RecordPast, _ session: Session) {
        (self.change, self.past, self.session) = (change, past, session)
        now = past.state
        without = past.state(session) { $0.name != change.name }
        let (paired, pairedWithout) = (past.undonePairs(without: nil), past.undonePairs(without: change.name))
        settled = paired.isEmpty ? now : past.state(session) { !paired.contains($0.name) }
        settledWithout = pairedWithout.isEmpty ? without : past.state(session) { $0.name != change.name && !pairedWithout.contains($0.name) }
        kind = session.schema.kind(now.kind)
    }

    var schema: RecordSchema? { kind.flatMap { session.schema[$0] } }

    func content(_ slot: RecordState.Slot, _ state: RecordState) -> RecordState.Content? {
        slot.field == 0 ? .life(state.life) : state[slot]
    }

    /// The places that the change edited: lives first, as they decide about the rest.
    var slots: [RecordState.Slot] {
        var slots: [RecordState.Slot] = []
        for (_, operation) in past.step(of: change.name)?.operations ?? [] where operation.code != .undo {
            let slot = RecordState.Slot(operation.field, operation.key)
            if !slots.contains(slot) { slots.append(slot) }
        }
        return slots.filter(isLife) + slots.filter { !isLife($0) }
    }

    func isLife(_ slot: RecordState.Slot) -> Bool { slot.field == 0 || schema?[slot.field]?.kind == .map }

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
    func isCovered(_ slot: RecordState.Slot, _ whole: [RecordState.Slot]) -> Bool {
        whole.contains { made in
            made.field == 0 || made.key == slot.key && schema?[made.field]?.itemFields.contains { $0.number == slot.field } ?? false
        }
    }

    /// Whether a life was there before the change.
    func existed(_ slot: RecordState.Slot) -> Bool {
        if case .life(let life) = content(slot, target(slot)) { life.exists } else { false }
    }

    /// What a place is to become. Where what was not undone says the same as what is there, that without the change; else what everything else
    /// makes of it.
    func target(_ slot: RecordState.Slot) -> RecordState { isSettled(slot) && !past.isUndone(change.name) ? settledWithout : without }

    func isSettled(_ slot: RecordState.Slot) -> Bool {
        if isLife(slot) { return isAlive(slot, settled) == isAlive(slot, now) }
        if schema?[slot.field]?.kind == .log, let key = slot.key.map({ begun($0, slot.field) }) {
            return Set(shown(key, slot.field, settled)) == Set(standing(key, slot.field).values)
        }
        return said(slot, settled) == said(slot, now)
    }

    /// That a field was cleared says no more than that nobody filled it.
    func said(_ slot: RecordState.Slot, _ state: RecordState) -> Set<Value> {
        let values = Set(state.live(slot.field, slot.key).map(\.value))
        return values == [.nothing] ? [] : values
    }

    func noteVisibility(_ slot: RecordState.Slot, _ plan: inout UndoPlan) {
        guard slot.field == Field.visibility else { return }
        func label(_ state: RecordState) -> String? {
            RecordDocument(id: past.id, state: state, graph: session.index, schema: session.schema)?.value(Field.visibility)?.text
        }
        plan.visibility.append((past.id, label(now), label(target(slot))))
    }

    // MARK: What hinders

    func hindrance(_ slot: RecordState.Slot, _ returning: [RecordState.Slot]) throws -> UndoPlan.Reason? {
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

    func recordHindrance(_ returning: [RecordState.Slot]) throws -> UndoPlan.Reason? {
        returning.contains(RecordState.Slot(0)) || now.isVisible(graph: session.index) ? nil : .recordDeleted
    }

    func isItemVisible(_ map: FieldSchema, _ key: ItemKey) -> Bool {
        now.isItemVisible(map: map.number, key: key, fields: map.itemFields.map(\.number), graph: session.index)
    }

    func isAlive(_ slot: RecordState.Slot, _ state: RecordState) -> Bool {
        if case .life(let life) = content(slot, state) { life.isAlive } else { false }
    }

    /// Edits that a deletion would take along, and that the one which it brings back, if any, had not seen. Not those that were undone.
    func editedSince(_ slot: RecordState.Slot) -> [ChangeName] {
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

    // MARK: What stays

    func refuse(_ refused: [RecordState.Slot: UndoPlan.Reason], _ plan: inout UndoPlan) throws {
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
    var isRemovalOfAll: Bool {
        switch self {
        case .delete, .removeItem: true
        default: false
        }
    }
}
