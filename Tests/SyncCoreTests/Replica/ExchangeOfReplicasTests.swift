import Testing

@testable import SyncCore

@Suite struct ExchangeOfReplicasTests {
    @Test func `edits made apart come together`() throws {
        let team = try TestTeam(devices: 3)
        let (ana, ben, cem) = (team.replicas[0], team.replicas[1], team.replicas[2])
        let leeds = try ana.addEvent("Rally", starts: "2017-04-22")
        try team.exchangeAll()
        try ben.commit { try $0.assign(leeds, Field.title, .text("Rally for solidarity")) }
        try cem.commit { try $0.enter(leeds, Field.counts, .parts((1, .text("attendance")), (2, .text("around 400")))) }
        try ana.commit { try $0.add(leeds, Field.causes, .text("solidarity")) }
        try team.exchangeAll()
        let documents = try team.replicas.map { try $0.documents() }
        #expect(documents[0].count == 1)
        #expect(documents[0] == documents[1])
        #expect(documents[1] == documents[2])
        #expect(documents[0][0].title == "Rally for solidarity")
        #expect(documents[0][0].entries(Field.counts).count == 1)
        #expect(documents[0][0].set(Field.causes) == [.text("solidarity")])
        #expect(try ana.read { try $0.conflictCount() } == 0)
    }

    @Test func `one field set differently is one conflict, and resolving it ends it`() throws {
        let team = try TestTeam()
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        let paris = try ana.addEvent("Rassemblement", starts: "2017-04-13")
        try team.exchangeAll()
        try ana.commit { try $0.assign(paris, Field.starts, .text("2017-04-13T19:00[Europe/Paris]")) }
        try ben.commit { try $0.assign(paris, Field.starts, .text("2017-04-13T18:30[Europe/Paris]")) }
        try team.exchangeAll()
        for replica in team.replicas {
            let conflicts = try replica.read { try $0.conflicts() }
            #expect(conflicts.count == 1)
            #expect(conflicts.first?.field?.number == Field.starts)
            #expect(conflicts.first?.values.count == 2)
        }
        #expect(try ana.documents() == ben.documents())
        try ben.commit { try $0.assign(paris, Field.starts, .text("2017-04-13T19:00[Europe/Paris]")) }
        try team.exchangeAll()
        #expect(try ana.read { try $0.conflictCount() } == 0)
        #expect(try ana.documents() == ben.documents())
    }

    @Test func `a deletion that met an edit is visible and listed`() throws {
        let team = try TestTeam()
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        let york = try ana.addEvent("York")
        try team.exchangeAll()
        let deleted = try ana.commit { try $0.delete(york) }.result
        #expect(deleted)
        #expect(try ana.documents().isEmpty)
        try ben.commit { try $0.assign(york, Field.title, .text("York, Minster")) }
        try team.exchangeAll()
        for replica in team.replicas {
            #expect(try replica.documents().map(\.title) == ["York, Minster"])
            #expect(try replica.read { try $0.conflictCount() } == 1)
        }
    }

    @Test func `a rebuilt view equals the one that grew`() throws {
        let team = try TestTeam()
        for number in 0..<40 { _ = try team.replicas[number % 2].addEvent("Event \(number)") }
        try team.exchangeAll()
        let before = try team.replicas[0].documents()
        #expect(before.count == 40)
        _ = try team.replicas[0].rebuild()
        #expect(try team.replicas[0].documents() == before)
        #expect(try team.replicas[1].documents() == before)
    }
}
