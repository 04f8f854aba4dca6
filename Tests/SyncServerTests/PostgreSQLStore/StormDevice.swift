#if PostgreSQL
    import HTTPTypes
    import HummingbirdTesting
    import SyncCore
    import Synchronization

    @testable import SyncServer

    /// After it nobody begins anything more.
    final class StormEnd: Sendable {
        private let reached = Atomic(false)

        var isReached: Bool { reached.load(ordering: .relaxed) }

        func reach() { reached.store(true, ordering: .relaxed) }
    }

    /// A device that pushes and pulls at random, through whichever relay it happens upon, and remembers what it was told.
    struct StormDevice: Sendable {
        let team: TestTeam
        private let ports: [Int]
        private var log: TestLog
        /// What a relay said it has.
        private(set) var acknowledged: [Segment] = []
        /// What it pulled, in the order in which it came.
        private(set) var seen: [Segment] = []
        private var token: String?
        private(set) var figures = StormFigures()

        init(_ name: String, _ team: TestTeam, ports: [Int]) throws {
            self.team = team
            self.ports = ports
            log = try TestLog(name, salt: team.salt)
        }

        /// What was begun is finished also past the end.
        mutating func run(until end: StormEnd) async throws {
            while !end.isReached {
                if Int.random(in: 0..<10) < 6 { try await push() } else { try await pull() }
                try await Task.sleep(for: .milliseconds(Int.random(in: 0..<40)))
            }
        }

        private mutating func push() async throws {
            let run = try log.run(Int.random(in: 1...5))
            let start = ContinuousClock.now
            let bytes = stream(run)
            var position: Int64?
            while position == nil {
                let answer = await call { try await $0.call(.post, "segments", token: $0.team.tokens.write, body: bytes) }
                if let json = try? answer?.json, let stored = json["stored"] as? Int, let known = json["known"] as? Int {
                    guard stored + known == run.count, let text = json["position"] as? String, let token = PositionToken(text)
                    else {
                        throw SyncError(.failure, "A push was refused: \(json)")
                    }
                    position = token.number
                    continue
                }
                figures.failures += 1
                guard ContinuousClock.now - start < .seconds(60) else { throw SyncError(.failure, "No relay takes a push.") }
                try await Task.sleep(for: .milliseconds(Int.random(in: 5..<50)))
            }
            figures.pushes.append(StormFigures.Push(start: start, end: .now, position: position ?? 0))
            acknowledged += run
        }

        private mutating func pull() async throws {
            let path = "segments" + (token.map { "?after=\($0)" } ?? "")
            guard let answer = await call({ try await $0.call(.get, path, token: $0.team.tokens.read) }), answer.status == .ok,
                let frames = try? frames(answer.bytes), let last = frames.last
            else {
                figures.failures += 1
                return
            }
            seen += frames.flatMap(\.segments)
            token = last.token
            figures.pulls += 1
        }

        /// Nil where the relay was not there, or went away.
        private func call(
            _ body: @escaping @Sendable (RelayClient) async throws -> RelayClient.Answer
        ) async -> RelayClient.Answer? {
            let (port, team) = (ports[Int.random(in: ports.indices)], team)
            return try? await TestClient.withClient(host: "127.0.0.1", port: port) { client in
                try await body(RelayClient(client, team: team))
            }
        }
    }

    struct StormFigures: Sendable {
        struct Push: Sendable {
            var start: ContinuousClock.Instant
            var end: ContinuousClock.Instant
            /// Where the team's arrivals stood when it was acknowledged.
            var position: Int64
        }

        var pushes: [Push] = []
        var pulls = 0
        var failures = 0

        static func + (a: StormFigures, b: StormFigures) -> StormFigures {
            StormFigures(pushes: a.pushes + b.pushes, pulls: a.pulls + b.pulls, failures: a.failures + b.failures)
        }

        /// The longest time in which nothing was acknowledged.
        var silenceMilliseconds: Int {
            let ends = pushes.map(\.end).sorted()
            return zip(ends, ends.dropFirst()).map { Self.milliseconds($1 - $0) }.max() ?? 0
        }

        static func milliseconds(_ duration: Duration) -> Int {
            Int(duration.components.seconds) * 1000 + Int(duration.components.attoseconds / 1_000_000_000_000_000)
        }
    }
#endif
