import Foundation
import GRDB
import Testing

@testable import SyncCore

/// Setting, changing and taking away a passphrase, and what is left when that is interrupted.
@Suite struct ResealTests {
    private func filled(_ protection: StoreProtection) throws -> TestTeam {
        let team = try TestTeam(devices: 2, protection: protection)
        try team.replicas[0].addRemote(name: "relay", url: "https://relay.example")
        for number in 0..<30 { _ = try team.replicas[0].addEvent("Event \(number)") }
        _ = try team.replicas[0].importDocuments(
            [RecordDocument(kind: .event, id: RecordID(high: 1, low: 1), fields: [.init(Field.title, .values([.text("Imported")]))])],
            source: "source")
        try team.exchangeAll()
        _ = try team.replicas[0].addEvent("Not sent")
        return team
    }

    /// Everything that the store of device 0 holds, and then it is closed.
    private func contents(_ team: TestTeam, _ replica: Replica) throws -> (picture: Picture, remotes: [StoredRemote], unsent: Int, walls: [Int64]) {
        let walls = try replica.log.read { try $0.changes(after: 0, limit: 1000).map(\.wall) }
        defer {
            try? replica.log.queue.close()
            try? replica.openedView?.queue.close()
        }
        return (try replica.picture(), try replica.remotes(), try replica.unsentCount(), walls)
    }

    private func open(_ team: TestTeam, _ passphrase: String?) throws -> Replica {
        team.clock.time += 60_000
        return try Replica(openingAt: team.path(0), surroundings: team.clock.surroundings) { store in
            guard let passphrase else { throw store.locked }
            return try store.key(for: TestPassphrase.of(passphrase))
        }
    }

    private func expectSame(_ team: TestTeam, _ passphrase: String?, as before: (picture: Picture, remotes: [StoredRemote], unsent: Int, walls: [Int64])) throws {
        let replica = try open(team, passphrase)
        #expect(replica.isSealed == (passphrase != nil))
        // Marks fit together, so that the store is not taken for a copy.
        #expect(try FileSystem.read(replica.paths.incarnation) == replica.keys.incarnation.bytes)
        #expect(FileIdentity(of: replica.paths.log)?.inode == replica.keys.incarnation.inode)
        #expect(try replica.log.read { try $0.setting(Replica.Setting.incarnation) } == replica.keys.incarnation.bytes)
        // An import again changes nothing.
        let again = try replica.importDocuments(
            [RecordDocument(kind: .event, id: RecordID(high: 1, low: 1), fields: [.init(Field.title, .values([.text("Imported")]))])],
            source: "source")
        #expect(again.unchanged == 1 && again.created == 0)
        let after = try contents(team, replica)
        #expect(after.picture == before.picture && after.remotes == before.remotes && after.unsent == before.unsent && after.walls == before.walls)
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: team.path(0))).isDisjoint(with: [
            "log.db.next", "keys.old", "log.db-wal.old", "incarnation.next", "keys.new",
        ]))
    }

    private func key(_ team: TestTeam, _ passphrase: String) throws -> StoreKey {
        team.clock.time += 60_000
        return try #require(try LockedStore(team.path(0), surroundings: team.clock.surroundings)).key(for: TestPassphrase.of(passphrase))
    }

    @Test func `it is set, changed and taken away, and nothing is lost`() throws {
        let team = try filled(.none)
        let before = try contents(team, team.replicas[0])
        let reseal = Reseal(team.path(0), surroundings: team.clock.surroundings)
        _ = try reseal.set(TestPassphrase.of("first"), cost: TestPassphrase.cheap)
        try expectSame(team, "first", as: before)
        #expect(throws: SyncError.self) { try reseal.set(TestPassphrase.of("again"), cost: TestPassphrase.cheap) }
        try reseal.change(key(team, "first"), to: TestPassphrase.of("second"), cost: TestPassphrase.cheap)
        #expect(throws: SyncError.self) { try open(team, "first") }
        try expectSame(team, "second", as: before)
        try reseal.remove(key(team, "second"))
        try expectSame(team, nil, as: before)
    }

    @Test func `where another process works, nothing is set`() throws {
        let team = try filled(.none)
        let replica = team.replicas[0]
        // A second connection as another process has it: the locks of one process do not meet each other.
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: replica.paths.log, configuration: configuration)
        try other.inDatabase { db in
            try db.execute(sql: "BEGIN")
            _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM change")
        }
        try replica.log.queue.close()
        try replica.openedView?.queue.close()
        let error = #expect(throws: SyncError.self) {
            try Reseal(team.path(0), surroundings: team.clock.surroundings).set(TestPassphrase.of("x"), cost: TestPassphrase.cheap)
        }
        #expect(error?.kind == .storeInUse)
        try other.inDatabase { db in try db.execute(sql: "COMMIT") }
        try other.close()
        #expect(try open(team, nil).documents().count == 32)
    }

    @Test func `a replica that was open before writes nothing into the old log`() throws {
        let team = try filled(.none)
        let late = team.replicas[0]
        let paths = late.paths
        // As if another process had exchanged the log meanwhile.
        try FileSystem.writeDurably(try FileSystem.read(paths.log), to: paths.log)
        let error = #expect(throws: SyncError.self) { try late.addEvent("Too late") }
        #expect(error?.kind == .storeInUse)
    }

    @Test func `keys and a log that do not belong together are refused`() throws {
        let team = try filled(.none)
        let (first, second) = (team.replicas[0].paths, team.replicas[1].paths)
        try team.replicas[0].log.queue.close()
        try FileSystem.writeDurably(try FileSystem.read(second.keys), to: first.keys)
        let error = #expect(throws: SyncError.self) { try open(team, nil) }
        #expect(error?.kind == .integrity && error?.what.contains("do not belong together") == true)
    }

    /// What a crash leaves between two steps, made by hand; the test that kills processes is in `ResealKillTests`.
    @Test func `what a crash leaves is ended by whoever opens next`() throws {
        let team = try filled(.none)
        let paths = team.replicas[0].paths
        let before = try contents(team, team.replicas[0])
        let old = ["keys", "incarnation", "log.db"].map { ($0, (try? FileSystem.read(paths.folder + "/" + $0)) ?? []) }
        let reseal = Reseal(team.path(0), surroundings: team.clock.surroundings)
        _ = try reseal.set(TestPassphrase.of("first"), cost: TestPassphrase.cheap)
        let new = ["keys", "incarnation"].map { ($0, (try? FileSystem.read(paths.folder + "/" + $0)) ?? []) }
        // The new log keeps its inode by keeping its file.
        FileSystem.rename(paths.log, to: paths.nextLog)
        for (name, bytes) in old { try FileSystem.writeDurably(bytes, to: paths.folder + "/" + name) }
        FileSystem.remove(paths.image)

        // The keys were written, the new log has its old name still, and the old log is half overwritten.
        try FileSystem.writeDurably(new[0].1, to: paths.keys)
        try FileSystem.writeDurably(new[1].1, to: paths.nextIncarnation)
        try FileSystem.writeDurably(old[0].1, to: paths.oldKeys)
        try FileSystem.overwrite(paths.log)
        try FileSystem.writeDurably([1, 2, 3], to: paths.view)
        try expectSame(team, "first", as: before)
        #expect(!FileSystem.exists(paths.view))
    }

    @Test func `a new log that was never whole is thrown away`() throws {
        let team = try filled(.none)
        let paths = team.replicas[0].paths
        let before = try contents(team, team.replicas[0])
        for rest in [[], [1, 2, 3], Array(try FileSystem.read(paths.log).prefix(9000))] as [[UInt8]] {
            try FileSystem.writeDurably(rest, to: paths.nextLog)
            try FileSystem.writeDurably([9], to: paths.nextIncarnation)
            FileSystem.link(paths.keys, to: paths.oldKeys)
            let replica = try open(team, nil)
            let after = try contents(team, replica)
            #expect(after.picture == before.picture)
            #expect(!FileSystem.exists(paths.nextLog) && !FileSystem.exists(paths.oldKeys) && !FileSystem.exists(paths.nextIncarnation))
        }
    }
}
