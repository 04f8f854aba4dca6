import GRDB
import SyncCore

extension SQLiteStore {
    func putBox(
        _ box: [UInt8], id: MailboxID, expires: Int64, requests: Int, of team: RelayTeam
    ) async throws -> MailboxResult {
        let now = surroundings.now()
        return try await writer.write { db in
            let row = try TeamRow.require(team, in: db)
            try Self.removeExpired(now, in: db)
            if let held = try Self.box(id, now, in: db) { return held == box ? .stored : .occupied }
            let boxes = try Int.fetchOne(db, sql: "SELECT count(*) FROM mailbox WHERE team = ?", arguments: [row.number]) ?? 0
            guard boxes < RelayLimits.boxesPerTeam else { return .tooMany }
            let insert = try RawStatement(db, "INSERT INTO mailbox (id, team, expires, box) VALUES (?, ?, ?, ?)")
            insert.bind(1, id.bytes)
            insert.bind(2, row.number)
            insert.bind(3, expires)
            insert.bind(4, box)
            try insert.run()
            if requests > 0 { try Self.run(db, "INSERT INTO asking (box, places) VALUES (?, ?)", id) { $0.bind(2, Int64(requests)) } }
            return .stored
        }
    }

    func box(_ id: MailboxID) async throws -> [UInt8]? {
        let now = surroundings.now()
        return try await pool.read { db in try Self.box(id, now, in: db) }
    }

    func removeBox(_ id: MailboxID) async throws {
        let now = surroundings.now()
        try await writer.write { db in
            try Self.removeExpired(now, in: db)
            for sql in ["DELETE FROM request WHERE box = ?", "DELETE FROM asking WHERE box = ?", "DELETE FROM mailbox WHERE id = ?"] {
                try Self.run(db, sql, id)
            }
        }
    }

    func addRequest(_ request: [UInt8], to id: MailboxID) async throws -> RequestResult {
        let now = surroundings.now()
        return try await writer.write { db in
            try Self.removeExpired(now, in: db)
            guard try Self.box(id, now, in: db) != nil, let places = try Self.places(id, in: db) else { return .noBox }
            let held = try Self.requests(id, in: db)
            if held.contains(request) { return .stored }
            guard held.count < places else { return .full }
            try Self.run(db, "INSERT INTO request (box, bytes) VALUES (?, ?)", id) { $0.bind(2, request) }
            return .stored
        }
    }

    func requests(beside id: MailboxID, of team: RelayTeam) async throws -> [[UInt8]]? {
        let now = surroundings.now()
        return try await pool.read { db in
            let row = try TeamRow.require(team, in: db)
            let query = try RawStatement(db, "SELECT 1 FROM mailbox WHERE id = ? AND expires > ? AND team = ?")
            query.bind(1, id.bytes)
            query.bind(2, now)
            query.bind(3, row.number)
            defer { query.reset() }
            return try query.step() ? try Self.requests(id, in: db) : nil
        }
    }

    /// How many requests a box takes; nil for one that takes none.
    private static func places(_ id: MailboxID, in db: Database) throws -> Int? {
        let query = try RawStatement(db, "SELECT places FROM asking WHERE box = ?")
        query.bind(1, id.bytes)
        defer { query.reset() }
        return try query.step() ? Int(query.int(0)) : nil
    }

    private static func requests(_ id: MailboxID, in db: Database) throws -> [[UInt8]] {
        let query = try RawStatement(db, "SELECT bytes FROM request WHERE box = ? ORDER BY number")
        query.bind(1, id.bytes)
        defer { query.reset() }
        var requests: [[UInt8]] = []
        while try query.step() { requests.append(query.blob(0)) }
        return requests
    }

    /// A statement whose first parameter is a box.
    private static func run(
        _ db: Database, _ sql: String, _ id: MailboxID, _ bind: (RawStatement) -> Void = { _ in }
    ) throws {
        let statement = try RawStatement(db, sql)
        statement.bind(1, id.bytes)
        bind(statement)
        try statement.run()
    }

    private static func box(_ id: MailboxID, _ now: Int64, in db: Database) throws -> [UInt8]? {
        let query = try RawStatement(db, "SELECT box FROM mailbox WHERE id = ? AND expires > ?")
        query.bind(1, id.bytes)
        query.bind(2, now)
        defer { query.reset() }
        return try query.step() ? query.blob(0) : nil
    }

    private static func removeExpired(_ now: Int64, in db: Database) throws {
        let expired = "(SELECT id FROM mailbox WHERE expires <= ?)"
        for sql in [
            "DELETE FROM request WHERE box IN \(expired)", "DELETE FROM asking WHERE box IN \(expired)",
            "DELETE FROM mailbox WHERE expires <= ?",
        ] {
            let delete = try RawStatement(db, sql)
            delete.bind(1, now)
            try delete.run()
        }
    }
}
