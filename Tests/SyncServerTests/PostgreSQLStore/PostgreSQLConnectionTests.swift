#if PostgreSQL
    import SyncCore
    import Testing

    @testable import SyncServer

    @Suite(.enabled(if: TestDatabase.isThere, TestDatabase.missing)) struct PostgreSQLConnectionTests {
        @Test func connectionsThatBrokeWhileNobodyUsedThemAreMadeAgain() async throws {
            try await TestDatabase.with { database in
                let store = try await database.open(connections: 2)
                let team = try await TestTeam().register(in: store)
                var log = try TestLog("a", salt: team.registration.teamSalt)
                for _ in 0..<3 {
                    try await database.breakConnections()
                    #expect(try await RelayStoreConformance.push(try log.run(2), to: store, team).stored == 2)
                    try await database.breakConnections()
                    #expect(try await store.team(team.handle) != nil)
                    try await database.breakConnections()
                    #expect(try await store.summary(of: team).position.number == Int64(log.count))
                }
                try await store.close()
            }
        }

        @Test func aReadThatBreaksIsDoneAgain() async throws {
            try await TestDatabase.with { database in
                let store = try await database.open(connections: 1)
                let team = try await TestTeam().register(in: store)
                let gate = try await HeldTransaction(locking: "withdrawn", on: database)
                let summary = Task { try await store.summary(of: team) }
                try await gate.waitUntilOthersWait(1)
                try await database.breakConnections(where: "wait_event_type = 'Lock'")
                try await gate.commit()
                #expect(try await summary.value.position == .beginning)
                try await store.close()
            }
        }

        @Test func aWriteThatBreaksFailsAndMayBeSentAgain() async throws {
            try await TestDatabase.with { database in
                let store = try await database.open(connections: 2)
                let team = try await TestTeam().register(in: store)
                var log = try TestLog("a", salt: team.registration.teamSalt)
                let run = try log.run(3)
                let gate = try await HeldTransaction(team, on: database)
                let push = Task { try await RelayStoreConformance.push(run, to: store, team) }
                try await gate.waitUntilOthersWait(1)
                try await database.breakConnections(where: "wait_event_type = 'Lock'")
                let failure = await #expect(throws: PostgreSQLFailure.self) { try await push.value }
                #expect(failure?.isConnectionLost == true)
                #expect(failure.map { FailureCode($0).description.hasPrefix("PostgreSQL ") } == true)
                try await gate.commit()
                let again = try await RelayStoreConformance.push(run, to: store, team)
                #expect(again.stored == 3 && again.position.number == 3)
                try await store.close()
            }
        }

        @Test func aStoreThatIsClosedFinishesWhatItBegan() async throws {
            try await TestDatabase.with { database in
                let store = try await database.open(connections: 2)
                let team = try await TestTeam().register(in: store)
                var log = try TestLog("a", salt: team.registration.teamSalt)
                let run = try log.run(3)
                let gate = try await HeldTransaction(team, on: database)
                let push = Task { try await RelayStoreConformance.push(run, to: store, team) }
                try await gate.waitUntilOthersWait(1)
                let closing = Task { try await store.close() }
                try await gate.commit()
                #expect(try await push.value.stored == 3)
                try await closing.value
                await #expect(throws: SyncError.self) { try await store.team(team.handle) }
                // The one that asks.
                try await database.until(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(database.schema)'", is: 1)
            }
        }

        @Test func commitsAreDurableWhateverTheAddressSays() async throws {
            try await TestDatabase.with { database in
                let address = try PostgreSQLAddress(database.url + "&options=-csynchronous_commit%3Doff")
                let connection = PostgreSQLConnection(address)
                let setting = try await connection.perform { connection in
                    defer { connection.close() }
                    try connection.open()
                    return try connection.run("SELECT current_setting('synchronous_commit')")[0].text(0)
                }
                #expect(setting == "on")
            }
        }

        @Test func noErrorTellsThePassword() async throws {
            let secret = "hunter2-of-the-relay"
            let base = try #require(TestDatabase.url)
            let place = try #require(base.split(separator: "@").last)
            for url in [
                "postgresql://relay:\(secret)@\(place)", "postgresql://relay:\(secret)@127.0.0.1:1/nowhere",
                "postgresql://relay:\(secret)@/x?host=/nowhere", "postgresql://relay:\(secret)%zz@\(place)",
                "mysql://relay:\(secret)@\(place)",
                "postgresql://relay@\(place)?password=\(secret)&no=\(secret)",
            ] {
                let error = await #expect(throws: SyncError.self) {
                    _ = try await PostgreSQLStore.open(PostgreSQLAddress(url))
                }
                let text = String(reflecting: error) + (error.map { "\($0)\(FailureCode($0))" } ?? "")
                #expect(!text.contains(secret))
            }
        }
    }
#endif
