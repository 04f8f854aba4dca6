import Dispatch
import Foundation
import GRDB
import Logging
import SyncCore
import Testing

@testable import SyncServer

/// What is particular to the store in one file.
@Suite struct SQLiteStoreTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func open(_ path: String? = nil) throws -> SQLiteStore {
        try SQLiteStore(folder: path ?? folder.path, logger: Logger(label: "test"))
    }

    @Test func everyConnectionHasItsSettings() async throws {
        let store = try open()
        let settings: @Sendable (Database) throws -> [String] = { db in
            try ["journal_mode", "wal_autocheckpoint", "secure_delete", "trusted_schema", "busy_timeout"]
                .map { try String.fetchOne(db, sql: "PRAGMA \($0)") ?? "" }
        }
        let writing = try await store.pool.writeWithoutTransaction(settings)
        #expect(writing == ["wal", "0", "1", "0", "5000"])
        #expect(try await store.pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
        let reading = try await store.pool.read(settings)
        #expect(reading.prefix(4) == ["wal", "0", "1", "0"])
        #expect(Int(reading[4]) ?? 0 > 0)
        try await store.close()
    }

    @Test func fileAndFolderAreTheOwnersAlone() async throws {
        let inner = folder.path + "/data"
        let store = try open(inner)
        try await store.close()
        for (path, mode) in [(inner, 0o700), (inner + "/relay.db", 0o600), (inner + "/relay.lock", 0o600)] {
            let found = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(found == mode)
        }
    }

    @Test func secondRelayOnOneFolderIsRefused() async throws {
        let store = try open()
        let error = #expect(throws: SyncError.self) { try open() }
        #expect(error?.kind == .storeInUse)
        try await store.close()
        try await open().close()
    }

    @Test func fileOfSomebodyElseIsNotTouched() throws {
        let path = folder.path + "/relay.db"
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "CREATE TABLE mine (id INTEGER)") }
        try queue.close()
        let before = try Data(contentsOf: URL(filePath: path))
        let error = #expect(throws: SyncError.self) { try open() }
        #expect(error?.safe == "It was not touched.")
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
        try Data("not a database at all".utf8).write(to: URL(filePath: path))
        #expect(throws: SyncError.self) { try open() }
    }

    @Test func fileOfAnotherVersionIsNotTouched() async throws {
        try await open().close()
        let path = folder.path + "/relay.db"
        let queue = try DatabaseQueue(path: path)
        try await queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA user_version = 99")
            _ = try db.checkpoint(.truncate)
        }
        try queue.close()
        let before = try Data(contentsOf: URL(filePath: path))
        #expect(throws: SyncError.self) { try open() }
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test func fileOfVersionOneIsBroughtUpWithEverything() async throws {
        let team = try TestTeam()
        var log = try TestLog("a", salt: team.salt)
        let store = try open()
        let row = try await team.register(in: store)
        let run = try log.run(3)
        _ = try await RelayStoreConformance.push(run, to: store, row)
        _ = try await store.appendControl([[1, 2, 3]], to: row)
        let usage = try await store.usage()
        try await store.close()
        let queue = try DatabaseQueue(path: folder.path + "/relay.db")
        try await queue.writeWithoutTransaction { db in
            try db.execute(sql: "DROP INDEX control_tag")
            for table in ["asking", "request", "withdrawn", "usage", "admission"] { try db.execute(sql: "DROP TABLE \(table)") }
            try db.execute(sql: "PRAGMA user_version = 1")
            _ = try db.checkpoint(.truncate)
        }
        try queue.close()
        for _ in 0..<2 {
            let again = try open()
            let found = try #require(try await again.team(team.handle))
            #expect(try await RelayStoreConformance.everything(in: again, found) == run)
            #expect(try await again.usage() == usage)
            let id = MailboxID(high: 1, low: 1)
            _ = try await again.putBox([1], id: id, expires: .max, requests: 1, of: found)
            #expect(try await again.addRequest([2], to: id) == .stored)
            try await again.close()
        }
    }

    @Test func fileOfVersionTwoFindsItsRecordsByTag() async throws {
        let store = try open()
        let row = try await TestTeam().register(in: store)
        _ = try await store.appendControl([[1] + MailboxID(high: 1, low: 2).bytes + [3]], to: row)
        try await store.close()
        let queue = try DatabaseQueue(path: folder.path + "/relay.db")
        try await queue.writeWithoutTransaction { db in
            try db.execute(sql: "DROP INDEX control_tag")
            for table in ["withdrawn", "usage", "admission"] { try db.execute(sql: "DROP TABLE \(table)") }
            try db.execute(sql: "PRAGMA user_version = 2")
            _ = try db.checkpoint(.truncate)
        }
        try queue.close()
        let again = try open()
        #expect(try await again.control(tagged: MailboxID(high: 1, low: 2), limit: 1).count == 1)
        // By the index: nobody makes the relay read everything by asking.
        let plan = try await again.pool.read { db in
            try String.fetchAll(
                db, sql: "EXPLAIN QUERY PLAN SELECT sealed FROM control WHERE substr(sealed, 2, 16) = ? ORDER BY place",
                arguments: [Data(count: 16)], adapter: SuffixRowAdapter(fromIndex: 3))
        }
        #expect(plan.contains { $0.contains("control_tag") }, "\(plan)")
        try await again.close()
    }

    @Test func closedStoreRefusesAndOpensAgainWithEverything() async throws {
        let team = try TestTeam()
        var log = try TestLog("a", salt: team.salt)
        let store = try open()
        let row = try await team.register(in: store)
        let run = try log.run(10)
        let receipt = try await RelayStoreConformance.push(run, to: store, row)
        try await store.close()
        try await store.close()
        await #expect(throws: (any Error).self) { try await store.appendControl([[1]], to: row) }

        let again = try open()
        let found = try #require(try await again.team(team.handle))
        #expect(try await RelayStoreConformance.everything(in: again, found) == run)
        #expect(try await again.pull(after: receipt.position.token, of: found) != nil)
        try await again.close()
    }

    /// What lies on the disk the moment a push is acknowledged, without any closing.
    @Test func acknowledgedPushSurvivesAKill() async throws {
        let team = try TestTeam()
        var log = try TestLog("a", salt: team.salt)
        let store = try open()
        let row = try await team.register(in: store)
        let run = try log.run(10)
        _ = try await RelayStoreConformance.push(run, to: store, row)
        let copy = try TestFolder()
        for name in ["relay.db", "relay.db-wal"] {
            try FileManager.default.copyItem(atPath: folder.path + "/" + name, toPath: copy.path + "/" + name)
        }
        let revived = try open(copy.path)
        let found = try #require(try await revived.team(team.handle))
        #expect(try await RelayStoreConformance.everything(in: revived, found) == run)
        try await revived.close()
        try await store.close()
    }

    @Test func relayRestoredFromABackupSaysThatATokenIsNotOfItsHistory() async throws {
        let team = try TestTeam()
        var log = try TestLog("a", salt: team.salt)
        let store = try open()
        let row = try await team.register(in: store)
        _ = try await RelayStoreConformance.push(try log.run(3), to: store, row)
        let backup = try TestFolder()
        try await store.pool.writeWithoutTransaction { db in
            try db.execute(sql: "VACUUM INTO ?", arguments: [backup.path + "/relay.db"])
        }
        let later = try await RelayStoreConformance.push(try log.run(3), to: store, row)
        try await store.close()

        let restored = try open(backup.path)
        #expect(try await restored.pull(after: later.position.token, of: row) == nil)
        var other = try TestLog("b", salt: team.salt)
        _ = try await RelayStoreConformance.push(try other.run(5), to: restored, row)
        #expect(try await restored.pull(after: later.position.token, of: row) == nil)
        try await restored.close()
    }

    @Test func concurrentPushesShareOneCommit() async throws {
        let team = try TestTeam()
        let store = try open()
        let row = try await team.register(in: store)
        let before = store.writer.counts.transactions
        let gate = DispatchSemaphore(value: 0)
        // Holds the writing connection until every push waits behind it.
        async let held: Void = store.writer.write { _ in gate.wait() }
        try await until { store.writer.counts.waiting == 0 && store.writer.isDraining }

        let pushes = 40
        try await withThrowingTaskGroup(of: AppendReceipt.self) { group in
            for number in 0..<pushes {
                group.addTask {
                    var log = try TestLog("\(number)", salt: team.salt)
                    return try await RelayStoreConformance.push(try log.run(3), to: store, row)
                }
            }
            try await until { store.writer.counts.waiting == pushes }
            gate.signal()
            for try await receipt in group { #expect(receipt.stored == 3) }
        }
        try await held
        #expect(store.writer.counts.transactions - before == 2)
        #expect(try await store.summary(of: row).position.number == Int64(pushes * 3))
        try await store.close()
    }

    @Test func writeThatThrowsIsUndoneAlone() async throws {
        let team = try TestTeam()
        let store = try open()
        let row = try await team.register(in: store)
        let gate = DispatchSemaphore(value: 0)
        async let held: Void = store.writer.write { _ in gate.wait() }
        try await until { store.writer.counts.waiting == 0 && store.writer.isDraining }
        async let good = store.appendControl([[1]], to: row)
        async let bad: Void = store.writer.write { db in
            try db.execute(sql: "DELETE FROM control")
            throw SyncError(.failure, "on purpose")
        }
        async let other = store.appendControl([[2]], to: row)
        try await until { store.writer.counts.waiting == 3 }
        gate.signal()
        try await held
        let stored = try await [good.stored, other.stored]
        #expect(stored == [1, 1])
        do {
            try await bad
            Issue.record("the write that throws went through")
        } catch let error as SyncError {
            #expect(error.what == "on purpose")
        }
        #expect(try await store.control(of: row, after: 0, through: 9, limit: 100).count == 2)
        try await store.close()
    }

    @Test func longWriteAheadLogIsWrittenBack() async throws {
        let team = try TestTeam()
        let store = try open()
        let row = try await team.register(in: store)
        var log = try TestLog("a", salt: team.salt)
        for _ in 0..<4 { _ = try await RelayStoreConformance.push(try log.run(3, bytes: 700_000), to: store, row) }
        // The checkpoint runs behind the answers, on the writing connection: an empty write comes after it.
        try await store.writer.write { _ in }
        let size = try FileManager.default.attributesOfItem(atPath: folder.path + "/relay.db-wal")[.size] as? Int
        #expect((size ?? .max) < 4 << 20)
        #expect(try await RelayStoreConformance.everything(in: store, row).count == 12)
        try await store.close()
    }
}
