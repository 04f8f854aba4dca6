import GRDB
import SyncCore

extension SQLiteStore {
    func withdraw(_ segments: [WithdrawnSegment], of team: RelayTeam) async throws {
        try await writer.write { db in
            let row = try TeamRow.require(team, in: db)
            for segment in segments {
                try WithdrawnRows.insert(segment.chain, of: row.number, in: db)
                try Self.dropBody(segment, of: row.number, in: db)
            }
        }
        news.announce(team.handle)
        // What was overwritten stands in the file until its pages are written back.
        try await pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
    }

    private static func dropBody(_ withdrawn: WithdrawnSegment, of team: Int64, in db: Database) throws {
        guard let log = try LogRow.fetch(withdrawn.tag, of: team, in: db) else { return }
        let query = try RawStatement(db, "SELECT place, bytes FROM segment WHERE log = ? AND idx = ? AND chain = ?")
        query.bind(1, log.number)
        query.bind(2, Int64(clamping: withdrawn.index))
        query.bind(3, withdrawn.chain.bytes)
        guard try query.step() else { return query.reset() }
        let (place, bytes) = (query.int(0), query.blob(1))
        query.reset()
        var segment = try Segment(bytes)
        segment.body = nil
        let update = try RawStatement(db, "UPDATE segment SET bytes = ? WHERE place = ?")
        update.bind(1, segment.bytes)
        update.bind(2, place)
        try update.run()
        try UsageRows.add(segment.bytes.count - bytes.count, to: team, limit: .max, in: db)
    }
}

/// The chain values of what a team has withdrawn.
enum WithdrawnRows {
    static func insert(_ chain: Hash32, of team: Int64, in db: Database) throws {
        let insert = try RawStatement(db, "INSERT OR IGNORE INTO withdrawn (team, chain) VALUES (?, ?)")
        insert.bind(1, team)
        insert.bind(2, chain.bytes)
        try insert.run()
    }

    static func contains(_ chain: Hash32, of team: Int64, in db: Database) throws -> Bool {
        let query = try RawStatement(db, "SELECT 1 FROM withdrawn WHERE team = ? AND chain = ?")
        query.bind(1, team)
        query.bind(2, chain.bytes)
        defer { query.reset() }
        return try query.step()
    }

    static func count(_ team: Int64, in db: Database) throws -> Int64 {
        let query = try RawStatement(db, "SELECT count(*) FROM withdrawn WHERE team = ?")
        query.bind(1, team)
        defer { query.reset() }
        return try query.step() ? query.int(0) : 0
    }

    static func fetch(_ team: Int64, in db: Database) throws -> [Hash32] {
        let query = try RawStatement(db, "SELECT chain FROM withdrawn WHERE team = ? ORDER BY chain")
        query.bind(1, team)
        defer { query.reset() }
        var chains: [Hash32] = []
        while try query.step() { chains.append(try query.hash(0)) }
        return chains
    }
}
