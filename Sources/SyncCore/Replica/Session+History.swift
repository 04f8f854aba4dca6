/// One edit of a record, and what became of it.
public struct HistoryEdit: Sendable {
    public var origin: Origin
    /// Its place in its change.
    public var operation: UInt32
    public var act: Act
    /// Nil for the life of the record itself, and where this version does not know the field.
    public var field: FieldSchema?
    public var fieldNumber: UInt32
    /// The item or entry, in a map or a log.
    public var key: ItemKey?
    /// What it replaced or took away.
    public var old: [Value]
    /// Nil where it wrote nothing, and where what it wrote was redacted.
    public var new: Value?
    public var fate: Fate
    public var isSent: Bool
    /// The change that its change undoes.
    public var undoes: ChangeName?

    public enum Act: String, Sendable {
        case create, delete, restore, set, add, remove, enter, retract, count, unknown
    }

    public enum Fate: Sendable {
        /// It is what readers see, or it did what it was to do and nobody has undone it.
        case current
        /// One of several values; readers see it or another one.
        case disputed(isShown: Bool, others: [Origin])
        /// Set apart from another value that readers see, in a field whose disagreements are not listed.
        case outranked(by: Origin)
        case replaced(by: [Origin])
        /// Of a text: what it says was edited further.
        case followed(by: [Origin])
        /// An edit of a text that is not here, or was redacted: it is not shown.
        case unplaced
        /// Somebody chose another one of several values.
        case lost(to: Origin, chosenBy: Origin)
        case takenBack(by: [Origin])
        /// Of a tally that was closed since.
        case closed
        case void(VoidReason)
        case redacted
    }
}

extension Session {
    /// Every edit of a record, the newest first. Reads the changes that touch it and no others.
    public func history(of id: RecordID) throws -> [HistoryEdit] {
        let members = try members(of: id)
        let edits = try members.flatMap { member in try RecordPast(member, self).map(history) ?? [] }
        guard members.count > 1 else { return edits }
        // Of records that are one, everything that made any of them.
        let stamped = try edits.map { edit in
            let write = WriteName(change: edit.origin.change, operation: edit.operation)
            return (edit: edit, stamp: Stamp(lamport: try index.stored(edit.origin.change)?.lamport ?? 0, write: write))
        }
        return stamped.sorted { $1.stamp < $0.stamp }.map(\.edit)
    }

    func history(_ past: RecordPast) throws -> [HistoryEdit] { try HistoryReader(past, self).edits() }
}

private struct HistoryReader {
    private let past: RecordPast
    private let session: Session
    private let team: TeamState
    private let schema: RecordSchema?
    /// By write, the counted ones that replaced it or took it away.
    private var takers: [WriteName: [WriteName]] = [:]
    /// Of texts that were edited: what each edit was made on, and made of it.
    private var texts: [RecordState.Slot: TextHistory] = [:]
    private var lives: [RecordState.Slot: [(length: Int64, write: WriteName)]] = [:]

    init(_ past: RecordPast, _ session: Session) throws {
        (self.past, self.session) = (past, session)
        team = try session.team()
        schema = session.schema.kind(past.state.kind).flatMap { session.schema[$0] }
        for step in past.steps where step.change.void == nil {
            for (index, operation) in step.operations { note(operation, step.write(index)) }
        }
        texts = past.texts(under: session.schema.rules)
    }

    /// The value that a write wrote: of an edit of a text, the text as its author left it.
    private func value(_ write: WriteName, _ operation: Operation) -> Value? {
        guard operation.code == .edit else { return operation.code == .redacted || operation.code == .life ? nil : operation.value }
        return texts[RecordState.Slot(operation.field, operation.key)]?.text([write]).map(Value.text)
    }

    private mutating func note(_ operation: Operation, _ write: WriteName) {
        for name in past.replaced(by: operation) { takers[name, default: []].append(write) }
        guard operation.code == .life, let length = operation.value?[part: 1]?.integer else { return }
        lives[RecordState.Slot(operation.field, operation.key), default: []].append((length, write))
    }

    func edits() throws -> [HistoryEdit] {
        try past.steps.reversed().flatMap { step in
            let origin = try session.origin(step.change.name, team)
            let isSent = try session.log.isSent(step.change)
            return try step.operations.filter { $0.operation.code != .undo }.map { index, operation in
                HistoryEdit(
                    origin: origin, operation: index, act: Self.act(operation), field: schema?[operation.field],
                    fieldNumber: operation.field, key: operation.key,
                    old: old(operation), new: value(step.write(index), operation),
                    fate: try fate(operation, step.write(index), step.change), isSent: isSent, undoes: step.undoes)
            }
        }
    }

    private static func act(_ operation: Operation) -> HistoryEdit.Act {
        switch operation.code {
        case .life: life(operation.value?[part: 1]?.integer ?? 0)
        case .assign, .edit: .set
        case .add: .add
        case .remove: .remove
        case .entry: .enter
        case .retract: .retract
        case .increment: .count
        case .redacted:
            switch operation.value?[part: 1]?.integer {
            case Int64(Operation.Code.add.rawValue): .add
            case Int64(Operation.Code.entry.rawValue): .enter
            default: .set
            }
        default: .unknown
        }
    }

    private static func life(_ length: Int64) -> HistoryEdit.Act { length == 1 ? .create : length % 2 == 0 ? .delete : .restore }

    private func old(_ operation: Operation) -> [Value] {
        if operation.code == .retract, case .entry(let entry) = past.state[RecordState.Slot(operation.field, operation.key)] {
            return entry.values
        }
        if operation.code == .edit, let text = texts[RecordState.Slot(operation.field, operation.key)]?.text(operation.names) { return [.text(text)] }
        var values: [Value] = []
        for name in past.replaced(by: operation) {
            guard let replaced = past.operation(name), let value = value(name, replaced), !values.contains(value) else { continue }
            values.append(value)
        }
        return values
    }

    // MARK: Fates

    private func fate(_ operation: Operation, _ write: WriteName, _ change: StoredChange) throws -> HistoryEdit.Fate {
        if let reason = change.void { return .void(reason) }
        let slot = RecordState.Slot(operation.field, operation.key)
        switch operation.code {
        case .redacted: return .redacted
        case .life: return try lifeFate(operation, slot)
        case .entry: return try entryFate(operation, write, slot)
        case .increment:
            guard case .tally(let tally) = past.state[slot], let generation = operation.value?[part: 2]?.integer else { return .current }
            return UInt64(clamping: generation) == tally.generation ? .current : .closed
        case .edit: return try editFate(write, slot)
        case .assign, .add: return try writeFate(operation, write, slot)
        default: return .current
        }
    }

    private func origins(_ writes: some Sequence<WriteName>) throws -> [Origin] {
        var changes: [ChangeName] = []
        for write in writes where !changes.contains(write.change) { changes.append(write.change) }
        return try changes.map { try session.origin($0, team) }
    }

    private func lifeFate(_ operation: Operation, _ slot: RecordState.Slot) throws -> HistoryEdit.Fate {
        let length = operation.value?[part: 1]?.integer ?? 0
        let later = (lives[slot] ?? []).filter { $0.length > length }
        guard let next = later.map(\.length).min(), length > 1 || !isAlive(slot) else { return .current }
        let ends = try origins(later.filter { $0.length == next }.map(\.write))
        return length % 2 == 0 ? .replaced(by: ends) : .takenBack(by: ends)
    }

    private func isAlive(_ slot: RecordState.Slot) -> Bool {
        if slot.field == 0 { return past.state.life.isAlive }
        if case .life(let life) = past.state[slot] { return life.isAlive }
        return false
    }

    private func entryFate(_ operation: Operation, _ write: WriteName, _ slot: RecordState.Slot) throws -> HistoryEdit.Fate {
        guard case .entry(let entry) = past.state[slot] else { return .current }
        if entry.isRetracted { return .takenBack(by: try origins(entry.retractions.map(\.stamp.write))) }
        guard entry.values.count > 1, let shown = entry.values.first else { return .current }
        let others = entry.writes.filter { $0.value != operation.value }.map(\.stamp.write)
        return .disputed(isShown: shown == operation.value, others: try origins(others))
    }

    /// An edit that others followed is in what they left of it.
    private func editFate(_ write: WriteName, _ slot: RecordState.Slot) throws -> HistoryEdit.Fate {
        let live = past.state.live(slot.field, slot.key)
        guard let own = live.first(where: { $0.stamp.write == write }) else {
            let takers = takers[write] ?? []
            let isFollowed = takers.contains { past.operation($0)?.code == .edit }
            return isFollowed ? .followed(by: try origins(takers)) : takers.isEmpty ? .unplaced : .replaced(by: try origins(takers))
        }
        let others = live.filter { $0.value != own.value || own.text?.isContested ?? false && $0.stamp != own.stamp }
        return others.isEmpty ? .current : .disputed(isShown: live[0].value == own.value, others: try origins(others.map(\.stamp.write)))
    }

    private func writeFate(_ operation: Operation, _ write: WriteName, _ slot: RecordState.Slot) throws -> HistoryEdit.Fate {
        let live = past.state.live(slot.field, slot.key)
        if live.contains(where: { $0.stamp.write == write }) { return try liveFate(operation, live, slot) }
        let takers = takers[write] ?? []
        guard let last = takers.last else {
            // The first value of a text, and there is an equal one.
            return live.contains { $0.value == operation.value } ? .current : .takenBack(by: [])
        }
        let taker = past.operation(last)
        if takers.contains(where: { past.operation($0)?.code == .edit }) { return .followed(by: try origins(takers)) }
        if taker?.code == .remove { return .takenBack(by: try origins(takers)) }
        let rivals = taker.map(past.replaced) ?? []
        let chosen = rivals.first { $0 != write && past.operation($0)?.value == taker?.value && past.operation($0)?.value != operation.value }
        if let chosen, taker?.code == .assign { return .lost(to: try session.origin(chosen.change, team), chosenBy: try session.origin(last.change, team)) }
        return .replaced(by: try origins(takers))
    }

    private func liveFate(_ operation: Operation, _ live: [Write], _ slot: RecordState.Slot) throws -> HistoryEdit.Fate {
        let kind = schema?[slot.field]?.kind
        let others = live.filter { $0.value != operation.value }
        guard kind != .set, let other = others.first else { return .current }
        let isShown = shown(slot, live) == operation.value
        if kind == .quiet { return isShown ? .current : .outranked(by: try session.origin(other.stamp.write.change, team)) }
        return .disputed(isShown: isShown, others: try origins(others.map(\.stamp.write)))
    }

    /// What readers see of several live values.
    private func shown(_ slot: RecordState.Slot, _ live: [Write]) -> Value? {
        let document = slot.key == nil ? RecordDocument(id: past.id, state: past.state, graph: session.index, schema: session.schema) : nil
        return document?.value(slot.field) ?? live.first?.value
    }
}
