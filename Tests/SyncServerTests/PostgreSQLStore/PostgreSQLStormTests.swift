#if PostgreSQL
    import Foundation
    import HummingbirdTesting
    import SyncCore
    import Testing

    @testable import SyncServer

    /// Two relay processes on one database, fifty devices, and accidents. Run by itself: it takes the machine, and the database away.
    @Suite(.serialized, .enabled(if: TestDatabase.isThere, TestDatabase.missing)) struct PostgreSQLStormTests {
        /// SYNC_STORM_SECONDS makes it longer.
        private static let seconds = ProcessInfo.processInfo.environment["SYNC_STORM_SECONDS"].flatMap { Int($0) } ?? 12

        @Test func everyAcknowledgedSegmentIsServedByBothRelaysInOneOrder() async throws {
            try await TestDatabase.with { database in
                let relays = [try ServedRelay(database), try ServedRelay(database)]
                for relay in relays { try await relay.start() }
                let teams = try (0..<5).map { try TestTeam("storm \($0)") }
                for team in teams { _ = try await Self.client(relays[0], team) { try await $0.register() } }
                let start = ContinuousClock.now
                let end = start + .seconds(Self.seconds)
                let (devices, outage) = try await withThrowingTaskGroup(of: StormDevice.self) { group in
                    for number in 0..<50 {
                        var device = try StormDevice("\(number)", teams[number % teams.count], ports: relays.map(\.port))
                        group.addTask {
                            try await device.run(until: end)
                            return device
                        }
                    }
                    let outage = try await Self.accidents(relays, from: start, for: .seconds(Self.seconds))
                    return (try await group.reduce(into: []) { $0.append($1) }, outage)
                }
                for team in teams { try await Self.check(team, devices, relays) }
                for relay in relays { await relay.end(SIGTERM) }
                Self.tell(devices, ContinuousClock.now - start, outage)
            }
        }

        /// A relay is killed at a quarter of the time and is back after a second; the database crashes at half of it, the other relay at
        /// three quarters. Returns how long the database was away.
        private static func accidents(_ relays: [ServedRelay], from start: ContinuousClock.Instant, for time: Duration)
            async throws -> Duration
        {
            var outage = Duration.zero
            let clock = ContinuousClock()
            for (quarter, accident) in [0, nil, 1].enumerated() {
                try await clock.sleep(until: start + time * (quarter + 1) / 4)
                guard let accident else {
                    outage = try await clock.measure { try await TestDatabase.restart() }
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

        private static func tell(_ devices: [StormDevice], _ time: Duration, _ outage: Duration) {
            let figures = devices.map(\.figures).reduce(StormFigures(), +)
            let segments = devices.reduce(0) { $0 + $1.acknowledged.count }
            print(
                """
                storm: \(devices.count) devices, 2 relays, \(StormFigures.milliseconds(time)) ms: \(figures.pushes.count) pushes \
                (\(segments) segments) acknowledged, p50 \(figures.pushMilliseconds(0.5)) ms, p99 \(figures.pushMilliseconds(0.99)) ms, \
                most \(figures.pushMilliseconds(1)) ms with what was sent again; \(figures.pulls) pulls; \(figures.failures) requests \
                failed; longest time without an acknowledgement \(figures.silenceMilliseconds) ms, the database away for \(StormFigures.milliseconds(outage)) ms
                """)
        }
    }
#endif
