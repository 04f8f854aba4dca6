import Foundation
import GRDB
import Testing

@testable import SyncCore

/// A store with a passphrase is the same store, and leaves nothing readable.
@Suite struct SealedStoreTests {
    private func reopened(_ replica: Replica, _ team: TestTeam) throws -> Replica {
        let key = replica.storeKey
        return try Replica(openingAt: replica.paths.folder, surroundings: team.clock.surroundings) { _ in key }
    }

    private func sealed(_ devices: Int = 2) throws -> TestTeam { try TestTeam(devices: devices, protection: TestPassphrase.protection()) }

    @Test func `it exchanges with stores that have none, and agrees with them`() throws {
        let team = try sealed(3)
        var ids: [RecordID] = []
        for (number, replica) in team.replicas.enumerated() {
            for event in 0..<20 { ids.append(try replica.addEvent("Event \(number) \(event)")) }
        }
        try team.exchangeAll()
        for (number, replica) in team.replicas.enumerated() {
            _ = try replica.commit { draft in try draft.assign(ids[number], Field.title, .text("Edited by \(number)")) }
            _ = try replica.commit { draft in try draft.assign(ids[0], Field.title, .text("Disputed by \(number)")) }
        }
        try team.exchangeAll()
        try team.expectAgreement(team.replicas)
        let again = try reopened(team.replicas[0], team)
        #expect(try again.picture() == team.replicas[1].picture())
    }

    @Test func `without the key it does not open, and says so`() throws {
        let team = try sealed()
        let error = #expect(throws: SyncError.self) { try Replica(openingAt: team.path(0)) }
        #expect(error?.kind == .locked && error?.what == "This store is locked.")
        let wrong = #expect(throws: SyncError.self) {
            try Replica(openingAt: team.path(0)) { try $0.key(for: TestPassphrase.of("wrong")) }
        }
        #expect(wrong?.kind == .locked && wrong?.what == "The passphrase does not open this store.")
        let other = StoreKey.random(team.clock.surroundings)
        #expect(throws: SyncError.self) { try Replica(openingAt: team.path(0)) { _ in other } }
        team.clock.time += 60_000
        let right = try Replica(openingAt: team.path(0), surroundings: team.clock.surroundings) { try $0.key(for: TestPassphrase.of("correct horse")) }
        #expect(right.isSealed)
    }

    @Test func `its view is never a file, and a long tail becomes an image`() throws {
        let team = try sealed(1)
        let ana = team.replicas[0]
        for number in 0..<10 { _ = try ana.addEvent("Event \(number)") }
        ana.tidyUp()
        #expect(!FileSystem.exists(ana.paths.image))
        for number in 10..<30 { _ = try ana.addEvent("Event \(number)") }
        ana.tidyUp()
        #expect(FileSystem.exists(ana.paths.image) && !FileSystem.exists(ana.paths.view))
        let again = try reopened(ana, team)
        #expect(try again.documents().count == 30)
        // What the image has is not applied again.
        #expect(again.tail.weight == 0)
        _ = try ana.addEvent("One more")
        #expect(try again.documents().count == 31)
        #expect(again.tail.weight == 1)
    }

    @Test func `what a search has indexed is in the image, and not indexed again`() throws {
        let team = try sealed(1)
        let ana = team.replicas[0]
        _ = try ana.commit { draft in
            for number in 0..<300 { try draft.assign(draft.create(.event), Field.title, .text("Event \(number)")) }
        }
        ana.tidyUp()
        let searching = try reopened(ana, team)
        #expect(try searching.search("Event", limit: 1000).count == 300)
        searching.tidyUp()
        let again = try reopened(ana, team)
        #expect(try again.documents().count == 300)
        #expect(try again.view().read { try $0.searchQueue(limit: 1).isEmpty })
    }

    @Test func `an image never replaces a later one`() throws {
        let team = try sealed(1)
        let ana = team.replicas[0]
        _ = try ana.addEvent("First")
        let behind = try reopened(ana, team)
        _ = try behind.documents()
        for number in 0..<20 { _ = try ana.addEvent("Event \(number)") }
        ana.tidyUp()
        let later = try FileSystem.read(ana.paths.image)
        try behind.locked { try behind.writeImage() }
        #expect(try FileSystem.read(ana.paths.image) == later)
        // One that only says of itself that it is later does not stay.
        var forged = later
        forged[12] = 0x7e
        try FileSystem.replace(forged, at: ana.paths.image)
        try ana.locked { try ana.writeImage() }
        #expect(try FileSystem.read(ana.paths.image) != forged)
        #expect(try reopened(ana, team).documents().count == 21)
    }

    @Test func `an image that was damaged, deleted or is of a later log is made again`() throws {
        let team = try sealed(1)
        let ana = team.replicas[0]
        for number in 0..<20 { _ = try ana.addEvent("Event \(number)") }
        try ana.checkpoint()
        let (backup, early) = (try FileSystem.read(ana.paths.log), try FileSystem.read(ana.paths.image))
        for number in 20..<40 { _ = try ana.addEvent("Event \(number)") }
        try ana.checkpoint()
        let late = try FileSystem.read(ana.paths.image)
        var damaged = late
        damaged[damaged.count / 2] ^= 1
        for image in [damaged, early, Array(late.prefix(10))] {
            try FileSystem.replace(image, at: ana.paths.image)
            #expect(try reopened(ana, team).documents().count == 40)
        }
        FileSystem.remove(ana.paths.image)
        #expect(try reopened(ana, team).documents().count == 40)
        try ana.log.queue.close()
        try FileSystem.writeDurably(backup, to: ana.paths.log)
        try FileSystem.replace(late, at: ana.paths.image)
        let restored = try reopened(ana, team)
        #expect(try restored.documents().count == 20)
        #expect(!FileSystem.exists(ana.paths.image))
    }

    @Test func `a rebuild gives the same view, and an image of it`() throws {
        let team = try sealed()
        for number in 0..<20 { _ = try team.replicas[1].addEvent("Event \(number)") }
        try team.exchangeAll()
        let before = try team.replicas[0].picture()
        #expect(try team.replicas[0].rebuild() == 20)
        #expect(try team.replicas[0].picture() == before)
        #expect(FileSystem.exists(team.replicas[0].paths.image))
    }

    @Test func `keys that are written again stay behind their slots`() throws {
        let team = try sealed(1)
        let ana = team.replicas[0]
        var keys = ana.keys
        let epoch = EpochID(high: 1, low: 2)
        keys.epochs.append((epoch, .random(team.clock.surroundings)))
        try ana.locked { try ana.save(keys) }
        #expect(!FileSystem.exists(ana.paths.oldKeys))
        let again = try Replica(openingAt: team.path(0), surroundings: team.clock.surroundings) { try $0.key(for: TestPassphrase.of("correct horse")) }
        #expect(again.keys.epochKey(epoch) == keys.epochKey(epoch) && again.isSealed)
    }

    @Test func `once it was opened the process leaves no core file`() throws {
        let team = try sealed(1)
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        #expect(limit.rlim_cur == 0 && limit.rlim_max == 0)
        // A process that may be looked into has files of its own user here.
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        #expect(status.contains("CoreDumping:\t0"))
        withExtendedLifetime(team) {}
    }
}
