extension RecordState {
    /// Whether an operation was understood; the others are kept in the log, and understood after an upgrade.
    public enum Outcome: Hashable, Sendable {
        case applied
        case skipped
    }

    /// Notes that a change, counted or not, has operations on this record.
    public mutating func touch(_ change: ChangeName) {
        if touches.last == change { return }
        let place = touches.firstIndex { !($0 < change) } ?? touches.endIndex
        if place == touches.endIndex || touches[place] != change { touches.insert(change, at: place) }
    }

    /// Applies one operation of a counted change. `operation` must be on this record. What it names and is not known makes the slot wait:
    /// when such a change comes, the record must be folded again (`awaited`).
    @discardableResult
    public mutating func apply(
        _ operation: Operation, stamp: Stamp, rules: FieldRules, graph: some ChangeGraph
    ) -> Outcome {
        #if BROKEN_RULES
        let before = BrokenRule.active == nil ? nil : self
        defer { if let before { BrokenRule.active?.spoil(&self, before: before, operation, rules, stamp) } }
        #endif
        return switch operation.code {
        case .life: applyLife(operation, stamp, rules)
        case .assign: applyWrite(operation, stamp, rules, graph) { $0 != .set && $0 != .log && $0 != .map && $0 != .counter }
        case .add: applyWrite(operation, stamp, rules, graph) { $0 == .set }
        case .remove: applyRemoval(operation, stamp, rules, graph)
        case .entry, .retract: applyEntry(operation, stamp, rules)
        case .increment: applyIncrement(operation, stamp, rules)
        case .redacted: applyRedacted(operation, stamp, rules, graph)
        case .undo: .applied
        case .edit: applyEdit(operation, stamp, rules, graph)
        default: .skipped
        }
    }

    /// What it replaced stays replaced, and it adds nothing: no value, no alternative, no entry.
    private mutating func applyRedacted(
        _ operation: Operation, _ stamp: Stamp, _ rules: FieldRules, _ graph: some ChangeGraph
    ) -> Outcome {
        guard let rule = rules[operation.field], let code = operation.value?[part: 1]?.integer,
            let was = UInt32(exactly: code).map(Operation.Code.init(rawValue:)), [.assign, .add, .entry, .edit].contains(was),
            (rule.map != nil || was == .entry) == (operation.key != nil)
        else { return .skipped }
        if was != .entry {
            let slot = Slot(operation.field, operation.key)
            noteReplaced(operation.names, in: slot)
            mutateWrites(slot) { $0.name(operation.names, in: slot, graph: graph) }
        }
        if rule.isEdit { noteEdit(stamp.write.change) }
        return .applied
    }

    private mutating func applyLife(_ operation: Operation, _ stamp: Stamp, _ rules: FieldRules) -> Outcome {
        guard let value = operation.value, let length = value[part: 1]?.integer, length > 0 else { return .skipped }
        let seen = operation.names.map(\.change)
        if operation.field == 0 {
            guard operation.key == nil else { return .skipped }
            if let number = value[part: 2]?.integer, number > 0 { kind = min(kind ?? number, number) }
            life.apply(length: UInt64(length), seen: seen, stamp: stamp)
            return .applied
        }
        guard rules[operation.field]?.kind == .map, let key = operation.key else { return .skipped }
        mutate(Slot(operation.field, key)) { content in
            var life = Life()
            if case .life(let known) = content { life = known }
            life.apply(length: UInt64(length), seen: seen, stamp: stamp)
            content = .life(life)
        }
        noteEdit(stamp.write.change)
        return .applied
    }

    private mutating func applyWrite(
        _ operation: Operation, _ stamp: Stamp, _ rules: FieldRules, _ graph: some ChangeGraph,
        of isKind: (MergeKind) -> Bool
    ) -> Outcome {
        guard let rule = rules[operation.field], isKind(rule.kind), let value = operation.value, rule.accepts(value),
            (rule.map != nil) == (operation.key != nil)
        else { return .skipped }
        let slot = Slot(operation.field, operation.key)
        let isFirst = rule.kind == .text && operation.names.isEmpty
        noteReplaced(operation.names, in: slot)
        mutateWrites(slot) { writes in
            writes.name(operation.names, in: slot, graph: graph)
            writes.insert(Write(stamp: stamp, value: value, isFirst: isFirst))
        }
        if rule.isEdit { noteEdit(stamp.write.change) }
        return .applied
    }

    private mutating func applyRemoval(
        _ operation: Operation, _ stamp: Stamp, _ rules: FieldRules, _ graph: some ChangeGraph
    ) -> Outcome {
        guard let rule = rules[operation.field], rule.kind == .set, operation.key == nil else { return .skipped }
        let slot = Slot(operation.field)
        mutateWrites(slot) { $0.name(operation.names, in: slot, graph: graph) }
        if rule.isEdit { noteEdit(stamp.write.change) }
        return .applied
    }

    private mutating func applyEntry(_ operation: Operation, _ stamp: Stamp, _ rules: FieldRules) -> Outcome {
        guard let rule = rules[operation.field], rule.kind == .log, let key = operation.key else { return .skipped }
        let isEntry = operation.code == .entry
        let value = operation.value ?? .nothing
        guard !isEntry || rule.accepts(value) && !value.isNothing else { return .skipped }
        mutate(Slot(operation.field, key)) { content in
            var entry = LogEntry()
            if case .entry(let known) = content { entry = known }
            let write = Write(stamp: stamp, value: value)
            if isEntry {
                LogEntry.insert(write, into: &entry.writes)
            } else {
                LogEntry.insert(write, into: &entry.retractions)
            }
            content = .entry(entry)
        }
        noteEdit(stamp.write.change)
        return .applied
    }

    private mutating func applyIncrement(_ operation: Operation, _ stamp: Stamp, _ rules: FieldRules) -> Outcome {
        guard rules[operation.field]?.kind == .counter, operation.key == nil,
            let amount = operation.value?[part: 1]?.integer, let generation = operation.value?[part: 2]?.integer,
            generation >= 0
        else { return .skipped }
        mutate(Slot(operation.field)) { content in
            var tally = Tally()
            if case .tally(let known) = content { tally = known }
            tally.add(amount, generation: UInt64(generation))
            content = .tally(tally)
        }
        noteEdit(stamp.write.change)
        return .applied
    }

    mutating func noteEdit(_ change: ChangeName) {
        if edits.last == change { return }
        let place = edits.firstIndex { !($0 < change) } ?? edits.endIndex
        if place == edits.endIndex || edits[place] != change { edits.insert(change, at: place) }
    }

    mutating func mutateWrites(_ slot: Slot, _ body: (inout LiveWrites) -> Void) {
        mutate(slot) { content in
            var writes = LiveWrites()
            if case .writes(let known) = content { writes = known }
            body(&writes)
            content = .writes(writes)
        }
    }

    mutating func mutate(_ slot: Slot, _ body: (inout Content?) -> Void) {
        let index = firstIndex(notBefore: slot)
        let isThere = index < slots.count && slots[index].slot == slot
        var content: Content? = isThere ? slots[index].content : nil
        body(&content)
        guard let content else { return }
        if isThere { slots[index].content = content } else { slots.insert((slot, content), at: index) }
    }
}
