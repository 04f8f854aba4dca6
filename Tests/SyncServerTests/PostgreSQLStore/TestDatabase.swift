#if PostgreSQL
    import Foundation
    import SyncCore
    import Testing

    @testable import SyncServer

    /// A schema of its own in the database that `make test-postgres` starts.
    struct TestDatabase {
        static let url = ProcessInfo.processInfo.environment["SYNC_TEST_POSTGRES"]
        static var isThere: Bool { url != nil }
        static let missing: Comment = "SYNC_TEST_POSTGRES names no database: make test-postgres starts one."

        let schema: String
        let url: String
        var address: PostgreSQLAddress { get throws { try PostgreSQLAddress(url) } }

        private init(_ base: String) {
            schema = "test_" + Hex.encode(Surroundings.system.random(8))
            url = base + (base.contains("?") ? "&" : "?") + "options=-csearch_path%3D\(schema)&application_name=\(schema)"
        }

        /// Runs `body` with a schema that is gone afterwards.
        static func with<Value>(_ body: (TestDatabase) async throws -> Value) async throws -> Value {
            let database = TestDatabase(try #require(url))
            try await database.run("CREATE SCHEMA \(database.schema)")
            let result: Result<Value, any Error>
            do { result = .success(try await body(database)) } catch { result = .failure(error) }
            try await database.run("DROP SCHEMA \(database.schema) CASCADE")
            return try result.get()
        }

        func open(
            connections: Int = 6, clock: TestClock = TestClock(), limits: StoreLimits = .standard
        ) async throws -> PostgreSQLStore {
            // A clock that stands still draws the same bytes for every store: each has the system's.
            let surroundings = Surroundings(now: clock.surroundings.now, random: Surroundings.system.random)
            return try await PostgreSQLStore.open(address, connections: connections, surroundings: surroundings, limits: limits)
        }

        /// On a connection that no store has.
        func run(_ sql: String) async throws {
            let connection = PostgreSQLConnection(try address)
            try await connection.perform { connection in
                try connection.open()
                try connection.script(sql)
                connection.close()
            }
        }

        /// Ends the connections of this schema's stores, as a network or a restart does.
        func breakConnections(where condition: String = "true") async throws {
            try await run(
                """
                SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                WHERE application_name = '\(schema)' AND pid <> pg_backend_pid() AND \(condition)
                """)
        }

        func ints(_ sql: String) async throws -> [Int64] { try await read(sql) { try $0.int(0) } }
        func texts(_ sql: String) async throws -> [String] { try await read(sql) { $0.text(0) } }

        /// Waits until a query has this answer; throws when it does not within half a minute.
        func until(_ sql: String, is expected: Int64) async throws {
            let end = ContinuousClock.now + .seconds(30)
            while try await ints(sql) != [expected] {
                guard ContinuousClock.now < end else { throw SyncError(.failure, "It did not happen.") }
            }
        }

        private func read<Value: Sendable>(
            _ sql: String, _ value: @escaping @Sendable (PostgreSQLRow) throws -> Value
        ) async throws -> [Value] {
            let connection = PostgreSQLConnection(try address)
            return try await connection.perform { connection in
                defer { connection.close() }
                try connection.open()
                return try connection.run(sql).map(value)
            }
        }

        /// Stops the database and starts it again; `immediate` as a crash does.
        static func restart(_ mode: String = "immediate") async throws {
            let process = Process()
            process.executableURL = URL(
                fileURLWithPath: try #require(ProcessInfo.processInfo.environment["SYNC_TEST_POSTGRES_RESTART"]))
            process.arguments = [mode]
            let status = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int32, any Error>) in
                process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
                do { try process.run() } catch { continuation.resume(throwing: error) }
            }
            try #require(status == 0)
        }
    }
#endif
