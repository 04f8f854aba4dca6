import Testing

@testable import SyncCore

/// P7, F3: a replica one version of the registry behind exchanges with the others both ways, holds nothing up, and shows everything after
/// its upgrade.
@Suite struct OlderSchemaTests {
    /// What the program knew before petitions, counts, the state of a rally, and who published a source.
    static let older = Schema.current.before(fields: [Field.counts, Field.status, Part.Organiser.role], kinds: [.petition])

    private func everything(_ replica: Replica) throws -> [String] {
        try replica.documents().map { "\($0)" } + [String(decoding: try replica.ndjson(), as: UTF8.self)]
    }

    private func newerEdits(_ record: RecordID) -> (inout Draft) throws -> Void {
        { draft in
            try draft.assign(record, Field.status, .text("held"))
            try draft.enter(record, Field.counts, .parts((Part.Count.what, .text("crowd")), (Part.Count.text, .text("hundreds"))))
            try draft.put(record, Field.organisers, key: ItemKey(1), [(Part.Organiser.name, .text("Choir")), (Part.Organiser.role, .text("host"))])
        }
    }

    @Test(arguments: [false, true])
    func `an older build keeps, passes on and later shows what it does not know`(isSealed: Bool) throws {
        let team = try TestTeam(devices: 3, protection: isSealed ? TestPassphrase.protection() : .none)
        // Device 0 is the one behind; Cem gets everything through it alone.
        let (ben, cem) = (team.replicas[1], team.replicas[2])
        let old = try team.reopen(0, schema: Self.older)
        let record = try ben.addEvent("Vigil", starts: "2024-05-01")
        try ben.commit(newerEdits(record))
        let petition = try ben.commit { draft in
            let id = draft.create(.petition)
            try draft.assign(id, Field.title, .text("Open the archive"))
            try draft.assign(id, Field.goal, .parts((Part.Goal.value, .integer(1000))))
            return id
        }.result
        try TestTeam.carry(from: ben, to: old)

        let shown = try #require(try old.documents().first)
        #expect(shown.title == "Vigil" && shown[Field.status] == nil && shown[Field.counts] == nil)
        #expect(shown.items(Field.organisers).map { $0.fields.map(\.number) } == [[Part.Organiser.name]])
        #expect(try old.documents().count == 1)
        #expect(try old.read { try $0.document(petition) } == nil)
        let status = try old.status()
        // The role, the status, the count, and the goal: the registry says that a petition alone has one.
        #expect(status.newer == NewerContent(edits: 4, records: 1))
        #expect(status.records == [.event: 1, .petition: 0] && status.waiting.isEmpty && status.void.isEmpty)

        // It writes, also where something newer stands, and what it writes reaches the others.
        try old.commit { try $0.assign(record, Field.title, .text("Vigil, Leeds")) }
        try old.commit { try $0.put(record, Field.organisers, key: ItemKey(1), [(Part.Organiser.name, .text("The choir"))]) }
        try ben.commit { try $0.assign(record, Field.starts, .text("2024-05-02")) }
        try TestTeam.carry(from: old, to: cem)
        try team.exchangeAll()
        for replica in [ben, cem] {
            let document = try #require(try replica.read { try $0.document(record) })
            #expect(document.title == "Vigil, Leeds" && document.value(Field.starts) == .text("2024-05-02"))
            #expect(document.value(Field.status) == .text("held") && document.entries(Field.counts).count == 1)
            #expect(document.items(Field.organisers).first?.value(Part.Organiser.role) == .text("host"))
            #expect(try replica.read { try $0.document(petition)?.title } == "Open the archive")
            #expect(try replica.status().newer.isEmpty)
        }

        let upgraded = try team.reopen(0, schema: .current)
        #expect(try upgraded.status().newer.isEmpty && upgraded.status().records == [.event: 1, .petition: 1])
        #expect(try everything(upgraded) == everything(cem))
        try team.expectAgreement()
    }

    @Test func `what an older build deletes or restores is decided alike by everybody after its upgrade`() throws {
        let team = try TestTeam(devices: 2)
        let ben = team.replicas[1]
        let old = try team.reopen(0, schema: Self.older)
        let record = try ben.addEvent("Vigil")
        try team.exchangeAll()
        try ben.commit(newerEdits(record))
        // The older build has seen the newer edits, without knowing what they say.
        try team.exchangeAll()
        _ = try old.commit { try $0.delete(record) }
        try ben.commit { try $0.assign(record, Field.status, .text("cancelled")) }
        try team.exchangeAll()
        // Ben's edit nobody's deletion had seen: the record stays, and is listed, where it is known.
        #expect(try ben.read { try $0.isVisible(record) } && ben.status().conflicts == 1)
        try team.reopen(0, schema: .current)
        try team.expectAgreement()
        #expect(try team.replicas[0].status().conflicts == 1)
    }

    @Test func `codes, fields and kinds that no version knows yet are kept whole and handed on as they came`() throws {
        let team = try TestTeam(devices: 3)
        let (ana, ben, cem) = (team.replicas[0], team.replicas[1], team.replicas[2])
        let record = try ana.addEvent("Vigil")
        try team.exchangeAll()
        let operations = [
            Operation(.init(rawValue: 99), record: .id(record), field: 7000, key: ItemKey(1), value: .integer(1)),
            Operation(.assign, record: .id(record), field: 9999, value: .text("new")),
            Operation(
                .life, record: .id(RecordID(high: 7, low: 7)), field: 0,
                value: .tuple([Value.Part(1, .integer(1)), Value.Part(2, .integer(9))])),
            Operation(.add, record: .id(record), field: Field.causes, value: .text("solidarity")),
        ]
        let name = try ben.craft(operations)
        // By a bundle, and then by an exchange.
        try ana.apply(ben.bundle())
        try TestTeam.carry(from: ana, to: cem)
        for replica in team.replicas {
            #expect(try replica.status().newer == NewerContent(edits: 2, records: 1))
            #expect(try replica.read { try $0.document(record)?.set(Field.causes) } == [.text("solidarity")])
            let kept = try replica.log.read { log in try log.changeNumber(name).flatMap(log.change).map { try replica.loader.change($0, log).operations } }
            #expect(kept == operations)
            _ = try replica.rebuild()
            #expect(try replica.status().newer == NewerContent(edits: 2, records: 1))
        }
        try team.expectAgreement()
    }

    @Test(arguments: [UInt64(11), 12, 13])
    func `random edits by builds of both versions come to the same after the upgrade`(seed: UInt64) throws {
        let team = try TestTeam(devices: 3, seed: seed)
        let dice = TestSurroundings(seed: seed)
        let records = try (0..<3).map { try team.replicas[1].addEvent("Event \($0)") }
        try team.exchangeAll()
        try team.reopen(0, schema: Self.older)
        for _ in 0..<60 {
            let (writer, record, choice) = (Int(dice.next() % 3), records[Int(dice.next() % 3)], dice.next() % 7)
            let word = Value.text("w\(dice.next() % 3)")
            try team.replicas[writer].commit { draft in
                switch choice {
                case 0: try draft.assign(record, Field.title, word)
                case 1: _ = try draft.delete(record)
                case 2: _ = try draft.restore(record)
                case 3: try draft.put(record, Field.organisers, key: ItemKey(1), [(Part.Organiser.name, word)])
                case 4 where writer > 0: try draft.assign(record, Field.status, word)
                case 5 where writer > 0: try draft.put(record, Field.organisers, key: ItemKey(1), [(Part.Organiser.role, word)])
                default: try draft.add(record, Field.causes, word)
                }
            }
            let (source, target) = (team.replicas[Int(dice.next() % 3)], team.replicas[Int(dice.next() % 3)])
            if source !== target, dice.next() % 3 == 0 { try TestTeam.carry(from: source, to: target) }
        }
        try team.exchangeAll()
        #expect(try team.replicas[0].picture() != team.replicas[1].picture())
        try team.reopen(0, schema: .current)
        try team.expectAgreement()
    }
}
