import Testing

@testable import SyncCore

/// Changes that stop to count, or count again: two joins on one invite void each other until a coordinator picks (S1, S11).
@Suite struct VoidTests {
    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }
    private var ben: Replica { team.replicas[1] }
    private let mallory: Replica
    private let thief: Replica
    private let record: RecordID

    /// Mallory and the thief hold joins on one invite; the others know of Mallory's alone.
    init() throws {
        team = try TestTeam(devices: 2)
        record = try team.replicas[0].addEvent("Vigil")
        try team.exchangeAll()
        let plan = try team.invitation()
        mallory = try team.join(plan)
        thief = try team.join(plan)
        try TestTeam.carryControl(from: mallory, to: ana)
        for replica in [ben, mallory] { try TestTeam.carry(from: ana, to: replica) }
    }

    private func title(_ replica: Replica) throws -> [Value] {
        try replica.read { try $0.state(of: record)?.live(Field.title).map(\.value) ?? [] }
    }

    private func settle(_ accepted: Replica) throws {
        let team = try ana.team()
        let invite = try #require(team.invites.first { if case .contested = $0.status { true } else { false } })
        let join = try #require(team.joins.values.first { $0.id == accepted.device }).record
        try ana.close(invite.name, accepted: join)
    }

    @Test func `S1 a void write is as if it had not been, also where it was merged before`() throws {
        try mallory.commit { try $0.assign(record, Field.title, .text("Mallory's")) }
        try TestTeam.carry(from: mallory, to: ana)
        #expect(try title(ana) == [.text("Mallory's")])
        // Ana overwrites it; Ben never saw it and overwrites the first.
        try ana.commit { try $0.assign(record, Field.title, .text("Ana's")) }
        try ana.commit { try $0.assign(record, Field.title, .text("Ana's second")) }
        try TestTeam.carryControl(from: thief, to: ana)
        #expect(try ana.status().void.map(\.reason) == [.outsideRoster])
        // Naming the void write also names what that one named: the first title is not back.
        #expect(try title(ana) == [.text("Ana's second")])
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try title(ben) == [.text("Ana's second")])
    }

    @Test func `S1 without a later write the one before a void one is shown again`() throws {
        try mallory.commit { try $0.assign(record, Field.title, .text("Mallory's")) }
        try TestTeam.carry(from: mallory, to: ana)
        try TestTeam.carryControl(from: thief, to: ana)
        #expect(try title(ana) == [.text("Vigil")])
        try team.exchangeAll()
        try team.expectAgreement()
    }

    @Test func `S11 a second join voids both, and a close brings one of them back`() throws {
        let rally = try mallory.addEvent("Mallory's rally")
        try TestTeam.carry(from: mallory, to: ana)
        try TestTeam.carry(from: ana, to: ben)
        #expect(try ben.documents().count == 2)
        try thief.commit { try $0.assign(record, Field.title, .text("stolen")) }
        try TestTeam.carry(from: thief, to: ben)
        #expect(try ben.documents().map(\.title) == ["Vigil"])
        #expect(try ben.read { try $0.count(.event) } == 1)
        #expect(try title(ben) == [.text("Vigil")])
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try ana.documents().map(\.title) == ["Vigil"])
        try settle(mallory)
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try thief.documents().compactMap(\.title).sorted() == ["Mallory's rally", "Vigil"])
        #expect(try ben.documents().contains { $0.id == rally })
        #expect(try ben.status().void.map(\.reason) == [.outsideRoster])
    }

    @Test func `names of a void write that arrives after them`() throws {
        // The thief's write is void from its arrival on; Ben's device was told to name it before.
        try TestTeam.carryControl(from: thief, to: ana)
        try team.exchangeAll()
        let first = try #require(try ana.read { try $0.state(of: record)?.live(Field.title).first }).stamp.write
        let stolen = try thief.craft([.assign(record, Field.title, "stolen", names: [first])])
        try ben.craft([.assign(record, Field.title, "Ben's", names: [WriteName(stolen, 0)])])
        try TestTeam.carry(from: ben, to: ana)
        #expect(try title(ana).count == 2)
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try title(ana) == [.text("Ben's")])
    }

    @Test func `a void write of another record passes nothing on`() throws {
        let other = try ana.addEvent("March")
        try team.exchangeAll()
        let march = try #require(try ana.read { try $0.state(of: other)?.live(Field.title).first }).stamp.write
        // Mallory's write on one record names another record's, and Ben, hostile too, names Mallory's there.
        let crossed = try mallory.craft([.assign(record, Field.title, "Mallory's", names: [march])])
        try ben.craft([.assign(other, Field.title, "Ben's", names: [WriteName(crossed, 0)])], after: [])
        try TestTeam.carry(from: mallory, to: ana)
        try TestTeam.carry(from: ben, to: ana)
        try TestTeam.carryControl(from: thief, to: ana)
        try team.exchangeAll()
        try team.expectAgreement()
        try settle(mallory)
        try team.exchangeAll()
        try team.expectAgreement()
    }
}
