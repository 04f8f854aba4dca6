import Testing

@testable import SyncCore

@Suite struct PastTests {
    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }
    private var ben: Replica { team.replicas[1] }

    init() throws { team = try TestTeam(devices: 2) }

    private func wall(_ change: ChangeName?) throws -> Int64 {
        let name = try #require(change)
        return try ana.read { try #require(try $0.index.stored(name)).wall }
    }

    private func past(_ record: RecordID, _ wall: Int64) throws -> PastRecord {
        try ana.read { try #require(try $0.record(record, at: wall)) }
    }

    @Test func `a record as it was between its changes`() throws {
        let made = try ana.commit { draft in
            let id = draft.create(.event)
            try draft.assign(id, Field.title, .text("Vigil"))
            try draft.add(id, Field.causes, .text("peace"))
            return id
        }
        let record = made.result
        let renamed = try ana.commit { try $0.assign(record, Field.title, .text("March")) }.change
        let removed = try ana.commit { try $0.remove(record, Field.causes, .text("peace")) }.change
        let deleted = try ana.commit { try $0.delete(record) }.change
        #expect(try past(record, wall(made.change) - 1).document == nil)
        let first = try past(record, wall(made.change))
        #expect(first.document?.title == "Vigil" && first.document?.set(Field.causes) == [.text("peace")])
        #expect(first.laterChanges == 3 && first.isVisible)
        #expect(try past(record, wall(renamed)).document?.title == "March")
        #expect(try past(record, wall(removed)).document?.set(Field.causes) == [])
        #expect(try past(record, wall(removed)).isVisible)
        #expect(try !past(record, wall(deleted)).isVisible)
        let now = try ana.read { try #require(try $0.document(record)) }
        #expect(try past(record, .max).document == now)
    }

    @Test func `what a fast clock wrote later is left out with what it replaced kept replaced`() throws {
        let record = try ana.addEvent("Vigil")
        try team.exchangeAll()
        team.clock.time += 3_600_000
        try ben.commit { try $0.assign(record, Field.title, .text("March")) }
        try team.exchangeAll()
        team.clock.time -= 3_600_000
        let last = try ana.commit { try $0.assign(record, Field.title, .text("Rally")) }.change
        try team.exchangeAll()
        let then = try past(record, wall(last))
        #expect(then.document?[Field.title] == .values([.text("Rally")]))
        #expect(then.laterChanges == 1)
        // By whose clocks: both.
        #expect(try ana.read { try $0.writers(of: record) } == [ana.device, ben.device])
    }

    @Test func `what became different, place by place, and who did it`() throws {
        let record = try ana.addEvent("Vigil", starts: "2017-04-13")
        let key = ItemKey(7)
        try ana.commit { draft in
            try draft.put(record, Field.organisers, key: key, [(7, .text("Amnesty"))])
            try draft.enter(record, Field.notes, key: key, .parts((1, .text("wet"))))
        }
        let since = team.clock.time
        try team.exchangeAll()
        try ben.commit { draft in
            try draft.assign(record, Field.starts, .text("2017-04-14"))
            try draft.add(record, Field.causes, .text("peace"))
            try draft.assign(record, 8, key: key, .text("host"))
            try draft.retract(record, Field.notes, key: key, reason: nil)
            try draft.put(record, Field.organisers, key: ItemKey(8), [(7, .text("Red Cross"))])
        }
        try team.exchangeAll()
        // Set and set back: nothing is different.
        try ana.commit { try $0.assign(record, Field.title, .text("March")) }
        try ana.commit { try $0.assign(record, Field.title, .text("Vigil")) }
        let difference = try ana.read { try #require(try $0.difference(of: record, since: since)) }
        let places = difference.places.map { "\($0.field?.number ?? 0) \($0.key?.word ?? 0)" }
        #expect(Set(places) == ["41 0", "4 0", "8 7", "27 7", "6 8", "7 8"])
        #expect(difference.places.allSatisfy { $0.by.map(\.deviceName) == ["device 1"] })
        let starts = try #require(difference.places.first { $0.field?.number == Field.starts })
        #expect(starts.before == [.text("2017-04-13")] && starts.after == [.text("2017-04-14")])
        #expect(difference.places.first { $0.field?.number == Field.organisers }?.presence.map { $0 == (false, true) } == true)
        #expect(try ana.read { try $0.difference(of: record, since: team.clock.time) }?.places.isEmpty == true)
        // From before it was there: the record itself is among what is different.
        #expect(try ana.read { try $0.difference(of: record, since: 0) }?.places.first?.presence.map { $0 == (false, true) } == true)
    }
}
