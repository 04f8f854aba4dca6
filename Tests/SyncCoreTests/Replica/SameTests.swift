import Testing

@testable import SyncCore

/// Records that people said are one, by two and three people who do not see each other.
@Suite struct SameTests {
    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }
    private var ben: Replica { team.replicas[1] }
    /// In the order of their ids.
    private let ids: [RecordID]
    private var a: RecordID { ids[0] }
    private var b: RecordID { ids[1] }
    private var c: RecordID { ids[2] }

    init() throws {
        team = try TestTeam(devices: 3)
        let ana = team.replicas[0]
        ids = try ["Rally", "Rally in Leeds", "Leeds rally"].map { try ana.addEvent($0) }.sorted()
        try team.exchangeAll()
    }

    private func link(_ a: RecordID, _ b: RecordID, by replica: Replica) throws {
        let isNew = try replica.commit { try $0.link(a, b) }.result
        #expect(isNew)
    }

    private func shown(_ replica: Replica) throws -> [RecordID] { try replica.documents().compactMap(\.id) }
    private func conflicts(_ replica: Replica) throws -> [UInt32] {
        try replica.read { try $0.conflicts() }.map { $0.field?.number ?? 0 }
    }

    /// What each record says by itself.
    private func own(_ id: RecordID) throws -> RecordDocument? {
        try ana.read { session in try session.state(of: id).flatMap { RecordDocument(id: id, state: $0, graph: session.index) } }
    }

    @Test func `S13 parting what was one is exact, also after somebody resolved a field`() throws {
        try ana.commit { draft in
            try draft.assign(a, Field.title, .text("Rally"))
            try draft.assign(b, Field.title, .text("Rally in Leeds"))
            try draft.assign(a, Field.description, .text("We stand together."))
            try draft.assign(b, Field.description, .text("A second account."))
            try draft.assign(b, Field.starts, .text("2017-04-22"))
            try draft.add(a, Field.causes, .text("solidarity"))
            try draft.add(b, Field.causes, .text("freedom"))
        }
        let before = try [own(a), own(b)]
        try link(b, a, by: ana)
        try team.exchangeAll()
        #expect(try shown(ben) == [a, c])
        let merged = try #require(try ben.read { try $0.document(b) })
        #expect(merged.id == a && merged.set(Field.same) == [.bytes(b.bytes)])
        #expect(merged[Field.description] == .values([.text("We stand together.\n\nA second account.")]))
        #expect(merged.value(Field.starts) == .text("2017-04-22"))
        #expect(Set(merged.set(Field.causes)) == [.text("solidarity"), .text("freedom")])
        // Of the texts nobody has to choose one.
        #expect(try conflicts(ben) == [Field.title])

        try ben.commit { try $0.assign(b, Field.title, .text("Rally for solidarity, Leeds")) }
        try team.exchangeAll()
        #expect(try conflicts(ana).isEmpty)
        #expect(try ana.read { try $0.document(a) }?.title == "Rally for solidarity, Leeds")
        let isParted = try ana.commit { try $0.part(a, b) }.result
        #expect(isParted)
        try team.exchangeAll()
        #expect(try shown(ben) == [a, b, c])
        for (id, old) in zip([a, b], before) {
            var expected = try #require(old)
            expected.fields[0].content = .values([.text("Rally for solidarity, Leeds")])
            #expect(expected.fields[0].number == Field.title)
            #expect(try ben.read { try $0.document(id) } == expected)
        }
        #expect(try conflicts(ana).isEmpty)
        try team.expectAgreement()
    }

    @Test func `the tables show what was one and is parted as if it had never been one`() throws {
        try ana.commit { draft in
            try draft.put(b, Field.organisers, [(Part.Organiser.name, .text("Union"))])
            try draft.add(b, Field.causes, .text("solidarity"))
        }
        let before = try ana.picture().rows
        #expect(before["event_organisers"]?.count == 1 && before["event_causes"]?.count == 1)
        try link(a, b, by: ana)
        let together = try ana.picture().rows
        #expect(together["event"]?.count == 2 && together["event_organisers"]?.count == 1 && together != before)
        _ = try ana.commit { try $0.part(a, b) }
        #expect(try ana.picture().rows == before)
    }

    @Test func `links that people make at once come to one record`() throws {
        try link(a, b, by: ana)
        try link(c, b, by: ben)
        try link(a, c, by: team.replicas[2])
        try team.exchangeAll()
        for replica in team.replicas {
            #expect(try shown(replica) == [a])
            #expect(try replica.read { try $0.members(of: c) } == ids)
            for id in ids { #expect(try replica.read { try $0.find(id.text) } == a) }
        }
        // One link of three goes, and the other two hold them together.
        _ = try ana.commit { try $0.part(a, b) }
        try team.exchangeAll()
        #expect(try shown(ben) == [a])
        #expect(try ben.read { try $0.isToldApart(b, a) })
        _ = try ben.commit { try $0.part(b, c) }
        try team.exchangeAll()
        #expect(try shown(ana) == [a, b])
        try team.expectAgreement()
    }

    @Test func `a link outlives a parting that had not seen it`() throws {
        try link(a, b, by: ana)
        try team.exchangeAll()
        _ = try ana.commit { try $0.part(a, b) }
        _ = try ben.commit { draft in
            _ = try draft.part(a, b)
        }
        try link(a, b, by: ben)
        try team.exchangeAll()
        #expect(try shown(team.replicas[2]) == [a, c])
        try team.expectAgreement()
    }

    @Test func `a deleted member leaves, and its link waits for it`() throws {
        try link(a, b, by: ana)
        try link(b, c, by: ana)
        try TestTeam.carry(from: ana, to: ben)
        // Somebody who knows of no link deletes the one in the middle.
        _ = try team.replicas[2].commit { try $0.delete(b) }
        try team.exchangeAll()
        #expect(try shown(ana) == [a, c])
        #expect(try conflicts(ana).isEmpty, "a link is no edit")
        _ = try ben.commit { try $0.restore(b) }
        try team.exchangeAll()
        #expect(try shown(ana) == [a])
        try team.expectAgreement()
    }

    @Test func `deleting one that is several deletes all, and restoring it brings all back`() throws {
        try link(a, b, by: ana)
        let isDeleted = try ana.commit { try $0.delete(b) }.result
        try team.exchangeAll()
        #expect(isDeleted)
        #expect(try shown(ben) == [c])
        _ = try ben.commit { try $0.restore(b) }
        try team.exchangeAll()
        #expect(try shown(ana) == [a, c])
        #expect(try ana.read { try $0.members(of: a) } == [a, b])
        try team.expectAgreement()
    }

    @Test(arguments: [true, false]) func `a member that was deleted while somebody edited it is settled alone`(isKept: Bool) throws {
        try link(a, b, by: ana)
        try TestTeam.carry(from: ana, to: ben)
        _ = try team.replicas[2].commit { try $0.delete(b) }
        try ben.commit { try $0.add(b, Field.causes, .text("freedom")) }
        try team.exchangeAll()
        // An element goes to the record that was named, here the deleted one.
        #expect(try conflicts(ana).contains(0))
        #expect(try shown(ana) == [a, c])
        _ = try ana.commit { draft in _ = try isKept ? draft.restore(a) : draft.confirmDeletion(a) }
        try team.exchangeAll()
        #expect(try !conflicts(ben).contains(0))
        #expect(try shown(ben) == [a, c])
        #expect(try ben.read { try $0.members(of: a) } == (isKept ? [a, b] : [a]))
        try team.expectAgreement()
    }

    @Test func `an edit goes to the members that say something there`() throws {
        try ana.commit { draft in
            try draft.assign(b, Field.ends, .text("2017-04-22"))
            try draft.put(b, Field.organisers, key: ItemKey(1), [(Part.Organiser.name, .text("Amnesty"))])
            try draft.put(a, Field.organisers, key: ItemKey(2), [(Part.Organiser.name, .text("Amnesty"))])
            try draft.enter(b, Field.notes, key: ItemKey(3), .parts((1, .text("loud"))))
        }
        try link(a, b, by: ana)
        #expect(try ana.read { try $0.document(a) }?.items(Field.organisers).count == 1, "said twice in the same words")
        try ana.commit { draft in
            try draft.assign(a, Field.ends, .text("2017-04-23"))
            try draft.assign(a, Field.status, .text("held"))
            try draft.assign(a, Part.Organiser.role, key: ItemKey(1), .text("host"))
            try draft.retract(a, Field.notes, key: ItemKey(3), reason: nil)
        }
        #expect(try own(a)?.value(Field.ends) == nil)
        #expect(try own(b)?.value(Field.ends) == .text("2017-04-23"))
        #expect(try own(a)?.value(Field.status) == .text("held"))
        #expect(try own(b)?.items(Field.organisers).first?.value(Part.Organiser.role) == .text("host"))
        #expect(try own(b)?.entries(Field.notes).isEmpty == true)
        #expect(try ana.read { try $0.document(a) }?.entries(Field.notes).isEmpty == true)
    }

    @Test func `an organiser whom two members name is removed from both`() throws {
        let fields = [Part.Organiser.name, Part.Organiser.role]
        try ana.commit { draft in
            for (number, id) in [a, b].enumerated() {
                try draft.put(id, Field.organisers, key: ItemKey(UInt64(number)), [(Part.Organiser.name, .text("Amnesty"))])
            }
        }
        try link(a, b, by: ana)
        try ana.commit { try $0.removeItem(a, Field.organisers, key: ItemKey(0), fields: fields) }
        #expect(try ana.read { try $0.document(a) }?.items(Field.organisers).isEmpty == true)
    }

    @Test func `who may see it is the strictest of what was said and not said`() throws {
        try ana.commit { try $0.assign(a, Field.visibility, .text("public")) }
        try link(a, b, by: ana)
        #expect(try ana.read { try $0.document(a) }?.value(Field.visibility) == .text("team"))
        try ana.commit { try $0.assign(a, Field.visibility, .text("public")) }
        #expect(try ana.read { try $0.document(a) }?.value(Field.visibility) == .text("public"))
        try ben.commit { try $0.assign(c, Field.visibility, .text("sealed")) }
        try link(b, c, by: ben)
        try team.exchangeAll()
        #expect(try ana.read { try $0.document(a) }?.value(Field.visibility) == .text("sealed"))
        try team.expectAgreement()
    }

    @Test func `tallies are added up and closed together`() throws {
        let ids = try (0..<2).map { _ in try ana.commit { $0.create(.petition) }.result }
        try ana.commit { draft in
            try draft.increment(ids[0], Field.tally, by: 3)
            try draft.increment(ids[1], Field.tally, by: 4)
        }
        try link(ids[0], ids[1], by: ana)
        #expect(try ana.read { try $0.document(ids[0]) }?[Field.tally] == .counter(7))
        let closed = try ana.commit { try $0.closeCounter(ids[0], Field.tally) }.result
        #expect(closed.value == 7)
        #expect(try ana.read { try $0.document(ids[0]) }?[Field.tally] == .counter(0))
    }

    @Test func `only two of one kind that are there can be one`() throws {
        let petition = try ana.commit { $0.create(.petition) }.result
        _ = try ana.commit { try $0.delete(c) }
        for (one, other) in [(a, petition), (a, a), (a, c)] {
            let error = #expect(throws: SyncError.self) { try ana.commit { _ = try $0.link(one, other) } }
            #expect(error?.kind == .usage)
        }
        try link(a, b, by: ana)
        #expect(try ana.commit { try $0.link(b, a) }.change == nil)
        #expect(try ana.commit { try $0.part(a, b) }.change != nil)
        #expect(try ana.commit { try $0.part(a, b) }.change == nil)
    }

    @Test func `an import that names a member goes on working`() throws {
        let document = RecordDocument(kind: .event, id: b, fields: [.init(Field.status, .values([.text("called")]))])
        _ = try ana.importDocuments([document], source: "file")
        try link(a, b, by: ana)
        #expect(try ana.importDocuments([document], source: "file").unchanged == 1)
        var newer = document
        newer.fields[0].content = .values([.text("held")])
        #expect(try ana.importDocuments([newer], source: "file").changed == 1)
        #expect(try ana.read { try $0.document(a) }?.value(Field.status) == .text("held"))
        #expect(try shown(ana) == [a, c])
        // What the store says itself is nothing new, texts that stand one after the other among it.
        let last = try ana.lastChange()
        #expect(try ana.importDocuments(ana.documents(), source: "own").changed == 0)
        #expect(try ana.lastChange() == last)
    }

    @Test func `an export carries along which records are one`() throws {
        try link(a, b, by: ana)
        let others = try TestTeam(devices: 1, seed: 99)
        let other = others.replicas[0]
        _ = try other.importDocuments(ana.documents(), source: "file")
        #expect(try other.importDocuments(ana.documents(), source: "file").changed == 0)
        #expect(try other.ndjson() == ana.ndjson())
        #expect(try other.read { try $0.find(b.text) } == a)
        // Whoever knows it under the other id only, means the same.
        let late = RecordDocument(kind: .event, id: b, fields: [.init(Field.status, .values([.text("held")]))])
        _ = try other.importDocuments([late], source: "later")
        #expect(try shown(other) == [a, c])
        #expect(try other.read { try $0.document(b) }?.value(Field.status) == .text("held"))
    }

    @Test func `a search finds one record by the words of any member`() throws {
        try ana.commit { try $0.assign(b, Field.place, .parts((Part.Place.locality, .text("Bradford")))) }
        #expect(try ana.search("Bradford").map(\.id) == [b])
        try link(a, b, by: ana)
        #expect(try ana.search("Bradford").map(\.id) == [a])
        _ = try ana.commit { try $0.part(a, b) }
        #expect(try ana.search("Bradford").map(\.id) == [b])
    }
}
