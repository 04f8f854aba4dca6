#if PostgreSQL
    import SyncCore
    import Testing

    @testable import SyncServer

    /// Several relays on one database.
    @Suite(.enabled(if: TestDatabase.isThere, TestDatabase.missing)) struct PostgreSQLSharingTests {
        @Test func twoRelaysThatPushAtOnceGiveOneOrderWithoutGaps() async throws {
            try await TestDatabase.with { database in
                let stores = [try await database.open(), try await database.open()]
                let team = try await TestTeam().register(in: stores[0])
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<16 {
                        group.addTask {
                            var log = try TestLog("\(number)", salt: team.registration.teamSalt)
                            for _ in 0..<5 {
                                let run = try log.run(3, signedEvery: 2)
                                let receipt = try await RelayStoreConformance.push(run, to: stores[number % 2], team)
                                #expect(receipt.stored == 3)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let left = try await RelayStoreConformance.everything(in: stores[0], team)
                let right = try await RelayStoreConformance.everything(in: stores[1], team)
                #expect(left == right && left.count == 240)
                #expect(try await stores[0].summary(of: team).position == Arrivals.position(left, of: team))
                for store in stores { try await store.close() }
            }
        }

        @Test func aReaderNeverSkipsASegmentThatCommitsLate() async throws {
            try await TestDatabase.with { database in
                let (writer, reader) = (try await database.open(), try await database.open())
                let team = try await TestTeam().register(in: writer)
                var logs = try ["late", "next"].map { try TestLog($0, salt: team.registration.teamSalt) }
                let (late, next) = (try logs[0].run(2), try logs[1].run(2))

                // The first push has its positions, and does not commit until it is let go.
                let gate = try await HeldTransaction(team, on: database)
                let pushes = Task {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for run in [late, next] {
                            group.addTask { _ = try await RelayStoreConformance.push(run, to: writer, team) }
                        }
                        try await group.waitForAll()
                    }
                }
                try await gate.waitUntilOthersWait(2)
                // Nothing of a later position is seen before it.
                let before = try #require(try await reader.pull(after: nil, of: team))
                #expect(before.isDone && before.through == .beginning)
                try await gate.commit()
                try await pushes.value
                let pull = try #require(try await reader.pull(after: before.through.token, of: team))
                let found = try await RelayStoreConformance.frames(pull, from: reader, team).flatMap(\.segments)
                #expect(found.count == 4 && Set(found) == Set(late + next))
                #expect(pull.through == Arrivals.position(found, of: team))
                for store in [writer, reader] { try await store.close() }
            }
        }

        @Test func aTeamThatBeginsOnTwoRelaysAtOnceIsOneTeam() async throws {
            try await TestDatabase.with { database in
                let stores = [try await database.open(), try await database.open()]
                for number in 0..<10 {
                    let team = try TestTeam("\(number)")
                    let handle = try team.handle
                    async let left = stores[0].register(team.chain, as: handle, admitting: .anybody)
                    async let right = stores[1].register(team.chain, as: handle, admitting: .anybody)
                    let isNew = try await [left, right].map { result in
                        guard case .stored(0, let isNewTeam) = result else { throw UnknownTeam() }
                        return isNewTeam
                    }
                    #expect(isNew.count { $0 } == 1)
                }
                for store in stores { try await store.close() }
            }
        }

        @Test func relaysThatStartAtOnceMakeTheTablesOnce() async throws {
            try await TestDatabase.with { database in
                try await withThrowingTaskGroup(of: PostgreSQLStore.self) { group in
                    for _ in 0..<6 { group.addTask { try await database.open(connections: 1) } }
                    for try await store in group {
                        _ = try await TestTeam().register(in: store)
                        try await store.close()
                    }
                }
                let versions = try await database.ints("SELECT version FROM relay_schema ORDER BY version")
                #expect(versions == (1...PostgreSQLSchema.migrations.count).map(Int64.init))
            }
        }

        @Test func tablesOfTheFirstVersionAreMeasuredWhenTheyAreBroughtUp() async throws {
            try await TestDatabase.with { database in
                try await database.run(
                    """
                    CREATE TABLE relay_schema (version bigint PRIMARY KEY);
                    INSERT INTO relay_schema VALUES (1);
                    \(PostgreSQLSchema.migrations[0]);
                    INSERT INTO team VALUES ('a', 0, 2, 'd', 1, 1), ('b', 0, 0, 'd', 0, 0);
                    INSERT INTO segment VALUES ('a', 1, 1, 0, 'c', NULL, '12345'), ('a', 2, 1, 1, 'e', 'd', '123');
                    INSERT INTO control VALUES ('a', 1, 'h', '12');
                    """)
                let store = try await database.open()
                #expect(try await store.usage() == StoreUsage(teams: 2, segments: 2, bytes: 10))
                try await store.close()
            }
        }

        @Test func aDatabaseOfANewerVersionIsLeftAlone() async throws {
            try await TestDatabase.with { database in
                try await database.open().close()
                try await database.run("INSERT INTO relay_schema (version) VALUES (1000)")
                await #expect(throws: SyncError.self) { _ = try await database.open() }
            }
        }

        @Test func everyKeyOfATeamsTableBeginsWithTheTeam() async throws {
            try await TestDatabase.with { database in
                try await database.open().close()
                // Tables that are looked up by an id of their own, and the one of versions.
                let others = [
                    "mailbox": "id", "request": "box", "control_tag": "tag", "admission": "hash", "relay_schema": "version",
                ]
                let keys = try await database.texts(
                    """
                    SELECT t.relname || '.' || a.attname FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
                    JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = current_schema()
                    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0] WHERE i.indisunique
                    """)
                #expect(keys.count >= 12)
                for key in keys {
                    let parts = key.split(separator: ".").map(String.init)
                    #expect(parts[1] == others[parts[0]] ?? "team", "\(key)")
                }
            }
        }
    }

    /// What a team's position is after these segments, from the first one on, where no log forks.
    enum Arrivals {
        static func position(_ segments: [Segment], of team: RelayTeam) -> Position {
            var chains: [LogTag: Hash32] = [:]
            return segments.reduce(Position.beginning) { position, segment in
                let chain = Chain.value(
                    at: segment.header, after: chains[segment.tag] ?? Chain.beginning, teamSalt: team.registration.teamSalt)
                chains[segment.tag] = chain
                return position.following(chain)
            }
        }
    }
#endif
