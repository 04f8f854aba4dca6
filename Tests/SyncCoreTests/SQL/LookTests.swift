import Foundation
import GRDB
import GRDBSQLite
import Testing

@testable import SyncCore

@Suite struct LookTests {
    private let path = NSTemporaryDirectory() + "sync-look-" + UUID().uuidString
    private let queue: DatabaseQueue
    private let other: DatabaseQueue

    init() throws {
        var configuration = Configuration()
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
        queue = try DatabaseQueue(path: path, configuration: configuration)
        other = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { try $0.execute(sql: "CREATE TABLE number (value INTEGER); INSERT INTO number VALUES (1)") }
    }

    private func value(_ db: Database) throws -> Int64 {
        let query = try RawStatement(db, "SELECT value FROM number")
        defer { query.reset() }
        return try query.step() ? query.int(0) : 0
    }

    @Test func `a look sees one state, whatever another process does meanwhile`() throws {
        let seen = try queue.lookOnTrust { db in
            let before = try value(db)
            try other.write { try $0.execute(sql: "UPDATE number SET value = 2") }
            return [before, try value(db)]
        }
        #expect(seen == [1, 1])
        #expect(try queue.lookOnTrust(value) == 2)
    }

    @Test func `a look that fails ends, and the next one is whole`() throws {
        struct Failed: Error {}
        #expect(throws: Failed.self) { try queue.lookOnTrust { db in if try value(db) == 1 { throw Failed() } } }
        #expect(try queue.inDatabase { !$0.isInsideTransaction })
        try other.write { try $0.execute(sql: "UPDATE number SET value = 3") }
        #expect(try queue.lookOnTrust(value) == 3)
        try queue.write { try $0.execute(sql: "UPDATE number SET value = 4") }
        #expect(try other.lookOnTrust(value) == 4)
    }

    @Test func `statements are compiled once`() throws {
        for _ in 0..<3 { _ = try queue.lookOnTrust(value) }
        let compiled = try queue.inDatabase { db in
            sqlite3_stmt_status(try db.cachedStatement(sql: "SELECT value FROM number").sqliteStatement, SQLITE_STMTSTATUS_REPREPARE, 0)
        }
        #expect(compiled == 0)
    }

    @Test func `here, a look that writes fails`() {
        #expect(throws: DatabaseError.self) { try queue.look { try $0.execute(sql: "UPDATE number SET value = 5") } }
    }
}
