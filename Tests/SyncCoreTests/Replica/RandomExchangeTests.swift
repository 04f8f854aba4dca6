import Testing

@testable import SyncCore

/// Random edits by honest people, one hostile member and one clone, exchanged in random pieces: everybody agrees in the end, and would
/// make the same again from the log.
@Suite struct RandomExchangeTests {
    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `any order of exchange gives the same`(seed: UInt64) throws {
        var run = try RandomRun(seed: seed)
        for _ in 0..<60 { try run.step() }
        try run.team.exchangeAll()
        try run.team.exchangeAll()
        try run.team.expectAgreement()
        for replica in run.team.replicas { #expect(try replica.status().waiting.isEmpty) }
        #expect(try run.team.replicas.allSatisfy { try $0.ndjson() == run.team.replicas[0].ndjson() })
    }
}

/// One seeded run.
private struct RandomRun {
    let team: TestTeam
    private let dice: TestSurroundings
    private var records: [RecordID] = []
    private let items = [ItemKey(1), ItemKey(2)]
    private let hostile = 2

    init(seed: UInt64) throws {
        team = try TestTeam(devices: 4, seed: seed)
        dice = TestSurroundings(seed: seed &* 77)
        for number in 0..<4 { records.append(try team.replicas[0].addEvent("Event \(number)")) }
        try team.exchangeAll()
        _ = try team.clone(3)
    }

    private func pick<Element>(_ from: [Element]) -> Element { from[Int(dice.next() % UInt64(from.count))] }
    private func chance(_ percent: UInt64) -> Bool { dice.next() % 100 < percent }

    mutating func step() throws {
        switch dice.next() % 10 {
        case 0..<5: try edit(pick(team.replicas))
        case 5, 6: try mischief()
        default: try exchange()
        }
    }

    private func exchange() throws {
        let (source, target) = (pick(team.replicas), pick(team.replicas))
        guard source !== target else { return }
        let all = chance(50)
        let salt = dice.next()
        try TestTeam.carry(from: source, to: target) { all || ($0.low ^ salt) % 2 == 0 }
        if chance(10) { _ = try target.rebuild() }
    }

    private func edit(_ replica: Replica) throws {
        let record = pick(records)
        let other = pick(records)
        let word = Value.text("w\(dice.next() % 4)")
        let choice = dice.next() % 18
        try replica.commit { draft in
            switch choice {
            case 0, 1: try draft.assign(record, Field.title, word)
            case 2: try draft.assign(record, Field.description, word)
            case 3: try draft.assign(record, Field.visibility, .text(pick(RecordSchema.visibilities)))
            case 4, 5: try draft.add(record, Field.causes, word)
            case 6: try draft.remove(record, Field.causes, word)
            case 7: try draft.enter(record, Field.notes, key: pick(items), .parts((1, word)))
            case 8: try draft.retract(record, Field.notes, key: pick(items), reason: nil)
            case 9, 10: try draft.put(record, Field.organisers, key: pick(items), [(Part.Organiser.name, word)])
            case 11:
                try draft.removeItem(
                    record, Field.organisers, key: pick(items), fields: [Part.Organiser.name, Part.Organiser.role])
            case 12: _ = try draft.delete(record)
            case 13, 14: _ = try Self.isPair(record, other, draft) && draft.link(record, other)
            case 15: _ = try Self.isPair(record, other, draft) && draft.part(record, other)
            case 16: try draft.increment(record, Field.tally, by: 2)
            default: _ = try draft.restore(record)
            }
        }
    }

    /// Whether two records can be made one, or told apart, without a word of refusal.
    private static func isPair(_ a: RecordID, _ b: RecordID, _ draft: Draft) throws -> Bool {
        let session = draft.session
        guard a != b, try session.isVisible(a), try session.isVisible(b) else { return false }
        return try session.isLinked(a, b) || session.canonical(a) != session.canonical(b)
    }

    /// Operations that no client of ours writes, with names of anything that anybody ever wrote.
    private func mischief() throws {
        let replica = team.replicas[hostile]
        let everything = try team.replicas.flatMap { replica in
            try replica.log.read { log in try log.changes(after: 0, limit: .max).map(\.name) }
        }
        let names = (0..<(1 + dice.next() % 3)).map { _ in WriteName(pick(everything), UInt32(dice.next() % 3)) }
        let known = Set(try replica.log.read { log in try log.changes(after: 0, limit: .max).map(\.name) })
        let record = pick(records)
        let target = chance(30) ? Operation.Target.named : .id(record)
        let value = Value.text("m\(dice.next() % 4)")
        let operation: Operation =
            switch dice.next() % 8 {
            case 0: Operation(.assign, record: target, field: Field.title, names: names, value: value)
            case 1: Operation(.assign, record: target, field: Field.description, names: names, value: value)
            case 2: Operation(.remove, record: target, field: Field.causes, names: names)
            case 3: Operation(.assign, record: target, field: Part.Organiser.name, key: pick(items), names: names, value: value)
            case 4: Operation(.add, record: target, field: Field.same, names: names, value: .bytes(pick(records).bytes))
            case 5: Operation(.remove, record: target, field: Field.same, names: names)
            case 6:
                Operation(
                    .life, record: .id(record), field: 0, names: names,
                    value: .parts((1, .integer(Int64(1 + dice.next() % 6)))))
            default:
                Operation(
                    .life, record: .id(record), field: Field.organisers, key: pick(items), names: names,
                    value: .parts((1, .integer(Int64(1 + dice.next() % 4)))))
            }
        try replica.craft([operation], after: chance(50) ? names.map(\.change).filter(known.contains).suffix(1) : [])
    }
}
