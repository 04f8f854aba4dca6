#if PostgreSQL
    extension PostgreSQLStore {
        func usage() async throws -> StoreUsage {
            try await pool.run(.plain) { connection in
                let row = try connection.run(
                    """
                    SELECT count(*), coalesce(sum(position), 0)::bigint, coalesce(sum(bytes), 0)::bigint FROM team
                    """)[0]
                return StoreUsage(teams: try row.int(0), segments: try row.int(1), bytes: try row.int(2))
            }
        }

        /// That the database can be read, and takes writes.
        func checkReady() async throws {
            try await pool.run(.writing) { connection in
                _ = try connection.run("UPDATE team SET bytes = bytes WHERE team = ''::bytea")
            }
        }
    }
#endif
