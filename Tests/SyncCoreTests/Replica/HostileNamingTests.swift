import Testing

@testable import SyncCore

/// A member who names writes that were never seen: concurrent, not yet arrived, of other records, void. Whatever it does, everybody
/// gets the same from the same changes.
@Suite struct HostileNamingTests {
    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }
    private var ben: Replica { team.replicas[1] }
    private var mallory: Replica { team.replicas[2] }
    private let record: RecordID

    init() throws {
        team = try TestTeam(devices: 3)
        record = try team.replicas[0].addEvent("Vigil")
        try team.exchangeAll()
    }

    private func live(_ field: UInt32 = Field.title) throws -> [Write] {
        try ana.read { try $0.state(of: record)?.live(field) ?? [] }
    }

    @Test func `S1 a name that comes before its write is remembered`() throws {
        let title = try #require(try live().first).stamp.write
        let benWrote = try #require(try ben.commit { try $0.assign(record, Field.title, .text("Ben's")) }.change)
        try mallory.craft([.assign(record, Field.title, "Mallory's", names: [title, WriteName(benWrote, 0)])])
        // Ana gets the name first, Ben's device his own write.
        try TestTeam.carry(from: mallory, to: ana)
        try TestTeam.carry(from: ben, to: ana)
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try live().map(\.value) == [.text("Mallory's")])
    }

    @Test func `a name and its write that arrive together, the name first`() throws {
        let title = try #require(try live().first).stamp.write
        let benWrote = try #require(try ben.commit { try $0.assign(record, Field.title, .text("Ben's")) }.change)
        try mallory.craft([.assign(record, Field.title, "Mallory's", names: [title, WriteName(benWrote, 0)])])
        // Both are in Ana's log before her view sees either.
        let malloryOwn = try mallory.ownTag()
        _ = try ben.seal()
        for source in [mallory, ben] {
            _ = try source.offer(lackedBy: ana.heads()) { batch in
                let wanted = try batch.filter { try source === ben || Segment($0).tag == malloryOwn }
                _ = try ana.receive(wanted)
            }
        }
        try ana.applyReceived()
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try live().map(\.value) == [.text("Mallory's")])
    }

    @Test func `an edit finds its record through a write that comes later`() throws {
        let benWrote = try #require(try ben.commit { try $0.assign(record, Field.starts, .text("2024-05-01")) }.change)
        let first = try mallory.craft([
            Operation(.assign, record: .named, field: Field.starts, names: [WriteName(benWrote, 0)], value: .text("2024-05-02"))
        ])
        try mallory.craft([
            Operation(.assign, record: .named, field: Field.starts, names: [WriteName(first, 0)], value: .text("2024-05-03"))
        ])
        try TestTeam.carry(from: mallory, to: ana)
        #expect(try live(Field.starts).isEmpty)
        try TestTeam.carry(from: ben, to: ana)
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try live(Field.starts).map(\.value) == [.text("2024-05-03")])
    }

    @Test func `an item's deletion that names what has not arrived`() throws {
        let item = ItemKey(7)
        try ana.commit { try $0.put(record, Field.organisers, key: item, [(Part.Organiser.name, .text("Choir"))]) }
        try team.exchangeAll()
        try ben.commit { try $0.assign(record, Part.Organiser.name, key: item, .text("The choir")) }
        let later = try #require(try ben.commit { try $0.assign(record, Field.title, .text("Vigil, Leeds")) }.change)
        // Deletes the item in the name of Ben's later change, of which nothing is on the item.
        try mallory.craft([
            Operation(
                .life, record: .id(record), field: Field.organisers, key: item,
                names: [WriteName(later, 0)] + (try live(Part.Organiser.name)).map(\.stamp.write),
                value: .parts((1, .integer(2))))
        ])
        try TestTeam.carry(from: mallory, to: ana)
        try TestTeam.carry(from: ben, to: ana)
        try team.exchangeAll()
        try team.expectAgreement()
    }

    @Test func `names across records and fields reach nothing`() throws {
        let other = try ben.addEvent("March")
        try team.exchangeAll()
        let march = try #require(try ben.read { try $0.state(of: other)?.live(Field.title).first }).stamp.write
        try mallory.craft([.assign(record, Field.title, "Mallory's", names: [march])])
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try ana.documents().first { $0.id == other }?.title == "March")
        #expect(try live().count == 2)
    }

    @Test func `a kind below zero changes no record's kind`() throws {
        for kind: Int64 in [-5, 0] {
            try mallory.craft([
                Operation(.life, record: .id(record), field: 0, value: .parts((1, .integer(1)), (2, .integer(kind))))
            ])
        }
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try ana.documents().map(\.title) == ["Vigil"])
    }

    @Test func `S10 a dependency in an epoch that nobody has moves nothing`() throws {
        let title = try #require(try live().first).stamp.write
        for number in 0..<4 { try ben.commit { try $0.assign(record, Field.starts, .text("2024-05-0\(number + 1)")) } }
        let long = try #require(try ben.log.read { try ben.ownHead($0) }).name
        try ben.commit { try $0.assign(record, Field.title, .text("Ben's")) }
        try mallory.craft(
            [.assign(record, Field.title, "Mallory's", names: [title])], after: [long],
            epoch: EpochID(high: 1, low: 2))
        // Ana has Mallory's change before what it names, Ben's device after.
        try TestTeam.carry(from: mallory, to: ana)
        try TestTeam.carry(from: mallory, to: ben)
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try live().map(\.value) == [.text("Ben's"), .text("Mallory's")])
    }

    @Test func `equal marks leave no tie`() throws {
        // Two branches of one author: (1, m) before it the fork, then the same mark at another number but at an equal Lamport number.
        let clone = try team.clone(2)
        let title = try #require(try live().first).stamp.write
        try mallory.craft([.assign(record, Field.causes, "x")])
        let fork = try mallory.craft([.assign(record, Field.causes, "y")])
        try TestTeam.carry(from: mallory, to: clone)
        try clone.craft(
            [.assign(record, Field.title, "one", names: [title])],
            after: [fork], name: ChangeName(author: clone.author, seq: 1, mark: 77))
        try mallory.craft(
            [.assign(record, Field.title, "two", names: [title])],
            name: ChangeName(author: mallory.author, seq: 3, mark: 77))
        try TestTeam.carry(from: clone, to: ben)
        try TestTeam.carry(from: mallory, to: ana)
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try live().map(\.value).count == 2)
    }
}
