extension Draft {
    /// Writes the inverse of a change, as planned on this draft's session. Nothing where nothing is left to undo.
    public mutating func undo(_ plan: UndoPlan) throws {
        guard !plan.returns.isEmpty, let anchor = plan.anchor else { return }
        append(Operation(.undo, record: .named, field: 0, names: [anchor]))
        for entry in plan.returns {
            try beAlone(with: entry.record)
            for write in entry.writes { try undo(write, entry.record) }
        }
        endBeingAlone()
    }

    private mutating func undo(_ inverse: UndoPlan.Inverse, _ record: RecordID) throws {
        switch inverse {
        case .delete: _ = try delete(record)
        case .restore: try restoreAlone(record)
        case .assign(let field, let key, let names, let values): bringBack(record, field.number, key, names, values)
        case .text(let field, let key, let text): try undoText(record, field.number, key, text)
        case .add(let field, let value): append(.add, record, field, nil, value: value)
        case .remove(let field, let names): append(.remove, record, field, nil, names: names, value: nil)
        case .enter(let field, let key, let value): append(.entry, record, field, key, value: value)
        case .retract(let field, let key): try retract(record, field, key: key, reason: nil)
        case .increment(let field, let amount, let generation): appendIncrement(record, field, amount, generation)
        case .restoreItem(let map, let key): try put(record, map, key: key, [])
        case .removeItem(let map, let key): try removeItem(record, map.number, key: key, fields: map.itemFields.map(\.number))
        }
    }

    /// Each value in the place of what `names` says. Operations of one change do not see each other, so that several stay beside each
    /// other; the last one is the one that readers see first.
    private mutating func bringBack(
        _ record: RecordID, _ field: UInt32, _ key: ItemKey?, _ names: [WriteName], _ values: [Value]
    ) {
        for value in values.reversed() { append(.assign, record, field, key, names: names, value: value) }
    }

    /// As a save of it: what differs becomes edits, beside which what others write meanwhile survives.
    private mutating func undoText(_ record: RecordID, _ field: UInt32, _ key: ItemKey?, _ text: Value) throws {
        try assign(record, field, key: key, text)
    }
}
