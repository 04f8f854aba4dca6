import GRDB
import SyncCore

extension SQLiteStore {
    func usage() async throws -> StoreUsage { try await pool.read(Self.usage) }

    @Sendable static func usage(_ db: Database) throws -> StoreUsage {
        let teams = try RawStatement(db, "SELECT count(*), coalesce(sum(position), 0) FROM team")
        let bytes = try RawStatement(db, "SELECT coalesce(sum(bytes), 0) FROM usage")
        defer {
            teams.reset()
            bytes.reset()
        }
        guard try teams.step(), try bytes.step() else { return StoreUsage() }
        return StoreUsage(teams: teams.int(0), segments: teams.int(1), bytes: bytes.int(0))
    }

    /// That it can be read, and written.
    func checkReady() async throws {
        try await pool.read { db in _ = try RawStatement(db, "SELECT 1 FROM team LIMIT 1").step() }
        try await writer.write { db in try RawStatement(db, "UPDATE usage SET bytes = bytes WHERE team = -1").run() }
    }
}

/// How many bytes of a team are here.
enum UsageRows {
    static func bytes(of team: Int64, in db: Database) throws -> Int64 {
        let query = try RawStatement(db, "SELECT bytes FROM usage WHERE team = ?")
        query.bind(1, team)
        defer { query.reset() }
        return try query.step() ? query.int(0) : 0
    }

    /// - Throws: `StoreFull.team` where more than `limit` would be there.
    static func add(_ bytes: Int, to team: Int64, limit: Int64, in db: Database) throws {
        let sum = try self.bytes(of: team, in: db) + Int64(bytes)
        guard bytes <= 0 || sum <= limit else { throw StoreFull.team }
        let save = try RawStatement(
            db, "INSERT INTO usage (team, bytes) VALUES (?, ?) ON CONFLICT (team) DO UPDATE SET bytes = excluded.bytes")
        save.bind(1, team)
        save.bind(2, sum)
        try save.run()
    }
}
