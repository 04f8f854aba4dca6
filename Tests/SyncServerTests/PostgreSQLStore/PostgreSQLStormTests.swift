#if PostgreSQL
    import Foundation
    import HummingbirdTesting
    import SyncCore
    import Testing

    @testable import SyncServer

    /// Two relay processes on one database, fifty devices that push and pull, twenty that listen, and accidents. Run by itself: it takes the
    /// machine, and the database away.
    @Suite(.serialized, .enabled(if: TestDatabase.isThere, TestDatabase.missing)) struct PostgreSQLStormTests {
        /// SYNC_STORM_SECONDS makes it longer.
        private static let seconds = ProcessInfo.processInfo.environment["SYNC_STORM_SECONDS"].flatMap { Int($0) } ?? 12

        @Test func everyAcknowledgedSegmentIsServedByBothRelaysInOneOrderAndWakesWhoListens() async throws {
            try await TestDatabase.with { database in
                let relays = [try ServedRelay(database), try ServedRelay(database)]
                for relay in relays { try await relay.start() }
                let teams = try (0..<5).map { try TestTeam("storm \($0)") }
                for team in teams { _ = try await Self.client(relays[0], team) { try await $0.register() } }
                let listeners = teams.flatMap { team in
                    (0..<4).map { StormListener(team, ports: relays.map(\.port), first: $0) }
                }
                let start = ContinuousClock.now
                let (devices, outage) = try await Self.heard(by: listeners) { try await Self.storm(teams, relays, listeners) }
                let time = ContinuousClock.now - start
                for team in teams { try await Self.check(team, devices, relays) }
                for relay in relays { await relay.end(SIGTERM) }
                let delays = try Self.delays(listeners, devices, outage)
                let gaps = listeners.flatMap { $0.gaps(without: outage) }
                // Whoever listened at a relay that was killed heard the other one.
                #expect(gaps.count >= listeners.count / 2)
                for delay in delays + gaps { #expect(delay < .seconds(2)) }
                Self.tell(devices, time, outage)
                Self.tell(listeners, delays, gaps)
            }
        }

        private typealias Outcome = (devices: [StormDevice], outage: StormListener.Span)

        private static func storm(
            _ teams: [TestTeam], _ relays: [ServedRelay], _ listeners: [StormListener]
        ) async throws -> Outcome {
            try await withThrowingTaskGroup(of: StormDevice.self) { group in
                let end = StormEnd()
                for number in 0..<50 {
                    var device = try StormDevice("\(number)", teams[number % teams.count], ports: relays.map(\.port))
                    group.addTask {
                        try await device.run(until: end)
                        return device
                    }
                }
                let outage = try await accidents(relays, listeners)
                end.reach()
                return (try await group.reduce(into: []) { $0.append($1) }, outage)
            }
        }

        /// Listens while `body` runs, and until what was acknowledged last was heard of.
        private static func heard(by listeners: [StormListener], _ body: @escaping @Sendable () async throws -> Outcome) async throws -> Outcome {
            try await withThrowingTaskGroup(of: Outcome?.self) { group in
                for listener in listeners {
                    group.addTask {
                        try await listener.run()
                        return nil
                    }
                }
                group.addTask {
                    let outcome = try await body()
                    for listener in listeners {
                        let newest = try pushes(to: listener.team, outcome.devices).map(\.position).max() ?? 0
                        try await listener.hears(of: newest)
                    }
                    return outcome
                }
                defer { group.cancelAll() }
                while let ended = try await group.next() { if let ended { return ended } }
                throw CancellationError()
            }
        }

        private static func pushes(to team: TestTeam, _ devices: [StormDevice]) throws -> [StormFigures.Push] {
            try devices.filter { try $0.team.handle == team.handle }.flatMap(\.figures.pushes)
        }

        /// How long after its acknowledgement each push was heard of by each who listens to its team.
        private static func delays(
            _ listeners: [StormListener], _ devices: [StormDevice], _ outage: StormListener.Span
        ) throws -> [Duration] {
            try listeners.flatMap { listener in
                try listener.delays(of: pushes(to: listener.team, devices), without: outage).map { try #require($0) }
            }
        }

        /// A relay is killed and is back after a second; the database crashes; the other relay is killed: each after a quarter of the time,
        /// and not before all listen again. Returns when the database was away.
        private static func accidents(_ relays: [ServedRelay], _ listeners: [StormListener]) async throws -> StormListener.Span {
            let quarter = Duration.seconds(seconds) / 4
            try await calm(quarter, listeners)
            try await restart(relays[0])
            try await calm(quarter, listeners)
            let begin = ContinuousClock.now
            try await TestDatabase.restart()
            let outage = begin..<ContinuousClock.now
            try await calm(quarter, listeners)
            try await restart(relays[1])
            try await calm(quarter, listeners)
            return outage
        }

        private static func calm(_ time: Duration, _ listeners: [StormListener]) async throws {
            try await Task.sleep(for: time)
            try await until { listeners.allSatisfy(\.isListening) }
        }

        private static func restart(_ relay: ServedRelay) async throws {
            await relay.end()
            try await Task.sleep(for: .seconds(1))
            try await relay.start()
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

        private static func tell(_ devices: [StormDevice], _ time: Duration, _ outage: StormListener.Span) {
            let figures = devices.map(\.figures).reduce(StormFigures(), +)
            let segments = devices.reduce(0) { $0 + $1.acknowledged.count }
            print(
                """
                storm: \(devices.count) devices, 2 relays, \(StormFigures.milliseconds(time)) ms: \(figures.pushes.count) pushes \
                (\(segments) segments) acknowledged, \(spread(figures.pushes.map { $0.end - $0.start })) with what was sent again; \
                \(figures.pulls) pulls; \(figures.failures) requests failed; longest time without an acknowledgement \
                \(figures.silenceMilliseconds) ms, the database away for \
                \(StormFigures.milliseconds(outage.upperBound - outage.lowerBound)) ms
                """)
        }

        private static func tell(_ listeners: [StormListener], _ delays: [Duration], _ gaps: [Duration]) {
            print(
                """
                storm: \(listeners.count) listened: heard of \(delays.count) pushes \(spread(delays)) after their acknowledgement, the \
                time in which the database was away not counted; heard the other relay \(gaps.count) times after theirs was gone: \
                \(spread(gaps))
                """)
        }

        private static func spread(_ times: [Duration]) -> String {
            let sorted = times.map(StormFigures.milliseconds).sorted()
            guard let most = sorted.last else { return "never" }
            return "p50 \(sorted[sorted.count / 2]) ms, p99 \(sorted[sorted.count * 99 / 100]) ms, most \(most) ms"
        }
    }
#endif
