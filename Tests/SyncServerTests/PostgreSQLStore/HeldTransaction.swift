#if PostgreSQL
    import SyncCore

    @testable import SyncServer

    /// Another relay that is in the middle of something: it has a lock, and has not committed.
    struct HeldTransaction {
        private let connection: PostgreSQLConnection
        private let database: TestDatabase

        /// In the middle of a push to `team`.
        init(_ team: RelayTeam, on database: TestDatabase) async throws {
            let handle = team.handle
            try await self.init(database) { _ = try PostgreSQLTeam.fetch(handle, locking: true, $0) }
        }

        /// So that nobody else can even read this table.
        init(locking table: String, on database: TestDatabase) async throws {
            try await self.init(database) { try $0.script("LOCK TABLE \(table) IN ACCESS EXCLUSIVE MODE") }
        }

        private init(_ database: TestDatabase, _ lock: @escaping @Sendable (PostgreSQLConnection) throws -> Void) async throws {
            self.database = database
            connection = PostgreSQLConnection(try database.address)
            try await connection.perform { connection in
                try connection.open()
                try connection.script("BEGIN")
                try lock(connection)
            }
        }

        /// Until so many transactions of this schema's stores wait for a lock.
        func waitUntilOthersWait(_ count: Int64) async throws {
            try await database.until(
                """
                SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(database.schema)' AND wait_event_type = 'Lock'
                """, is: count)
        }

        func commit() async throws {
            try await connection.perform { connection in
                try connection.script("COMMIT")
                connection.close()
            }
        }
    }
#endif
