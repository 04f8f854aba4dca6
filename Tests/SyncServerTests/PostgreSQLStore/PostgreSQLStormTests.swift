#if PostgreSQL
    import Foundation
    import HummingbirdTesting
    import SyncCore
    import Testing

    @testable import SyncServer

    /// Two relay processes on one database, fifty devices, two more relays where somebody listens to every team, and accidents. Run by
    /// itself: it takes the machine, and the database away.
    @Suite(.serialized, .enabled(if: TestDatabase.isThere, TestDatabase.missing)) struct PostgreSQLStormTests {
        /// SYNC_STORM_SECONDS makes it longer.
        private static let seconds = ProcessInfo.processInfo.environment["SYNC_STORM_SECONDS"].flatMap { Int($0) } ?? 12

        @Test func everyAcknowledgedSegmentIsServedByBothRelaysInOneOrderAndWakesWhoListens() async throws {
            try await TestDatabase.with { database in
                let relays = [try ServedRelay(database), try ServedRelay(database)]
                for relay in relays { try await relay.start() }
                let teams = try (0..<5).map { try TestTeam("storm \($0)") }
                for team in teams { _ = try await Self.client(relays[0], team) { try await $0.register() } }
                let start = ContinuousClock.now
                let (devices, outage, watches) = try await Self.watching(teams, on: database) {
                    try await Self.storm(teams, relays, from: start)
                }
                for team in teams { try await Self.check(team, devices, relays) }
                for relay in relays { await relay.end(SIGTERM) }
                let delays = try Self.delays(watches, devices, outage)
                Self.tell(devices, ContinuousClock.now - start, outage, delays)
            }
        }

        private typealias Outcome = (devices: [StormDevice], outage: Range<ContinuousClock.Instant>)

        private static func storm(
            _ teams: [TestTeam], _ relays: [ServedRelay], from start: ContinuousClock.Instant
        ) async throws -> Outcome {
            try await withThrowingTaskGroup(of: StormDevice.self) { group in
                for number in 0..<50 {
                    var device = try StormDevice("\(number)", teams[number % teams.count], ports: relays.map(\.port))
                    group.addTask {
                        try await device.run(until: start + .seconds(seconds))
                        return device
                    }
                }
                let outage = try await accidents(relays, from: start, for: .seconds(seconds))
                return (try await group.reduce(into: []) { $0.append($1) }, outage)
            }
        }

        /// Listens to each team at two relays of this process while `body` runs, and until what was acknowledged last was seen.
        private static func watching(
            _ teams: [TestTeam], on database: TestDatabase, _ body: @Sendable () async throws -> Outcome
        ) async throws -> (devices: [StormDevice], outage: Range<ContinuousClock.Instant>, watches: [StormWatch]) {
            let stores = [try await database.open(), try await database.open()]
            let watches = try stores.flatMap { store in try teams.map { StormWatch(store, try $0.handle) } }
            return try await withThrowingTaskGroup(of: Void.self) { group in
                for watch in watches { group.addTask { try await watch.run() } }
                let outcome = try await body()
                for watch in watches {
                    let newest = try outcome.devices.filter { try $0.team.handle == watch.team }.flatMap(\.figures.pushes).map(
                        \.position
                    ).max()
                    try await until { watch.last >= newest ?? 0 }
                }
                for store in stores { try await store.close() }
                try await group.waitForAll()
                return (outcome.devices, outcome.outage, watches)
            }
        }

        /// How long after its acknowledgement each push was seen by each who listens to its team.
        private static func delays(
            _ watches: [StormWatch], _ devices: [StormDevice], _ outage: Range<ContinuousClock.Instant>
        ) throws -> [Int] {
            try watches.flatMap { watch in
                let pushes = try devices.filter { try $0.team.handle == watch.team }.flatMap(\.figures.pushes)
                return try watch.delays(of: pushes, without: outage).map { delay in
                    let delay = StormFigures.milliseconds(try #require(delay))
                    #expect(delay < 2000)
                    return delay
                }
            }
        }

        /// A relay is killed at a quarter of the time and is back after a second; the database crashes at half of it, the other relay at
        /// three quarters. Returns when the database was away.
        private static func accidents(_ relays: [ServedRelay], from start: ContinuousClock.Instant, for time: Duration)
            async throws -> Range<ContinuousClock.Instant>
        {
            var outage = start..<start
            let clock = ContinuousClock()
            for (quarter, accident) in [0, nil, 1].enumerated() {
                try await clock.sleep(until: start + time * (quarter + 1) / 4)
                guard let accident else {
                    let begin = clock.now
                    try await TestDatabase.restart()
                    outage = begin..<clock.now
                    continue
                }
                await relays[accident].end()
                try await clock.sleep(for: .seconds(1))
                try await relays[accident].start()
            }
            return outage
        }

        private static func check(_ team: TestTeam, _ devices: [StormDevice], _ relays: [ServedRelay]) async throws {
            let devices = try devices.filter { try $0.team.handle == team.handle }
            let served = try await client(relays[0], team) { try await $0.pull() }
            let other = try await client(relays[1], team) { try await $0.pull() }
            let order = served.flatMap(\.segments)
            #expect(other.flatMap(\.segments) == order && other.last?.token == served.last?.token)
            #expect(Set(order).count == order.count)
            #expect(Set(devices.flatMap(\.acknowledged)) == Set(order))
            for device in devices { #expect(device.seen == Array(order.prefix(device.seen.count))) }
        }

        private static func client<Value: Sendable>(
            _ relay: ServedRelay, _ team: TestTeam, _ body: @escaping @Sendable (RelayClient) async throws -> Value
        ) async throws -> Value {
            try await TestClient.withClient(host: "127.0.0.1", port: relay.port) { try await body(RelayClient($0, team: team)) }
        }

        private static func tell(
            _ devices: [StormDevice], _ time: Duration, _ outage: Range<ContinuousClock.Instant>, _ delays: [Int]
        ) {
            let figures = devices.map(\.figures).reduce(StormFigures(), +)
            let segments = devices.reduce(0) { $0 + $1.acknowledged.count }
            let sorted = delays.sorted()
            print(
                """
                storm: \(devices.count) devices, 2 relays, \(StormFigures.milliseconds(time)) ms: \(figures.pushes.count) pushes \
                (\(segments) segments) acknowledged, p50 \(figures.pushMilliseconds(0.5)) ms, p99 \(figures.pushMilliseconds(0.99)) ms, \
                most \(figures.pushMilliseconds(1)) ms with what was sent again; \(figures.pulls) pulls; \(figures.failures) requests \
                failed; longest time without an acknowledgement \(figures.silenceMilliseconds) ms, the database away for \
                \(StormFigures.milliseconds(outage.upperBound - outage.lowerBound)) ms; who listened saw \(sorted.count) pushes \
                after p50 \(sorted[sorted.count / 2]) ms, p99 \(sorted[sorted.count * 99 / 100]) ms, most \(sorted.last ?? 0) ms \
                from their acknowledgement, the time in which the database was away not counted
                """)
        }
    }
#endif
