import Testing

@testable import SyncCore

/// Scenarios of the merge rules, as people meet them.
@Suite struct MergeScenarioTests {
    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }
    private var ben: Replica { team.replicas[1] }
    private var cem: Replica { team.replicas[2] }
    private let record: RecordID

    init() throws {
        team = try TestTeam(devices: 3)
        record = try team.replicas[0].addEvent("Vigil")
        try team.exchangeAll()
    }

    private func conflicts() throws -> [UInt32] { try ana.read { try $0.conflicts() }.map { $0.field?.number ?? 0 } }

    @Test func `S2 a deletion hides what it had seen, and no more`() throws {
        try ben.commit { try $0.add(record, Field.causes, .text("seen")) }
        try team.exchangeAll()
        _ = try ana.commit { try $0.delete(record) }
        try team.exchangeAll()
        #expect(try cem.documents().isEmpty)
        #expect(try conflicts().isEmpty)
        // Edited without knowing of the deletion, and deleted twice at once: one deletion has seen it.
        _ = try ana.commit { try $0.restore(record) }
        try team.exchangeAll()
        #expect(try cem.documents().count == 1)
        try ben.commit { try $0.add(record, Field.causes, .text("unseen")) }
        _ = try ana.commit { try $0.delete(record) }
        try TestTeam.carry(from: ben, to: cem)
        try team.exchangeAll()
        #expect(try conflicts() == [0])
        #expect(try cem.documents().count == 1)
        try team.expectAgreement()
        // Deleting again while it is visible: the same length with a newer vector.
        let again = try cem.commit { try $0.delete(record) }.result
        #expect(again)
        try team.exchangeAll()
        #expect(try ana.documents().isEmpty)
        #expect(try conflicts().isEmpty)
        try team.expectAgreement()
    }

    @Test func `S12 the strictest of what was set apart is shown, and can be relaxed`() throws {
        try ana.commit { try $0.assign(record, Field.visibility, .text("public")) }
        try ben.commit { try $0.assign(record, Field.visibility, .text("sealed")) }
        try team.exchangeAll()
        #expect(try cem.documents().first?.value(Field.visibility) == .text("sealed"))
        #expect(try conflicts() == [Field.visibility])
        try cem.commit { try $0.assign(record, Field.visibility, .text("team")) }
        try team.exchangeAll()
        #expect(try ana.documents().first?.value(Field.visibility) == .text("team"))
        #expect(try conflicts().isEmpty)
        try team.expectAgreement()
    }

    private func imported(_ text: String) -> RecordDocument {
        RecordDocument(kind: .event, id: record, fields: [.init(Field.description, .values([.text(text)]))])
    }

    @Test func `S14 equal imports are one text, and different ones are alternatives`() throws {
        _ = try ana.importDocuments([imported("We stand together.")], source: "file")
        _ = try ben.importDocuments([imported("We stand together.")], source: "file")
        try team.exchangeAll()
        #expect(try conflicts().isEmpty)
        #expect(try cem.documents().first?[Field.description] == .values([.text("We stand together.")]))
        try team.expectAgreement()
        try cem.commit { try $0.assign(record, Field.description, .text("We stood together.")) }
        try team.exchangeAll()
        #expect(try ana.documents().first?[Field.description] == .values([.text("We stood together.")]))
        #expect(try ana.importDocuments([imported("We stand together.")], source: "file").unchanged == 1)
    }

    @Test func `S14 who edits an import edits the equal imports of others`() throws {
        _ = try ana.importDocuments([imported("We stand together.")], source: "file")
        try ana.commit { try $0.assign(record, Field.description, .text("We stand together in Leeds.")) }
        _ = try ben.importDocuments([imported("We stand together.")], source: "file")
        _ = try cem.importDocuments([imported("Another text.")], source: "another file")
        try TestTeam.carry(from: ben, to: cem)
        try TestTeam.carry(from: cem, to: ana)
        try team.exchangeAll()
        let document = try #require(try ben.documents().first)
        guard case .values(let values) = document[Field.description] else { return #expect(Bool(false)) }
        #expect(Set(values) == [.text("We stand together in Leeds."), .text("Another text.")])
        #expect(try conflicts() == [Field.description])
        try team.expectAgreement()
    }

    @Test func `S15 an item removed while its caption was edited is whole and listed, or gone`() throws {
        let key = ItemKey(42)
        let hash = Value.bytes([UInt8](repeating: 9, count: 32))
        let fields = try #require(RecordSchema.event[Field.media]).itemFields.map(\.number)
        try ana.commit { try $0.put(record, Field.media, key: key, [(17, hash), (20, .text("Crowd"))]) }
        try team.exchangeAll()
        try ana.commit { try $0.removeItem(record, Field.media, key: key, fields: fields) }
        try ben.commit { try $0.assign(record, 20, key: key, .text("The crowd")) }
        #expect(try ana.documents().first?.items(Field.media).isEmpty == true)
        try team.exchangeAll()
        let item = try #require(try cem.documents().first?.items(Field.media).first)
        #expect(item.value(17) == hash)
        #expect(item.value(20) == .text("The crowd"))
        #expect(try conflicts() == [Field.media])
        try team.expectAgreement()
        try cem.commit { try $0.removeItem(record, Field.media, key: key, fields: fields) }
        try team.exchangeAll()
        #expect(try ana.documents().first?.items(Field.media).isEmpty == true)
        #expect(try conflicts().isEmpty)
        try team.expectAgreement()
    }

    @Test func `S17 two processes on one store never conflict with each other`() throws {
        let other = try Replica(openingAt: ana.paths.folder, surroundings: team.clock.surroundings)
        for (number, replica) in [ana, other, other, ana, other].enumerated() {
            try replica.commit { try $0.assign(record, Field.title, .text("Vigil \(number)")) }
        }
        #expect(try ana.documents().map(\.title) == ["Vigil 4"])
        #expect(try other.documents().map(\.title) == ["Vigil 4"])
        #expect(try conflicts().isEmpty)
        try team.exchangeAll()
        try team.expectAgreement()
    }

    @Test func `S17 a process learns of a device that another process admitted`() throws {
        let other = try Replica(openingAt: ana.paths.folder, surroundings: team.clock.surroundings)
        _ = try other.status()
        let plan = try team.invitation()
        let dora = try team.join(plan)
        _ = try dora.addEvent("Dora's")
        try TestTeam.carryControl(from: dora, to: ana)
        _ = try ana.closeUsedInvites()
        _ = try dora.seal()
        _ = try dora.offer(lackedBy: ana.heads()) { _ = try other.receive($0) }
        try other.applyReceived()
        #expect(try other.status().void.isEmpty)
        #expect(try ana.documents().count == 2)
    }

    @Test func `S20 places set apart are one conflict and never a mixture`() throws {
        let paris = Value.parts((Part.Place.venue, .text("Place")), (Part.Place.locality, .text("Paris")))
        let london = Value.parts((Part.Place.street, .text("Strand")), (Part.Place.locality, .text("London")))
        try ana.commit { try $0.assign(record, Field.place, paris) }
        try ben.commit { try $0.assign(record, Field.place, london) }
        try team.exchangeAll()
        #expect(try conflicts() == [Field.place])
        let shown = try #require(try cem.documents().first?.value(Field.place))
        #expect(shown == paris || shown == london)
        try team.expectAgreement()
    }

    @Test func `S21 entries of one id that differ are both kept, one shown`() throws {
        let key = ItemKey(derivedFrom: [1])
        let entry = { (by: String) in
            Value.parts((Part.Count.what, .text("attendance")), (Part.Count.text, .text("400")), (Part.Count.by, .text(by)))
        }
        try ana.commit { try $0.enter(record, Field.counts, key: key, entry("ana")) }
        try ben.commit { try $0.enter(record, Field.counts, key: key, entry("ben")) }
        try cem.commit { try $0.enter(record, Field.counts, key: key, entry("ana")) }
        try team.exchangeAll()
        let entries = try #require(try cem.documents().first?.entries(Field.counts))
        #expect(entries.count == 1)
        #expect(entries.first?.values.count == 2)
        #expect(try conflicts() == [Field.counts])
        try team.expectAgreement()
        try cem.commit { try $0.retract(record, Field.counts, key: key, reason: "counted twice") }
        try team.exchangeAll()
        #expect(try ana.documents().first?.entries(Field.counts).isEmpty == true)
        #expect(try conflicts().isEmpty)
        try team.expectAgreement()
    }

    @Test func `what replaces nothing finds its record through a write`() throws {
        let key = ItemKey(3)
        try ben.commit { draft in
            try draft.add(record, Field.causes, .text("solidarity"))
            try draft.enter(record, Field.notes, key: key, .parts((1, .text("quiet"))))
            try draft.put(record, Field.organisers, key: key, [(Part.Organiser.name, .text("Choir"))])
            try draft.assign(record, Field.ends, .text("2024-05-01"))
            try draft.retract(record, Field.notes, key: key, reason: nil)
        }
        try ben.commit { try $0.assign(record, Field.description, .text("A first text names nothing.")) }
        let changes = try ben.log.read { log in
            try log.changes(of: #require(try log.authorNumber(ben.author))).map { try ben.loader.change($0, log) }
        }
        #expect(changes.map { $0.operations.map(\.record) } == [Array(repeating: .named, count: 6), [.id(record)]])
        _ = try ana.commit { try $0.delete(record) }
        _ = try ana.commit { try $0.restore(record) }
        try team.exchangeAll()
        try team.expectAgreement()
        let document = try #require(try cem.documents().first)
        #expect(document.title == "Vigil")
        #expect(document.items(Field.organisers).count == 1)
        #expect(document.entries(Field.notes).isEmpty)
        #expect(document.value(Field.ends) == .text("2024-05-01"))
        #expect(try conflicts().isEmpty)
    }

    @Test func `S22 a change past one mebibyte is refused, and an import is split`() throws {
        let long = String(repeating: "x", count: 400_000)
        let last = try ana.lastChange()
        let error = #expect(throws: SyncError.self) {
            try ana.commit { draft in
                for number in 0..<3 { try draft.add(record, Field.causes, .text(long + "\(number)")) }
            }
        }
        #expect(error?.kind == .usage)
        #expect(try ana.lastChange() == last)
        #expect(try ana.documents().first?.set(Field.causes).isEmpty == true)
        // Nothing is left over that would block a push, and what fits is saved.
        try ana.commit { try $0.add(record, Field.causes, .text(long)) }
        let documents = (0..<5).map {
            RecordDocument(kind: .event, id: nil, fields: [.init(Field.title, .values([.text(long + "\($0)")]))])
        }
        #expect(try ana.importDocuments(documents, source: "long").created == 5)
        try team.exchangeAll()
        #expect(try ben.documents().count == 6)
        #expect(try ana.log.read { log in try log.changes(after: last, limit: 99).count } > 2)
    }
}
