#if PostgreSQL
    import SyncCore

    /// What is kept once for each log of a team.
    enum LogTable {
        static func fetch(
            _ tags: Set<LogTag>, of team: PostgreSQLTeam, _ connection: PostgreSQLConnection
        ) throws -> [LogTag: (number: Int64, key: Hash32)] {
            let rows = try connection.run(
                "SELECT tag, number, key FROM log WHERE team = $1 AND tag = ANY ($2::bytea[])",
                [team.key, .blobs(tags.map(\.bytes))])
            var logs: [LogTag: (number: Int64, key: Hash32)] = [:]
            for row in rows { logs[try row.identifier(0)] = (try row.int(1), try row.hash(2)) }
            return logs
        }

        static func insert(
            _ logs: [(tag: LogTag, number: Int64, key: Hash32)], of team: PostgreSQLTeam, _ connection: PostgreSQLConnection
        ) throws {
            guard !logs.isEmpty else { return }
            try connection.run(
                """
                INSERT INTO log (team, number, tag, key)
                SELECT $1::bytea, u.* FROM unnest($2::bigint[], $3::bytea[], $4::bytea[]) u
                """,
                [team.key, .ints(logs.map(\.number)), .blobs(logs.map(\.tag.bytes)), .blobs(logs.map(\.key))])
        }
    }

    /// The ends of a log's branches: the segments that nothing follows yet.
    enum HeadTable {
        static func fetch(
            _ logs: [LogTag: (number: Int64, key: Hash32)], of team: PostgreSQLTeam, _ connection: PostgreSQLConnection
        ) throws -> Set<AppendPlan.Place> {
            let rows = try connection.run(
                """
                SELECT l.tag, h.idx, h.chain FROM head h JOIN log l ON l.team = $1 AND l.number = h.log
                WHERE h.team = $1 AND h.log = ANY ($2::bigint[])
                """, [team.key, .ints(logs.values.map(\.number))])
            return Set(
                try rows.map {
                    AppendPlan.Place(tag: try $0.identifier(0), index: UInt64(bitPattern: try $0.int(1)), chain: try $0.hash(2))
                })
        }

        static func insert(
            _ heads: Set<AppendPlan.Place>, _ numbers: [LogTag: Int64], of team: PostgreSQLTeam,
            _ connection: PostgreSQLConnection
        ) throws {
            try change(
                """
                INSERT INTO head (team, log, idx, chain)
                SELECT $1::bytea, u.* FROM unnest($2::bigint[], $3::bigint[], $4::bytea[]) u
                """,
                heads, numbers, team, connection)
        }

        static func remove(
            _ heads: Set<AppendPlan.Place>, _ numbers: [LogTag: Int64], of team: PostgreSQLTeam,
            _ connection: PostgreSQLConnection
        ) throws {
            try change(
                """
                DELETE FROM head h USING unnest($2::bigint[], $3::bigint[], $4::bytea[]) AS u (log, idx, chain)
                WHERE h.team = $1 AND h.log = u.log AND h.idx = u.idx AND h.chain = u.chain
                """, heads, numbers, team, connection)
        }

        private static func change(
            _ sql: String, _ heads: Set<AppendPlan.Place>, _ numbers: [LogTag: Int64], _ team: PostgreSQLTeam,
            _ connection: PostgreSQLConnection
        ) throws {
            guard !heads.isEmpty else { return }
            let heads = Array(heads)
            try connection.run(
                sql,
                [
                    team.key, .ints(heads.map { numbers[$0.tag] ?? 0 }), .ints(heads.map { Int64(clamping: $0.index) }),
                    .blobs(heads.map(\.chain)),
                ])
        }
    }

    enum SegmentTable {
        /// Which of the places of these runs, and of what they say comes before them, are there.
        static func held(
            _ runs: [VerifiedRun], _ logs: [LogTag: (number: Int64, key: Hash32)], of team: PostgreSQLTeam,
            _ connection: PostgreSQLConnection
        ) throws -> Set<AppendPlan.Place> {
            var asked: [(log: Int64, index: UInt64, chain: Hash32)] = []
            for run in runs {
                guard let log = logs[run.tag]?.number else { continue }
                if run.first > 0 { asked.append((log, run.first - 1, run.previous)) }
                for (index, segment) in zip(run.range, run.segments) { asked.append((log, index, segment.chain)) }
            }
            let rows = try connection.run(
                """
                SELECT l.tag, s.idx, s.chain
                FROM unnest($2::bigint[], $3::bigint[], $4::bytea[]) AS u (log, idx, chain)
                JOIN segment s ON s.team = $1 AND s.log = u.log AND s.idx = u.idx AND s.chain = u.chain
                JOIN log l ON l.team = $1 AND l.number = u.log
                """,
                [
                    team.key, .ints(asked.map(\.log)), .ints(asked.map { Int64(clamping: $0.index) }),
                    .blobs(asked.map(\.chain)),
                ])
            return Set(
                try rows.map {
                    AppendPlan.Place(tag: try $0.identifier(0), index: UInt64(bitPattern: try $0.int(1)), chain: try $0.hash(2))
                })
        }

        static func insert(_ rows: [AppendPlan.Row], of team: PostgreSQLTeam, _ connection: PostgreSQLConnection) throws {
            try connection.run(
                """
                INSERT INTO segment (team, position, log, idx, chain, digest, bytes)
                SELECT $1::bytea, u.* FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bytea[], $7::bytea[]) u
                """,
                [
                    team.key, .ints(rows.map(\.position.number)), .ints(rows.map(\.log)),
                    .ints(rows.map { Int64(clamping: $0.index) }), .blobs(rows.map(\.segment.chain)),
                    .blobs(rows.map { $0.segment.isSigned ? $0.position.digest.bytes : nil }), .blobs(rows.map(\.segment.bytes)),
                ])
        }
    }

    /// The chain values of what a team has withdrawn.
    enum WithdrawnTable {
        static func among(_ chains: [Hash32], of team: PostgreSQLTeam, _ connection: PostgreSQLConnection) throws -> Set<Hash32> {
            let rows = try connection.run(
                "SELECT chain FROM withdrawn WHERE team = $1 AND chain = ANY ($2::bytea[])", [team.key, .blobs(chains)])
            return Set(try rows.map { try $0.hash(0) })
        }

        static func all(of team: PostgreSQLTeam, _ connection: PostgreSQLConnection) throws -> [Hash32] {
            try connection.run("SELECT chain FROM withdrawn WHERE team = $1 ORDER BY chain", [team.key]).map { try $0.hash(0) }
        }

        static func count(_ team: PostgreSQLTeam, _ connection: PostgreSQLConnection) throws -> Int64 {
            try connection.run("SELECT count(*) FROM withdrawn WHERE team = $1", [team.key])[0].int(0)
        }

        static func insert(_ chains: [Hash32], of team: PostgreSQLTeam, _ connection: PostgreSQLConnection) throws {
            try connection.run(
                """
                INSERT INTO withdrawn (team, chain) SELECT DISTINCT $1::bytea, u.chain FROM unnest($2::bytea[]) AS u (chain)
                ON CONFLICT DO NOTHING
                """, [team.key, .blobs(chains)])
        }
    }
#endif
