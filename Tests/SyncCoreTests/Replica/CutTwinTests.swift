import Testing

@testable import SyncCore

/// Two changes of one name beside a cut, and keys that are learned in different orders: what counts follows from the set of changes,
/// control records and keys alone (P2).
@Suite struct CutTwinTests {
    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }
    private var ben: Replica { team.replicas[1] }
    private var cem: Replica { team.replicas[2] }
    private let mallory: Replica
    private let double: Replica
    private let record: RecordID

    init() throws {
        team = try TestTeam(devices: 4)
        record = try team.replicas[0].addEvent("Vigil")
        try team.exchangeAll()
        mallory = team.replicas[3]
        double = try team.clone(3)
    }

    /// A change before the twin, and the twin, which says that it came after that.
    private func begin(_ replica: Replica, _ mark: UInt64) throws {
        try replica.craft(
            [Operation(.add, record: .id(record), field: Field.causes, value: .text("branch \(mark)"))],
            name: ChangeName(author: replica.author, seq: 1, mark: mark))
    }

    private func twin(_ replica: Replica, _ mark: UInt64) throws {
        try replica.craft(
            [.assign(record, Field.title, "twin \(mark)")], name: ChangeName(author: replica.author, seq: 2, mark: 20),
            previousMark: mark)
    }

    @Test(arguments: [UInt64(11), 12, 13, 14])
    func `a cut on a twin takes the branch of the one that counts`(mark: UInt64) throws {
        try begin(mallory, mark)
        try begin(double, 30)
        try twin(mallory, mark)
        // Ana cuts when she has both branches and one of the twins; Ben gets both before he learns of it, Cem after that, the other one first.
        for source in [mallory, double] { try TestTeam.carry(from: source, to: ana) }
        try twin(double, 30)
        for source in [mallory, double] { try TestTeam.carry(from: source, to: ben) }
        _ = try ana.remove(mallory.device)
        try TestTeam.carryControl(from: ana, to: cem)
        for source in [double, mallory] { try TestTeam.carry(from: source, to: cem) }
        try TestTeam.carry(from: double, to: ana)
        let honest = [ana, ben, cem]
        try team.exchange(among: honest)
        try team.expectAgreement(honest)
        for replica in honest {
            let document = try #require(try replica.documents().first)
            let twin = try #require(document.title?.split(separator: " ").last)
            #expect(document.set(Field.causes) == [.text("branch \(twin)")])
        }
    }

    /// Mallory, without the newest key, names a change that was written under it. Cem gets hers before he has that key.
    @Test(arguments: [false, true])
    func `a key that comes late changes no order`(isKeyAlone: Bool) throws {
        let before = try mallory.sealing().id
        try ana.rotate()
        try TestTeam.carry(from: ana, to: ben)
        for number in 0..<4 { try ben.commit { try $0.assign(record, Field.starts, .text("2024-05-0\(number + 1)")) } }
        let newest = try #require(try ben.log.read { try ben.ownHead($0) }).name
        let epoch = try ben.sealing().id
        #expect(epoch != before)
        try mallory.craft([.assign(record, Field.title, "Mallory's")], after: [newest], epoch: epoch)
        // Ana's comes after more than Mallory's as Cem sees it, and after less than it as it is.
        for number in 0..<2 { try ana.commit { try $0.assign(record, Field.title, .text("Ana's \(number)")) } }
        try TestTeam.carry(from: mallory, to: cem)
        if isKeyAlone { try TestTeam.carryControl(from: ana, to: cem) }
        for source in [ana, ben] { try TestTeam.carry(from: source, to: cem) }
        for source in [ben, mallory] { try TestTeam.carry(from: source, to: ana) }
        let honest = [ana, ben, cem]
        try team.exchange(among: honest)
        try team.expectAgreement(honest)
        let numbers = try honest.map { replica in
            try replica.log.read { log in
                Dictionary(uniqueKeysWithValues: try log.changes(after: 0, limit: .max).map { ($0.name, $0.lamport) })
            }
        }
        for other in numbers { #expect(other == numbers[0]) }
        for replica in honest { #expect(try replica.documents().first?.title == "Mallory's") }
    }

    /// A coordinator gives one key out as two epochs, and a log's open names the second: whoever learned the first one first reads it too.
    @Test func `two epochs of one key are told apart by what the log says`() throws {
        let key = Secret.random(team.clock.surroundings)
        let state = try ana.team()
        let rotations = try (0..<2).map { number in
            let grants = try state.roster.values.map { try EpochGrant(epoch: key, relaySeed: nil, to: $0.enrolment) }
            return try ControlRecord(
                .rotate, parents: state.heads, signer: ana.device, key: ana.signing, team: ana.keys.team, wall: Int64(number),
                payload: Rotation(grants: grants).payload)
        }
        let sealed = try rotations.map {
            try SealedControl.seal($0, epochKey: ana.sealing().key, nonce: [UInt8](repeating: 4, count: Sealing.nonceLength))
        }
        let honest = [ana, ben, cem]
        for (place, replica) in honest.enumerated() {
            for number in [place % 2, 1 - place % 2] {
                _ = try replica.receiveControl([ReceivedControl(position: 1, sealed: sealed[number])])
            }
        }
        #expect(Set(try honest.map { try $0.sealing().id }).count == 1)
        try ana.commit { try $0.assign(record, Field.title, .text("Ana's")) }
        try ben.commit { try $0.add(record, Field.causes, .text("Ben's")) }
        try team.exchange(among: honest)
        try team.expectAgreement(honest)
        for replica in honest {
            #expect(try replica.documents().first?.title == "Ana's")
            #expect(try replica.documents().first?.set(Field.causes).count == 1)
        }
    }
}
