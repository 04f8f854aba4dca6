#if PostgreSQL
    import Testing

    @testable import SyncServer

    @Suite(.enabled(if: TestDatabase.isThere, TestDatabase.missing)) struct PostgreSQLStoreConformanceTests {
        @Test(arguments: RelayStoreConformance.checks)
        func conforms(_ check: RelayStoreConformance.Check) async throws {
            try await TestDatabase.with { database in
                let clock = TestClock()
                let store = try await database.open(clock: clock, limits: check.limits)
                try await check.run(store, clock)
                try await store.close()
            }
        }
    }
#endif
