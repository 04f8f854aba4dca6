import Foundation
import GRDB
import Testing

@testable import SyncCore

/// The files of a store: whose they are, how durable, and what happens to those that can be made again.
@Suite struct StoreFilesTests {
    private let folder = NSTemporaryDirectory() + "sync-files-" + UUID().uuidString

    init() throws { try FileSystem.createPrivateFolder(folder) }

    private func removeFolder() { try? FileManager.default.removeItem(atPath: folder) }

    private func bytes(_ path: String) throws -> [UInt8] { try FileSystem.read(path) }

    private func expectRefusal(_ path: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let before = try bytes(path)
        let error = #expect(throws: SyncError.self, sourceLocation: sourceLocation) { _ = try LogStore(path: path) }
        #expect(error?.kind == .integrity, sourceLocation: sourceLocation)
        #expect(try bytes(path) == before, sourceLocation: sourceLocation)
    }

    @Test(arguments: ["DELETE", "WAL"])
    func `another program's database is refused and stays as it was`(journal: String) throws {
        defer { removeFolder() }
        for applicationID in [0, 0x0BAD] {
            let path = "\(folder)/foreign-\(applicationID).db"
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA journal_mode = \(journal)")
                try db.execute(sql: "PRAGMA application_id = \(applicationID)")
                try db.execute(sql: "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)")
            }
            try queue.close()
            try expectRefusal(path)
        }
        let noDatabase = "\(folder)/text.db"
        try FileSystem.writeDurably(Array(String(repeating: "no database ", count: 1000).utf8), to: noDatabase)
        try expectRefusal(noDatabase)
        let short = "\(folder)/short.db"
        try FileSystem.writeDurably([1, 2, 3], to: short)
        try expectRefusal(short)
    }

    @Test func `a log of a newer version is refused and stays as it was`() throws {
        defer { removeFolder() }
        let path = folder + "/log.db"
        do {
            let store = try LogStore(path: path)
            try store.queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA user_version = \(LogStore.schemaVersion + 1)")
            }
            try store.queue.close()
        }
        try expectRefusal(path)
    }

    @Test func `every connection has its settings`() throws {
        let team = try TestTeam(devices: 1)
        let replica = team.replicas[0]
        _ = try replica.addEvent("Vigil")
        let again = try Replica(openingAt: replica.paths.folder)
        for replica in [replica, again] {
            _ = try replica.documents()
            for (queue, synchronous) in [(replica.log.queue, 2), (try replica.view().queue, 1)] {
                let names = [
                    "synchronous", "wal_autocheckpoint", "journal_mode", "secure_delete", "trusted_schema", "temp_store",
                    "busy_timeout",
                ]
                let found = try queue.read { db in try names.map { try String.fetchOne(db, sql: "PRAGMA \($0)") ?? "" } }
                #expect(found == ["\(synchronous)", "0", "wal", "1", "0", "2", "10000"])
            }
        }
    }

    private func filled() throws -> TestTeam {
        let team = try TestTeam(devices: 2)
        for number in 0..<300 { _ = try team.replicas[0].addEvent("Event \(number)") }
        try team.exchangeAll()
        try team.replicas[0].checkpoint()
        return team
    }

    /// Opens the folder of device 0 after `spoil` changed its view.
    private func expectRebuilt(_ spoil: (StorePaths) throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let team = try filled()
        let before = try team.replicas[0].picture()
        let paths = team.replicas[0].paths
        try team.replicas[0].log.queue.close()
        try team.replicas[0].view().queue.close()
        try spoil(paths)
        let again = try Replica(openingAt: paths.folder, surroundings: team.clock.surroundings)
        #expect(try again.documents().count == 300, sourceLocation: sourceLocation)
        #expect(try again.picture() == before, sourceLocation: sourceLocation)
        let id = try again.addEvent("One more")
        #expect(try again.documents().contains { $0.id == id }, sourceLocation: sourceLocation)
    }

    @Test func `a view that was deleted is made again`() throws {
        try expectRebuilt { FileSystem.remove($0.view) }
    }

    @Test func `a view that is no database is made again`() throws {
        try expectRebuilt { try FileSystem.writeDurably(Array(repeating: 0x5A, count: 50_000), to: $0.view) }
        try expectRebuilt { try FileSystem.writeDurably([], to: $0.view) }
    }

    @Test func `a view that was damaged inside is made again`() throws {
        try expectRebuilt { paths in
            var bytes = try FileSystem.read(paths.view)
            for index in 4096..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
            try FileSystem.writeDurably(bytes, to: paths.view)
        }
    }

    @Test func `a view of another version is made again`() throws {
        try expectRebuilt { paths in
            let queue = try DatabaseQueue(path: paths.view)
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 1") }
            try queue.close()
        }
    }

    @Test func `S18 a log that was restored from a backup gets a view of its own`() throws {
        let team = try filled()
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        let backup = try FileSystem.read(ana.paths.log)
        for number in 0..<3 { _ = try ana.addEvent("Lost \(number)") }
        _ = try ana.documents()
        try ana.checkpoint()
        try ana.log.queue.close()
        try ana.view().queue.close()
        try FileSystem.writeDurably(backup, to: ana.paths.log)
        let restored = try Replica(openingAt: ana.paths.folder, surroundings: team.clock.surroundings)
        // More arrives than was lost before anybody looks.
        for number in 0..<5 { _ = try ben.addEvent("New \(number)") }
        _ = try ben.seal()
        _ = try ben.offer(lackedBy: restored.heads()) { _ = try restored.receive($0) }
        try restored.applyReceived()
        try team.expectAgreement([restored, ben])
        #expect(try restored.documents().count == 305)
    }
}
