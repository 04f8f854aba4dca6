#if PostgreSQL
    import SyncCore
    import Synchronization
    import Testing

    @testable import SyncServer

    /// Run by themselves: the database goes away under every store that uses it.
    @Suite(.serialized, .enabled(if: TestDatabase.isThere, TestDatabase.missing)) struct PostgreSQLRestartTests {
        @Test(arguments: ["immediate", "fast"])
        func whatWasAcknowledgedIsThereAfterARestart(_ mode: String) async throws {
            try await TestDatabase.with { database in
                let stores = [try await database.open(), try await database.open()]
                let team = try await TestTeam().register(in: stores[0])
                let acknowledged = Count()
                let runs = try await withThrowingTaskGroup(of: [Segment].self) { group in
                    for number in 0..<8 {
                        group.addTask {
                            var log = try TestLog("\(number)", salt: team.registration.teamSalt)
                            var runs: [Segment] = []
                            for _ in 0..<25 {
                                let run = try log.run(2)
                                try await Self.pushUntilTaken(run, to: stores[number % 2], team)
                                acknowledged.add(1)
                                runs += run
                            }
                            return runs
                        }
                    }
                    try await until { acknowledged.value >= 50 }
                    try await TestDatabase.restart(mode)
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                let found = try await RelayStoreConformance.everything(in: stores[0], team)
                #expect(found.count == 400 && Set(found) == Set(runs))
                #expect(try await RelayStoreConformance.everything(in: stores[1], team) == found)
                #expect(try await stores[1].summary(of: team).position == Arrivals.position(found, of: team))
                for store in stores { try await store.close() }
            }
        }

        /// As a device does: what failed is sent again. Throws when it was not taken within a minute.
        static func pushUntilTaken(_ run: [Segment], to store: PostgreSQLStore, _ team: RelayTeam) async throws {
            let end = ContinuousClock.now + .seconds(60)
            while true {
                do {
                    let receipt = try await RelayStoreConformance.push(run, to: store, team)
                    #expect(receipt.stored + receipt.known == run.count)
                    return
                } catch let failure as PostgreSQLFailure {
                    guard ContinuousClock.now < end else { throw failure }
                    await Task.yield()
                }
            }
        }
    }

    final class Count: Sendable {
        private let count = Atomic(0)

        func add(_ number: Int) { count.add(number, ordering: .relaxed) }
        var value: Int { count.load(ordering: .relaxed) }
    }
#endif
