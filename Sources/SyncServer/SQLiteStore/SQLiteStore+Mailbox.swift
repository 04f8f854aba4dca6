import GRDB
import SyncCore

extension SQLiteStore {
    func putBox(_ box: [UInt8], id: MailboxID, expires: Int64, of team: RelayTeam) async throws -> MailboxResult {
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
            let delete = try RawStatement(db, "DELETE FROM mailbox WHERE id = ?")
            delete.bind(1, id.bytes)
            try delete.run()
        }
    }

    private static func box(_ id: MailboxID, _ now: Int64, in db: Database) throws -> [UInt8]? {
        let query = try RawStatement(db, "SELECT box FROM mailbox WHERE id = ? AND expires > ?")
        query.bind(1, id.bytes)
        query.bind(2, now)
        defer { query.reset() }
        return try query.step() ? query.blob(0) : nil
    }

    private static func removeExpired(_ now: Int64, in db: Database) throws {
        let delete = try RawStatement(db, "DELETE FROM mailbox WHERE expires <= ?")
        delete.bind(1, now)
        try delete.run()
    }
}
