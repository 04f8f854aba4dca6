import Foundation
import SyncServer
import Testing

@testable import SyncCore

@Suite(.serialized) struct ExchangeTests {
    @Test func `three devices that edited apart end with the same bytes`() async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            try await team.join(url)
            try await team.join(url)
            let (ana, ben, cem) = (team.replicas[0], team.replicas[1], team.replicas[2])
            let leeds = try ana.addEvent("Leeds")
            try await team.everybodyExchanges()
            try ben.commit { try $0.enter(leeds, Field.counts, .parts((1, .text("attendance")), (2, .text("around 400")))) }
            try cem.commit { try $0.assign(leeds, Field.title, .text("Leeds, City Square")) }
            _ = try ben.addEvent("York")
            _ = try cem.addEvent("Rome")
            try await team.everybodyExchanges()
            let exports = try team.replicas.map { try $0.export() }
            #expect(!exports[0].isEmpty)
            #expect(exports[0] == exports[1])
            #expect(exports[1] == exports[2])
            #expect(try ana.read { try $0.count(.event) } == 3)
            #expect(try ben.unsentCount() == 0)
        }
    }

    @Test func `a wiped relay is refilled by whoever comes next, whoever wrote it`() async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            try await team.join(url)
            _ = try team.replicas[0].addEvent("Leeds")
            _ = try team.replicas[1].addEvent("York")
            try await team.everybodyExchanges()
        }
        let before = try team.replicas[0].export()
        try team.wipeRelay()
        try await team.withRelay { url in
            try team.pointAll(at: url)
            // Device 1 alone brings back what device 0 wrote.
            let report = try await team.exchange(team.replicas[1]).pull()
            #expect(report.relayWasReset)
            #expect(report.refilled.segments > 0)
            #expect(report.refilled.othersSegments > 0)
            // A third device, invited by the other, reads all of it from the new relay.
            try await team.join(url)
            #expect(try team.replicas[2].export() == before)
        }
    }

    @Test func `a push to a wiped relay refills it too`() async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            try await team.join(url)
            _ = try team.replicas[0].addEvent("Leeds")
            try await team.everybodyExchanges()
        }
        try team.wipeRelay()
        try await team.withRelay { url in
            try team.pointAll(at: url)
            _ = try team.replicas[1].addEvent("York")
            let report = try await team.exchange(team.replicas[1]).push()
            #expect(report.othersSegments > 0)
            #expect(report.changes == 1)
            _ = try await team.exchange(team.replicas[0]).pull()
            #expect(try team.replicas[0].export() == team.replicas[1].export())
        }
    }

    @Test func `S5 exchanges that bring nothing new say nothing, whoever exchanges however often`() async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            try await team.join(url)
            _ = try team.replicas[0].addEvent("Leeds")
            _ = try team.replicas[1].addEvent("York")
            for _ in 0..<2 { try await team.everybodyExchanges() }
            let before = try team.replicas.map { (try $0.heads(), try $0.remote("relay")?.token) }
            for _ in 0..<3 { try await team.everybodyExchanges() }
            let after = try team.replicas.map { (try $0.heads(), try $0.remote("relay")?.token) }
            #expect(before.map(\.1).allSatisfy { $0 != nil })
            for (before, after) in zip(before, after) { #expect(before == after) }
        }
    }

    @Test func `S6 no relay is an error that says that local data is safe, and nothing is sealed`() async throws {
        let team = try RelayTeam()
        try team.point(team.replicas[0], at: "http://127.0.0.1:9")
        _ = try team.replicas[0].addEvent("Leeds")
        await #expect(throws: SyncError.self) { _ = try await team.exchange(team.replicas[0]).push() }
        #expect(try team.replicas[0].unsentCount() == 1)
        #expect(try team.replicas[0].heads().isEmpty)
    }

    @Test func `a relay's files and what it stores hold no word of a record`() async throws {
        let team = try RelayTeam()
        let planted = ["Zanzibarquartier", "Quetzalcoatlplatz", "solidarnoscword"]
        try await team.withRelay { url in
            try await team.join(url)
            for word in planted { _ = try team.replicas[0].addEvent(word) }
            try await team.everybodyExchanges()
        }
        for file in try FileManager.default.contentsOfDirectory(atPath: team.relayFolder) {
            let bytes = try FileSystem.read(team.relayFolder + "/" + file)
            for word in planted + ["Solidarity", "device 0", "device 1"] {
                #expect(!bytes.contains(Array(word.utf8)), "\(word) in \(file)")
            }
        }
        #expect(try team.replicas[1].export().contains(Array(planted[0].utf8)))
    }

    @Test func `S11 a second join on one invite voids both, until a coordinator picks`() async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            let founder = team.replicas[0]
            try team.point(founder, at: url)
            let invite = try await team.exchange(founder).invite(role: .volunteer, expires: 0, hours: 24)
            let plan = try await Exchange.planJoin(invite.code)
            var joined: [Replica] = []
            for name in ["thief", "friend"] {
                let replica = try Replica.join(at: team.folder + "/" + name, plan, device: name)
                try team.point(replica, at: url)
                _ = try replica.addEvent("by \(name)")
                joined.append(replica)
            }
            for replica in joined { _ = try await team.exchange(replica).push() }
            _ = try await team.exchange(founder).pull()
            #expect(try founder.team().roster.count == 1)
            #expect(try founder.read { try $0.count(.event) } == 0)
            #expect(try founder.status().void.count == 2)
            let friend = joined[1]
            let join = try #require(try founder.team().joins.first { $0.value.id == friend.device }?.key)
            try founder.close(invite.invite, accepted: join)
            _ = try await team.exchange(founder).push()
            #expect(try founder.read { try $0.count(.event) } == 1)
            for replica in joined { _ = try await team.exchange(replica).pull() }
            #expect(try founder.export() == friend.export())
            #expect(try founder.export() == joined[0].export())
        }
    }
}

extension [UInt8] {
    /// Whether `part` stands in it, all in one piece.
    func contains(_ part: [UInt8]) -> Bool {
        guard let first = part.first, count >= part.count else { return false }
        return indices.dropLast(part.count - 1).contains { self[$0] == first && self[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
