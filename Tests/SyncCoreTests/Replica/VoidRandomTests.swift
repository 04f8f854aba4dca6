import Testing

@testable import SyncCore

/// Removals, roles and acceptances change what counts, in the middle of random edits and exchanges: touched records are folded again, and all
/// agree, whatever each of them had merged before.
@Suite struct VoidRandomTests {
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func `whatever was merged before, the counted set alone decides`(seed: UInt64) throws {
        var run = try VoidRun(seed: seed)
        for _ in 0..<90 { try run.step() }
        try run.finish()
        #expect(run.accepted + run.removed > 0)
    }
}

private struct VoidRun {
    let team: TestTeam
    private let dice: TestSurroundings
    private let records: [RecordID]
    private(set) var removed = 0
    private(set) var accepted = 0
    private var isOut: Set<Int> = []
    private var ana: Replica { team.replicas[0] }

    init(seed: UInt64) throws {
        team = try TestTeam(devices: 5, seed: seed)
        dice = TestSurroundings(seed: seed &* 31)
        let ana = team.replicas[0]
        records = try (0..<3).map { try ana.addEvent("Event \($0)") }
        try team.exchangeAll()
    }

    private func pick<Element>(_ from: [Element]) -> Element { from[Int(dice.next() % UInt64(from.count))] }

    mutating func step() throws {
        switch dice.next() % 20 {
        case 0..<10: edit(pick(team.replicas))
        case 10..<17: try carry(pick(team.replicas), pick(team.replicas))
        case 17: try? ana.setRole(pick([.reader, .volunteer]), of: team.replicas[2].device)
        case 18: try remove()
        default: try accept()
        }
    }

    /// Who was put out, or may only read, may have learned of it.
    private func edit(_ replica: Replica) {
        let record = pick(records)
        let (word, choice) = (Value.text("w\(dice.next() % 4)"), dice.next() % 7)
        _ = try? replica.commit { draft in
            switch choice {
            case 0, 1: try draft.assign(record, Field.title, word)
            case 2: try draft.add(record, Field.causes, word)
            case 3: try draft.remove(record, Field.causes, word)
            case 4: try draft.put(record, Field.organisers, key: ItemKey(1), [(Part.Organiser.name, word)])
            case 5: _ = try draft.delete(record)
            default: _ = try draft.restore(record)
            }
        }
    }

    private func carry(_ source: Replica, _ target: Replica) throws {
        guard source !== target else { return }
        _ = try? source.seal()
        try TestTeam.carryControl(from: source, to: target)
        _ = try source.offer(lackedBy: target.heads()) { _ = try target.receive($0) }
        try target.applyReceived()
    }

    private mutating func remove() throws {
        let number = 3 + Int(dice.next() % 2)
        guard isOut.insert(number).inserted else { return }
        _ = try ana.remove(team.replicas[number].device)
        removed += 1
    }

    private mutating func accept() throws {
        let void = try ana.status().void.filter { $0.reason == .pastCut || $0.reason == .reader }.map(\.change)
        guard !void.isEmpty else { return }
        try ana.accept([pick(void)])
        accepted += 1
    }

    /// Who is in has everything by now, and agrees.
    func finish() throws {
        let members = team.replicas.indices.filter { !isOut.contains($0) }.map { team.replicas[$0] }
        for _ in 0..<3 {
            for source in team.replicas { for target in members { try carry(source, target) } }
        }
        try team.expectAgreement(members)
        for member in members { #expect(try member.status().void.count == ana.status().void.count) }
    }
}
