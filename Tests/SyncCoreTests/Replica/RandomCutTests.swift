import Testing

@testable import SyncCore

/// A member with copies of its store writes any change under any of its names, after any other, is removed somewhere on the way by a cut
/// anywhere in that, and keys come when they come: the others agree in the end, and would make the same again from the log.
@Suite struct RandomCutTests {
    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `any order of changes, cuts and keys gives the same`(seed: UInt64) throws {
        let run = try RandomCuts(seed: seed)
        for _ in 0..<30 { try run.step() }
        try run.decide()
        try run.team.exchange(among: run.honest)
        for source in run.copies {
            for target in run.honest { try TestTeam.carry(from: source, to: target) }
        }
        try run.team.exchange(among: run.honest)
        try run.team.expectAgreement(run.honest)
        let numbers = try run.honest.map { replica in
            try replica.log.read { log in
                Dictionary(uniqueKeysWithValues: try log.changes(after: 0, limit: .max).map { ($0.name, [UInt64($0.void?.rawValue ?? 0), $0.lamport]) })
            }
        }
        for other in numbers { #expect(other == numbers[0]) }
    }
}

private struct RandomCuts {
    let team: TestTeam
    let honest: [Replica]
    let copies: [Replica]
    private let dice: TestSurroundings
    private let record: RecordID

    init(seed: UInt64) throws {
        team = try TestTeam(devices: 4, seed: seed)
        dice = TestSurroundings(seed: seed &* 91)
        record = try team.replicas[0].addEvent("Vigil")
        try team.exchangeAll()
        honest = Array(team.replicas[..<3])
        copies = [team.replicas[3], try team.clone(3), try team.clone(3)]
    }

    private func pick<Element>(_ from: [Element]) -> Element { from[Int(dice.next() % UInt64(from.count))] }

    func step() throws {
        switch dice.next() % 12 {
        case 0..<4: try forge(pick(copies))
        case 4, 5: try pick(honest).commit { try $0.assign(record, Field.title, .text("w\(dice.next() % 4)")) }
        case 6: try honest[0].rotateOrCut(dice, of: copies[0], isCut: false)
        case 7: if dice.next() % 4 == 0 { try decide() }
        default: try exchange()
        }
    }

    /// The removal, and another key.
    func decide() throws { try honest[0].rotateOrCut(dice, of: copies[0], isCut: true) }

    private func exchange() throws {
        let (source, target) = (pick(honest + copies), pick(honest))
        guard source !== target else { return }
        let choice = dice.next() % 3
        let salt = dice.next()
        switch choice {
        case 0: try TestTeam.carryControl(from: source, to: target)
        case 1: try TestTeam.carry(from: source, to: target)
        default: try TestTeam.carry(from: source, to: target) { ($0.low ^ salt) % 2 == 0 }
        }
    }

    /// Of few names, so that many are given twice, on branches of every kind.
    private func forge(_ copy: Replica) throws {
        let name = ChangeName(author: copy.author, seq: 1 + dice.next() % 4, mark: 1 + dice.next() % 3)
        guard try copy.log.read({ try $0.changeNumber(name) }) == nil else { return }
        let honestChanges = try honest.flatMap { replica in
            try replica.log.read { log in try log.changes(after: 0, limit: .max).map(\.name) }
        }
        let epochs = try honest[0].keys.epochs.map(\.id)
        let operation =
            dice.next() % 2 == 0
            ? Operation.assign(record, Field.title, "m\(dice.next() % 9)")
            : Operation(.add, record: .id(record), field: Field.causes, value: .text("m\(dice.next() % 9)"))
        try copy.craft(
            [operation], after: dice.next() % 2 == 0 ? [pick(honestChanges)] : [], name: name, previousMark: 1 + dice.next() % 3,
            epoch: pick(epochs))
    }
}

extension Replica {
    fileprivate func rotateOrCut(_ dice: TestSurroundings, of target: Replica, isCut: Bool) throws {
        let state = try team()
        guard isCut else { return try rotate() }
        guard state.roster[target.device] != nil else { return }
        let cut = ChangeName(author: target.author, seq: 1 + dice.next() % 4, mark: 1 + dice.next() % 3)
        let (key, relaySeed) = (Secret.random(surroundings), Secret.random(surroundings))
        let grants = try state.roster.values.filter { $0.id != target.device }.map {
            try EpochGrant(epoch: key, relaySeed: $0.enrolment.role == .coordinator ? relaySeed : nil, to: $0.enrolment)
        }
        let record = try decide(.remove) { _, _ in Removal(device: target.device, cuts: [cut], grants: grants).payload }
        try locked {
            var learned = keys
            learned.add(epoch: EpochID(prefixOf: record.name), key: key, relaySeed: relaySeed)
            try save(learned)
            try log.write { try judge($0) }
        }
    }
}
