#if PostgreSQL
    import SyncCore
    import Testing

    @testable import SyncServer

    /// Who listens at one relay is woken by what another one stored.
    @Suite(.enabled(if: TestDatabase.isThere, TestDatabase.missing)) struct PostgreSQLNewsTests {
        @Test func whatOneRelayStoresWakesListenersAtEveryRelay() async throws {
            try await TestDatabase.with { database in
                let stores = [try await database.open(), try await database.open()]
                let team = try await TestTeam().register(in: stores[0])
                var log = try TestLog("a", salt: team.registration.teamSalt)
                for number in 1...5 {
                    // Each looks once what is there, and is then woken by what is not.
                    let listeners = try stores.map { try Listener($0, team) }
                    _ = try await RelayStoreConformance.push(try log.run(1), to: stores[number % 2], team)
                    for listener in listeners { try await listener.wait(until: { $0.position.number >= Int64(number) }) }
                }
                let listener = try Listener(stores[0], team)
                _ = try await stores[1].appendControl([[1, 2, 3]], to: team)
                try await listener.wait(until: { $0.control == 1 })
                for store in stores { try await store.close() }
            }
        }

        @Test func aListenerWhoseConnectionBrokeIsToldThatItMayHaveMissedSomething() async throws {
            try await TestDatabase.with { database in
                let stores = [try await database.open(), try await database.open()]
                let team = try await TestTeam().register(in: stores[0])
                var log = try TestLog("a", salt: team.registration.teamSalt)
                for number in 1...5 {
                    let listener = try Listener(stores[0], team)
                    try await database.breakConnections()
                    _ = try await RelayStoreConformance.push(try log.run(1), to: stores[1], team)
                    try await listener.wait(until: { $0.position.number >= Int64(number) })
                }
                for store in stores { try await store.close() }
            }
        }
    }

    /// Looks whenever it is woken, and never otherwise.
    struct Listener {
        private let store: PostgreSQLStore
        private let team: RelayTeam
        private let news: AsyncStream<Announcement>

        init(_ store: PostgreSQLStore, _ team: RelayTeam) throws {
            self.store = store
            self.team = team
            news = try #require(store.news.listen(to: team.handle, limit: 100))
        }

        /// Throws when it was not woken to see it within half a minute.
        func wait(until condition: @escaping @Sendable (TeamSummary) -> Bool) async throws {
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    for await _ in news where condition(try await store.summary(of: team)) { return true }
                    return false
                }
                group.addTask {
                    try await Task.sleep(for: .seconds(30))
                    return false
                }
                defer { group.cancelAll() }
                guard try await group.next() == true else { throw SyncError(.failure, "A listener was not woken.") }
            }
        }
    }
#endif
