import GRDB
import SyncCore

extension SQLiteStore {
    func summary(of team: RelayTeam) async throws -> TeamSummary {
        try await pool.read { db in
            let row = try TeamRow.require(team, in: db)
            return try row.summary(withdrawn: WithdrawnRows.count(row.number, in: db))
        }
    }

    func heads(of team: RelayTeam) async throws -> TeamHeads {
        try await pool.read { db in
            let row = try TeamRow.require(team, in: db)
            let query = try RawStatement(
                db,
                """
                SELECT log.tag, head.idx, head.chain FROM log JOIN head ON head.log = log.number
                WHERE log.team = ? ORDER BY log.tag, head.idx, head.chain
                """)
            query.bind(1, row.number)
            defer { query.reset() }
            var heads: [LogTag: [Head]] = [:]
            while try query.step() {
                let head = Head(index: UInt64(bitPattern: query.int(1)), chain: try query.hash(2))
                heads[try query.identifier(0), default: []].append(head)
            }
            let withdrawn = try WithdrawnRows.fetch(row.number, in: db)
            return TeamHeads(summary: row.summary(withdrawn: Int64(withdrawn.count)), heads: heads, withdrawn: withdrawn)
        }
    }

    func pull(after token: PositionToken?, of team: RelayTeam) async throws -> Pull? {
        try await pool.read { db in
            let row = try TeamRow.require(team, in: db)
            guard let token else { return Pull(after: 0, through: row.position, have: nil) }
            guard try Self.isHeld(token, by: row, in: db) else { return nil }
            return Pull(after: token.number, through: row.position, have: nil)
        }
    }

    private static func isHeld(_ token: PositionToken, by row: TeamRow, in db: Database) throws -> Bool {
        if token.number == 0 { return token.fits(.beginning) }
        guard token.number <= row.position.number else { return false }
        let query = try RawStatement(db, "SELECT digest FROM segment WHERE place = ? AND digest IS NOT NULL")
        query.bind(1, Place.of(team: row.number, token.number))
        defer { query.reset() }
        guard try query.step() else { return false }
        return token.fits(Position(number: token.number, digest: try query.hash(0)))
    }

    func pull(missing have: [LogTag: Int64], of team: RelayTeam) async throws -> Pull {
        try await pool.read { db in
            let row = try TeamRow.require(team, in: db)
            let logs = try RawStatement(db, "SELECT number, tag FROM log WHERE team = ?")
            logs.bind(1, row.number)
            let first = try RawStatement(db, "SELECT min(place) FROM segment WHERE log = ? AND idx = ?")
            var indices: [Int64: Int64] = [:]
            // Nothing is missing before the first missing one: most of a log is never looked at.
            var start = row.position.number
            while try logs.step() {
                let log = logs.int(0)
                let index = max(have[try logs.identifier(1)] ?? -1, -1)
                indices[log] = index
                guard index < .max else { continue }
                first.bind(1, log)
                first.bind(2, index + 1)
                if try first.step(), !first.isNull(0) { start = min(start, Place.position(first.int(0)) - 1) }
                first.reset()
            }
            logs.reset()
            return Pull(after: start, through: row.position, have: indices)
        }
    }

    func frame(_ pull: Pull, of team: RelayTeam) async throws -> Frame {
        try await pool.read { db in
            let row = try TeamRow.require(team, in: db)
            var draft = FrameDraft(pull)
            let query = try RawStatement(
                db, "SELECT place, log, idx, digest, bytes FROM segment WHERE place > ? AND place <= ? ORDER BY place")
            query.bind(1, Place.of(team: row.number, pull.after))
            query.bind(2, Place.of(team: row.number, pull.through.number))
            defer { query.reset() }
            while !draft.isFull, try query.step() {
                let position = Place.position(query.int(0))
                let digest = query.isNull(3) ? nil : try query.hash(3)
                let isLacking = pull.lacks(query.int(2), ofLog: query.int(1))
                query.withBlob(4) { draft.take(at: position, digest: digest, isLacking ? $0 : nil) }
            }
            return try draft.frame
        }
    }
}
