#if PostgreSQL
    import SyncCore

    extension PostgreSQLStore {
        func logs(_ ranges: [LogRange], of team: RelayTeam) async throws -> [LogTag: StoredLog] {
            try await pool.run(.reading) { connection in
                let row = try PostgreSQLTeam.require(team, connection)
                let logs = try LogTable.fetch(Set(ranges.map(\.tag)), of: row, connection)
                var found = logs.mapValues { StoredLog(publicKey: $0.key, chains: [:]) }
                let known = ranges.compactMap { range in logs[range.tag].map { (number: $0.number, range: range) } }
                let rows = try connection.run(
                    """
                    SELECT DISTINCT l.tag, s.idx, s.chain
                    FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS r (log, first, last)
                    JOIN segment s ON s.team = $1 AND s.log = r.log AND s.idx BETWEEN r.first AND r.last
                    JOIN log l ON l.team = $1 AND l.number = r.log
                    ORDER BY l.tag, s.idx, s.chain
                    """,
                    [
                        row.key, .ints(known.map(\.number)), .ints(known.map { Int64(clamping: $0.range.first) }),
                        .ints(known.map { Int64(clamping: $0.range.last) }),
                    ])
                for row in rows {
                    found[try row.identifier(0)]?.chains[UInt64(bitPattern: try row.int(1)), default: []].append(try row.hash(2))
                }
                return found
            }
        }

        func append(
            _ runs: [VerifiedRun], touching tags: Set<LogTag>, to team: RelayTeam
        ) async throws -> AppendReceipt {
            let limit = limits.bytesPerTeam
            return try await write(team.handle) { connection in
                let row = try PostgreSQLTeam.require(team, locking: true, connection)
                let logs = try LogTable.fetch(tags.union(runs.map(\.tag)), of: row, connection)
                let heads = try HeadTable.fetch(logs, of: row, connection)
                var plan = AppendPlan(
                    team: row, numbers: logs.mapValues(\.number), heads: heads,
                    held: try SegmentTable.held(runs, logs, of: row, connection),
                    withdrawn: try WithdrawnTable.among(runs.flatMap { $0.segments.map(\.chain) }, of: row, connection))
                for run in runs { plan.take(run) }
                let isNews = !plan.rows.isEmpty
                if isNews {
                    try plan.measure(limit: limit)
                    try Self.store(plan, before: heads, connection)
                }
                return (Self.receipt(plan, tags), isNews ? plan.team : nil)
            }
        }

        private static func store(
            _ plan: AppendPlan, before: Set<AppendPlan.Place>, _ connection: PostgreSQLConnection
        ) throws {
            try LogTable.insert(plan.begun, of: plan.team, connection)
            try SegmentTable.insert(plan.rows, of: plan.team, connection)
            try HeadTable.remove(before.subtracting(plan.heads), plan.numbers, of: plan.team, connection)
            try HeadTable.insert(plan.heads.subtracting(before), plan.numbers, of: plan.team, connection)
            try plan.team.save(connection)
        }

        private static func receipt(_ plan: AppendPlan, _ tags: Set<LogTag>) -> AppendReceipt {
            var receipt = plan.receipt
            receipt.position = plan.team.position
            for tag in tags where plan.numbers[tag] != nil { receipt.heads[tag] = [] }
            for head in plan.heads where tags.contains(head.tag) {
                receipt.heads[head.tag, default: []].append(Head(index: head.index, chain: head.chain))
            }
            receipt.heads = receipt.heads.mapValues { heads in
                heads.sorted { $0.index != $1.index ? $0.index < $1.index : ByteOrder.precedes($0.chain.bytes, $1.chain.bytes) }
            }
            return receipt
        }
    }
#endif
