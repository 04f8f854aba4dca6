#if PostgreSQL
    import SyncCore

    extension PostgreSQLStore {
        func summary(of team: RelayTeam) async throws -> TeamSummary {
            try await pool.run(.reading) { connection in
                let row = try PostgreSQLTeam.require(team, connection)
                return row.summary(withdrawn: try WithdrawnTable.count(row, connection))
            }
        }

        func heads(of team: RelayTeam) async throws -> TeamHeads {
            try await pool.run(.reading) { connection in
                let row = try PostgreSQLTeam.require(team, connection)
                let rows = try connection.run(
                    """
                    SELECT l.tag, h.idx, h.chain FROM log l JOIN head h ON h.team = $1 AND h.log = l.number
                    WHERE l.team = $1 ORDER BY l.tag, h.idx, h.chain
                    """, [row.key])
                var heads: [LogTag: [Head]] = [:]
                for row in rows {
                    let head = Head(index: UInt64(bitPattern: try row.int(1)), chain: try row.hash(2))
                    heads[try row.identifier(0), default: []].append(head)
                }
                let withdrawn = try WithdrawnTable.all(of: row, connection)
                return TeamHeads(summary: row.summary(withdrawn: Int64(withdrawn.count)), heads: heads, withdrawn: withdrawn)
            }
        }

        func pull(after token: PositionToken?, of team: RelayTeam) async throws -> Pull? {
            try await pool.run(.reading) { connection in
                let row = try PostgreSQLTeam.require(team, connection)
                guard let token else { return Pull(after: 0, through: row.position, have: nil) }
                guard try Self.isHeld(token, by: row, connection) else { return nil }
                return Pull(after: token.number, through: row.position, have: nil)
            }
        }

        private static func isHeld(
            _ token: PositionToken, by row: PostgreSQLTeam, _ connection: PostgreSQLConnection
        ) throws -> Bool {
            if token.number == 0 { return token.fits(.beginning) }
            guard token.number <= row.position.number else { return false }
            let rows = try connection.run(
                "SELECT digest FROM segment WHERE team = $1 AND position = $2 AND digest IS NOT NULL",
                [row.key, .int(token.number)])
            return try rows.first.map { token.fits(Position(number: token.number, digest: try $0.hash(0))) } ?? false
        }

        func pull(missing have: [LogTag: Int64], of team: RelayTeam) async throws -> Pull {
            try await pool.run(.reading) { connection in
                let row = try PostgreSQLTeam.require(team, connection)
                var indices: [Int64: Int64] = [:]
                for log in try connection.run("SELECT number, tag FROM log WHERE team = $1", [row.key]) {
                    indices[try log.int(0)] = max(have[try log.identifier(1)] ?? -1, -1)
                }
                // Nothing is missing before the first missing one: most of a log is never looked at.
                let next = indices.filter { $0.value < .max }.map { (log: $0.key, index: $0.value + 1) }
                let first = try connection.run(
                    """
                    SELECT min(s.position) FROM unnest($2::bigint[], $3::bigint[]) AS u (log, idx)
                    JOIN segment s ON s.team = $1 AND s.log = u.log AND s.idx = u.idx
                    """, [row.key, .ints(next.map(\.log)), .ints(next.map(\.index))])[0]
                let start = first.isNull(0) ? row.position.number : try first.int(0) - 1
                return Pull(after: start, through: row.position, have: indices)
            }
        }

        func frame(_ pull: Pull, of team: RelayTeam) async throws -> Frame {
            let have = (pull.have ?? [:]).filter { $0.value >= 0 }.map { (log: $0.key, index: $0.value) }
            return try await pool.run(.reading) { connection in
                let row = try PostgreSQLTeam.require(team, connection)
                var draft = FrameDraft(pull)
                var after = pull.after
                while !draft.isFull {
                    let page = try Self.page(after, pull.through.number, have.map(\.log), have.map(\.index), of: row, connection)
                    guard !page.isEmpty else { break }
                    for row in page where !draft.isFull {
                        after = try row.int(0)
                        let digest = row.isNull(1) ? nil : try row.hash(1)
                        let isLacking = !row.isNull(2)
                        row.withBytes(2) { draft.take(at: after, digest: digest, isLacking ? $0 : nil) }
                    }
                }
                return try draft.frame
            }
        }

        /// The next segments in order of arrival: as many as a frame may have, and no more bytes than it may have and one segment. Of
        /// those that the reader has only the place, so that their bytes never leave the database.
        private static func page(
            _ after: Int64, _ through: Int64, _ logs: [Int64], _ indices: [Int64], of row: PostgreSQLTeam,
            _ connection: PostgreSQLConnection
        ) throws -> PostgreSQLRows {
            try connection.run(
                """
                SELECT position, digest, bytes FROM (
                    SELECT position, digest, bytes,
                        sum(coalesce(octet_length(bytes), 0)) OVER (ORDER BY position) - coalesce(octet_length(bytes), 0) AS before
                    FROM (
                        SELECT s.position, s.digest, CASE WHEN s.idx > coalesce(h.idx, -1) THEN s.bytes END AS bytes
                        FROM (
                            SELECT position, log, idx, digest, bytes FROM segment
                            WHERE team = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4
                        ) s LEFT JOIN unnest($5::bigint[], $6::bigint[]) AS h (log, idx) ON h.log = s.log
                    ) wanted
                ) page WHERE before <= $7 ORDER BY position
                """,
                [
                    row.key, .int(after), .int(through), .int(Int64(Limits.frameSegments + 1)), .ints(logs), .ints(indices),
                    .int(Int64(Limits.frameBytes)),
                ])
        }
    }
#endif
