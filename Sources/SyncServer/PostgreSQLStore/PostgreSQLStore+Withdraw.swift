#if PostgreSQL
    import SyncCore

    extension PostgreSQLStore {
        /// Nothing of such a body can be asked for when this returns. The database's own files keep it until it has vacuumed the table
        /// and gone past its write-ahead log, and its backups for as long as they are kept: that is its operator's.
        func withdraw(_ segments: [WithdrawnSegment], of team: RelayTeam) async throws {
            try await write(team.handle) { connection in
                var row = try PostgreSQLTeam.require(team, locking: true, connection)
                try WithdrawnTable.insert(segments.map(\.chain), of: row, connection)
                let logs = try LogTable.fetch(Set(segments.map(\.tag)), of: row, connection)
                for segment in segments {
                    guard let log = logs[segment.tag]?.number else { continue }
                    try Self.dropBody(segment, in: log, of: &row, connection)
                }
                try row.save(connection)
                return ((), row)
            }
        }

        private static func dropBody(
            _ withdrawn: WithdrawnSegment, in log: Int64, of row: inout PostgreSQLTeam, _ connection: PostgreSQLConnection
        ) throws {
            let found = try connection.run(
                "SELECT position, bytes FROM segment WHERE team = $1 AND log = $2 AND idx = $3 AND chain = $4",
                [row.key, .int(log), .int(Int64(clamping: withdrawn.index)), .bytes(withdrawn.chain.bytes)])
            guard let found = found.first else { return }
            let bytes = found.bytes(1)
            var segment = try Segment(bytes)
            segment.body = nil
            try row.add(segment.bytes.count - bytes.count, limit: .max)
            try connection.run(
                "UPDATE segment SET bytes = $3 WHERE team = $1 AND position = $2",
                [row.key, .int(try found.int(0)), .bytes(segment.bytes)])
        }
    }
#endif
