import Testing

@testable import SyncCore

/// Whatever was edited before and meanwhile: a record of which a change is undone whole is as if that change did not count, and undoing the
/// undo gives back what was there.
@Suite struct UndoLawTests {
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
    func `an undo is as if the change did not count, and its undo as if nothing had happened`(seed: UInt64) throws {
        var run = try UndoRun(seed: seed)
        var whole = 0
        for _ in 0..<12 {
            for _ in 0..<4 { try run.edit() }
            if try run.undoOne() { whole += 1 }
        }
        #expect(whole > 0)
        try run.team.exchangeAll()
        try run.team.expectAgreement()
    }
}

private struct UndoRun {
    let team: TestTeam
    private var dice: Seeded
    private let record: RecordID
    private let items = [ItemKey(1), ItemKey(2)]

    init(seed: UInt64) throws {
        team = try TestTeam(devices: 2, seed: seed)
        dice = Seeded(seed &* 31)
        record = try team.replicas[0].addEvent("Vigil")
        try team.exchangeAll()
    }

    mutating func edit() throws {
        let replica = dice.pick(team.replicas)
        let count = 1 + dice.below(3)
        let choices = (0..<count).map { _ in (dice.below(14), Value.text("w\(dice.below(4))"), dice.pick(items), dice.pick(RecordSchema.visibilities)) }
        let record = record
        try replica.commit { draft in
            for (choice, word, item, visibility) in choices {
                switch choice {
                case 0, 1: try draft.assign(record, Field.title, word)
                case 2: try draft.assign(record, Field.description, word)
                case 3: try draft.assign(record, Field.visibility, .text(visibility))
                case 4, 5: try draft.add(record, Field.causes, word)
                case 6: try draft.remove(record, Field.causes, word)
                case 7, 8: try draft.enter(record, Field.notes, key: item, .parts((1, word)))
                case 9: try draft.retract(record, Field.notes, key: item, reason: nil)
                case 10, 11: try draft.put(record, Field.organisers, key: item, [(Part.Organiser.name, word)])
                case 12: try draft.removeItem(record, Field.organisers, key: item, fields: [Part.Organiser.name, Part.Organiser.role])
                default: if try !draft.delete(record) { _ = try draft.restore(record) }
                }
            }
        }
        if dice.chance(40) { try team.exchangeAll() }
    }

    /// Whether all of it could be undone.
    mutating func undoOne() throws -> Bool {
        try team.exchangeAll()
        let replica = dice.pick(team.replicas)
        let record = record
        let changes = try replica.read { try #require(try RecordPast(record, $0)).steps.map(\.change) }
        let change = dice.pick(Array(changes.suffix(8)))
        let (plan, before, expected) = try replica.read { session in
            let past = try #require(try RecordPast(record, session))
            let without = past.state(session) { $0.name != change.name }
            return (try session.undoPlan(of: change.name), Said(past.state, session), Said(without, session))
        }
        guard plan.refusals.isEmpty, !plan.returns.isEmpty else { return false }
        let undone = try #require(try replica.undo(change.name).change)
        #expect(try said(replica) == expected, "\(plan.returns)")
        // An entry comes back under another key than it had; two entries under one key, as here, can part on the way.
        guard !plan.returns.contains(where: { $0.field?.kind == .log }) else { return true }
        let again = try replica.read { try $0.undoPlan(of: undone) }
        // A deletion that had not seen somebody's edit is not done again over it.
        func isOverEdits(_ refusal: UndoPlan.Refusal) -> Bool { if case .editedSince = refusal.reason { true } else { false } }
        guard !again.refusals.contains(where: isOverEdits) else { return true }
        #expect(again.refusals.isEmpty, "\(again.refusals)")
        _ = try replica.undo(undone)
        #expect(try said(replica) == before, "\(plan.returns) then \(again.returns)")
        return true
    }

    private func said(_ replica: Replica) throws -> Said {
        try replica.read { Said(try #require(try $0.state(of: record)), $0) }
    }
}

/// What readers see of a record, without the order of alternatives and the keys of entries. Of a hidden one, that it is hidden.
private struct Said: Equatable {
    var isVisible: Bool
    var fields: [UInt32: Set<Set<Value>>] = [:]
    var items: [ItemKey: [UInt32: Set<Value>]] = [:]

    init(_ state: RecordState, _ session: Session) {
        isVisible = state.isVisible(graph: session.index)
        guard isVisible, let document = RecordDocument(id: RecordID(high: 0, low: 0), state: state, graph: session.index) else { return }
        for field in document.fields {
            switch field.content {
            case .values(let values): fields[field.number] = [Set(values)]
            case .set(let values): fields[field.number] = Set(values.map { [$0] })
            case .log(let entries): fields[field.number] = Set(entries.map { Set($0.values) })
            case .map(let items):
                for item in items {
                    guard let key = item.key else { continue }
                    self.items[key] = Dictionary(uniqueKeysWithValues: item.fields.map { ($0.number, Set($0.values)) })
                }
            case .counter(let sum): fields[field.number] = [[.integer(sum)]]
            }
        }
    }
}
