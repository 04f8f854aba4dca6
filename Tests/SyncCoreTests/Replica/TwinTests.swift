import Testing

@testable import SyncCore

/// Two changes of one name: the lower hash counts, whichever came first, and everything that hangs on the name agrees.
@Suite struct TwinTests {
    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }
    private var ben: Replica { team.replicas[1] }
    private let mallory: Replica
    private let double: Replica
    private let record: RecordID

    init() throws {
        team = try TestTeam(devices: 3)
        record = try team.replicas[0].addEvent("Vigil")
        try team.exchangeAll()
        mallory = team.replicas[2]
        double = try team.clone(2)
    }

    private func craft(_ replica: Replica, _ title: String, after: [ChangeName] = []) throws -> ChangeName {
        try replica.craft(
            [.assign(record, Field.title, title)], after: after,
            name: ChangeName(author: replica.author, seq: 1, mark: 77))
    }

    @Test func `F2 the lower hash counts in both orders of arrival`() throws {
        let name = try craft(mallory, "one")
        _ = try craft(double, "two")
        try TestTeam.carry(from: mallory, to: ana)
        try TestTeam.carry(from: double, to: ben)
        // Somebody builds on each.
        try ana.commit { try $0.assign(record, Field.title, .text("Ana's")) }
        try ben.commit { try $0.add(record, Field.causes, .text("solidarity")) }
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try ana.log.read { try $0.changeNumber(name) } != nil)
    }

    @Test func `S10 twins after different changes give everybody the same Lamport numbers`() throws {
        // One of the twins comes after a long history, the other after nothing.
        for number in 0..<6 { try ben.commit { try $0.assign(record, Field.starts, .text("2024-05-0\(number + 1)")) } }
        try TestTeam.carry(from: ben, to: double)
        let long = try #require(try ben.log.read { try ben.ownHead($0) }).name
        _ = try craft(mallory, "one")
        _ = try craft(double, "two", after: [long])
        try TestTeam.carry(from: mallory, to: ana)
        try TestTeam.carry(from: double, to: ben)
        try ana.commit { try $0.assign(record, Field.starts, .text("2024-06-01")) }
        try ben.commit { try $0.assign(record, Field.starts, .text("2024-06-02")) }
        try team.exchangeAll()
        try team.expectAgreement()
        try expectEqualLamportNumbers()
    }

    @Test func `a twin that waits for what the other did not need`() throws {
        let benWrote = try #require(try ben.commit { try $0.assign(record, Field.starts, .text("2024-05-01")) }.change)
        _ = try craft(mallory, "one")
        try TestTeam.carry(from: ben, to: double)
        _ = try craft(double, "two", after: [benWrote])
        let own = try double.ownTag()
        // Ana has the first; the second comes without what it depends on, and then that.
        try TestTeam.carry(from: mallory, to: ana)
        try TestTeam.carry(from: double, to: ana) { $0 == own }
        try TestTeam.carry(from: ben, to: ana)
        try team.exchangeAll()
        try team.expectAgreement()
        try expectEqualLamportNumbers()
        for replica in team.replicas { #expect(try replica.status().waiting.isEmpty) }
    }

    @Test func `a twin that depends on what depends on it`() throws {
        _ = try craft(mallory, "one")
        try TestTeam.carry(from: mallory, to: ana)
        let anaWrote = try #require(try ana.commit { try $0.assign(record, Field.starts, .text("2024-05-01")) }.change)
        _ = try craft(double, "two", after: [anaWrote])
        let own = try double.ownTag()
        try TestTeam.carry(from: double, to: ben) { $0 == own }
        try team.exchangeAll()
        let honest = [ana, ben]
        try team.expectAgreement(honest)
        try expectEqualLamportNumbers(honest)
    }

    @Test func `F2 a change that another device carries does not count, and gives way to the real one`() throws {
        // Mallory puts something under Ben's name into her own log.
        let real = try #require(try ben.commit { try $0.assign(record, Field.title, .text("Ben's")) }.change)
        try mallory.craft([.assign(record, Field.title, "forged")], name: real)
        try TestTeam.carry(from: mallory, to: ana)
        #expect(try ana.status().void.map(\.reason) == [.wrongCarrier])
        #expect(try ana.documents().map(\.title) == ["Vigil"])
        try TestTeam.carry(from: ben, to: ana)
        #expect(try ana.status().void.isEmpty)
        #expect(try ana.documents().map(\.title) == ["Ben's"])
        let honest = [ana, ben]
        try TestTeam.carry(from: mallory, to: ben)
        try TestTeam.carry(from: ana, to: ben)
        try TestTeam.carry(from: ben, to: ana)
        try team.expectAgreement(honest)
        try expectEqualLamportNumbers(honest)
    }

    private func expectEqualLamportNumbers(_ among: [Replica]? = nil) throws {
        let all = try (among ?? team.replicas).map { replica in
            try replica.log.read { log in
                Dictionary(uniqueKeysWithValues: try log.changes(after: 0, limit: .max).map { ($0.name, $0.lamport) })
            }
        }
        for numbers in all { #expect(numbers == all[0]) }
    }
}
