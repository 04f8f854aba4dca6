#if PostgreSQL
    import SyncCore

    extension PostgreSQLStore {
        func appendControl(_ sealed: [[UInt8]], to team: RelayTeam) async throws -> ControlReceipt {
            let hashed = sealed.map { (hash: Digest.plain($0), record: $0) }
            // A team that is full can still put a device out.
            let limit = limits.bytesPerTeam &+ RelayLimits.controlBytesPastLimit
            return try await write(team.handle) { connection in
                var row = try PostgreSQLTeam.require(team, locking: true, connection)
                let known = try connection.run(
                    "SELECT hash FROM control WHERE team = $1 AND hash = ANY ($2::bytea[])",
                    [row.key, .blobs(hashed.map(\.hash))])
                var seen = Set(try known.map { try $0.hash(0) })
                let fresh = hashed.filter { seen.insert($0.hash).inserted }
                if !fresh.isEmpty {
                    let positions = fresh.indices.map { row.control + 1 + Int64($0) }
                    row.control += Int64(fresh.count)
                    try row.add(fresh.reduce(0) { $0 + $1.record.count }, limit: limit)
                    try Self.insert(fresh.map(\.record), fresh.map(\.hash), at: positions, of: row, connection)
                    try row.save(connection)
                }
                return (ControlReceipt(last: row.control, stored: fresh.count), fresh.isEmpty ? nil : row)
            }
        }

        /// A record's tag stands behind its first byte.
        private static let tagBytes = 16

        private static func insert(
            _ records: [[UInt8]], _ hashes: [Hash32], at positions: [Int64], of team: PostgreSQLTeam,
            _ connection: PostgreSQLConnection
        ) throws {
            try connection.run(
                """
                INSERT INTO control (team, position, hash, sealed)
                SELECT $1::bytea, u.* FROM unnest($2::bigint[], $3::bytea[], $4::bytea[]) u
                """, [team.key, .ints(positions), .blobs(hashes), .blobs(records)])
            let tagged = zip(records, positions).filter { $0.0.count > tagBytes }
            try connection.run(
                """
                INSERT INTO control_tag (tag, team, position)
                SELECT u.tag, $1::bytea, u.position FROM unnest($2::bytea[], $3::bigint[]) AS u (tag, position) ORDER BY u.position
                """, [team.key, .blobs(tagged.map { Array($0.0[1...tagBytes]) }), .ints(tagged.map(\.1))])
        }

        func control(
            of team: RelayTeam, after position: Int64, through last: Int64, limit: Int
        ) async throws -> [ControlEntry] {
            try await pool.run(.reading) { connection in
                let row = try PostgreSQLTeam.require(team, connection)
                let rows = try connection.run(
                    """
                    SELECT position, sealed FROM (
                        SELECT position, sealed, sum(octet_length(sealed)) OVER (ORDER BY position) - octet_length(sealed) AS before
                        FROM control WHERE team = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4
                    ) page WHERE before < $5 ORDER BY position
                    """,
                    [
                        row.key, .int(min(max(position, 0), row.control)), .int(min(last, row.control)),
                        .int(Int64(RelayLimits.rowsPerRead)), .int(Int64(limit)),
                    ])
                return try rows.map { ControlEntry(position: try $0.int(0), sealed: $0.bytes(1)) }
            }
        }

        func control(tagged tag: MailboxID, limit: Int) async throws -> [[UInt8]] {
            try await pool.run(.reading) { connection in
                let found = try connection.run(
                    "SELECT team, position FROM control_tag WHERE tag = $1 ORDER BY number LIMIT $2",
                    [.bytes(tag.bytes), .int(Int64(limit))])
                var records: [[UInt8]] = []
                var bytes = 0
                for (team, positions) in try Self.byTeam(found) {
                    guard bytes < limit else { break }
                    for row in try Self.records(positions, of: team, limit: limit - bytes, connection) {
                        records.append(row.bytes(0))
                        bytes += records[records.count - 1].count
                    }
                }
                return records
            }
        }

        /// Neighbours of one team together.
        private static func byTeam(_ found: PostgreSQLRows) throws -> [(team: [UInt8], positions: [Int64])] {
            var groups: [(team: [UInt8], positions: [Int64])] = []
            for row in found {
                let (team, position) = (row.bytes(0), try row.int(1))
                if groups.last?.team == team {
                    groups[groups.count - 1].positions.append(position)
                } else {
                    groups.append((team, [position]))
                }
            }
            return groups
        }

        private static func records(
            _ positions: [Int64], of team: [UInt8], limit: Int, _ connection: PostgreSQLConnection
        ) throws -> PostgreSQLRows {
            try connection.run(
                """
                SELECT sealed FROM (
                    SELECT position, sealed, sum(octet_length(sealed)) OVER (ORDER BY position) - octet_length(sealed) AS before
                    FROM control WHERE team = $1 AND position = ANY ($2::bigint[])
                ) found WHERE before < $3 ORDER BY position
                """, [.bytes(team), .ints(positions), .int(Int64(limit))])
        }
    }
#endif
