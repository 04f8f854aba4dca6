#if PostgreSQL
    import SyncCore

    extension PostgreSQLStore {
        func putBox(
            _ box: [UInt8], id: MailboxID, expires: Int64, requests: Int, of team: RelayTeam
        ) async throws -> MailboxResult {
            let now = surroundings.now()
            return try await pool.run(.writing) { connection in
                let row = try PostgreSQLTeam.require(team, locking: true, connection)
                try MailboxTable.removeExpired(now, connection)
                if let held = try MailboxTable.fetch(id, now, connection) { return held == box ? .stored : .occupied }
                guard try MailboxTable.count(of: row, connection) < RelayLimits.boxesPerTeam else { return .tooMany }
                try connection.run("DELETE FROM mailbox WHERE id = $1 AND expires <= $2", [.bytes(id.bytes), .int(now)])
                let inserted = try connection.run(
                    "INSERT INTO mailbox (id, team, expires, places, box) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                    [.bytes(id.bytes), row.key, .int(expires), .int(Int64(requests)), .bytes(box)])
                // Another team has just put a box of this id.
                return inserted.changed == 1 ? .stored : .occupied
            }
        }

        func box(_ id: MailboxID) async throws -> [UInt8]? {
            let now = surroundings.now()
            return try await pool.run(.plain) { try MailboxTable.fetch(id, now, $0) }
        }

        func removeBox(_ id: MailboxID) async throws {
            let now = surroundings.now()
            try await pool.run(.writing) { connection in
                try MailboxTable.removeExpired(now, connection)
                try connection.run("DELETE FROM mailbox WHERE id = $1", [.bytes(id.bytes)])
            }
        }

        func addRequest(_ request: [UInt8], to id: MailboxID) async throws -> RequestResult {
            let now = surroundings.now()
            return try await pool.run(.writing) { connection in
                // The box's row lock: of two requests at once, the second one sees the first.
                let rows = try connection.run(
                    "SELECT places FROM mailbox WHERE id = $1 AND expires > $2 FOR UPDATE", [.bytes(id.bytes), .int(now)])
                guard let places = try rows.first?.int(0), places > 0 else { return .noBox }
                let held = try MailboxTable.requests(beside: id, connection)
                if held.contains(request) { return .stored }
                guard held.count < places else { return .full }
                try connection.run(
                    "INSERT INTO request (box, number, bytes) VALUES ($1, $2, $3)",
                    [.bytes(id.bytes), .int(Int64(held.count)), .bytes(request)])
                return .stored
            }
        }

        func requests(beside id: MailboxID, of team: RelayTeam) async throws -> [[UInt8]]? {
            let now = surroundings.now()
            return try await pool.run(.reading) { connection in
                let row = try PostgreSQLTeam.require(team, connection)
                let boxes = try connection.run(
                    "SELECT 1 FROM mailbox WHERE id = $1 AND expires > $2 AND team = $3", [.bytes(id.bytes), .int(now), row.key])
                return boxes.isEmpty ? nil : try MailboxTable.requests(beside: id, connection)
            }
        }
    }

    private enum MailboxTable {
        static func fetch(_ id: MailboxID, _ now: Int64, _ connection: PostgreSQLConnection) throws -> [UInt8]? {
            try connection.run("SELECT box FROM mailbox WHERE id = $1 AND expires > $2", [.bytes(id.bytes), .int(now)])
                .first?.bytes(0)
        }

        static func count(of team: PostgreSQLTeam, _ connection: PostgreSQLConnection) throws -> Int64 {
            try connection.run("SELECT count(*) FROM mailbox WHERE team = $1", [team.key])[0].int(0)
        }

        static func requests(beside id: MailboxID, _ connection: PostgreSQLConnection) throws -> [[UInt8]] {
            try connection.run("SELECT bytes FROM request WHERE box = $1 ORDER BY number", [.bytes(id.bytes)]).map { $0.bytes(0) }
        }

        /// With what was left beside them. Those that another relay is removing are left to it, so that neither waits.
        static func removeExpired(_ now: Int64, _ connection: PostgreSQLConnection) throws {
            try connection.run(
                """
                DELETE FROM mailbox WHERE id IN (
                    SELECT id FROM mailbox WHERE expires <= $1 ORDER BY expires LIMIT 1000 FOR UPDATE SKIP LOCKED)
                """, [.int(now)])
        }
    }
#endif
