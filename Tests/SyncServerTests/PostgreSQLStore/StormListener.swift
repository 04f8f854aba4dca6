#if PostgreSQL
    import AsyncHTTPClient
    import NIOHTTP1
    import Synchronization

    @testable import SyncCore
    @testable import SyncServer

    /// A device that listens at `/live` as `Watch` does, with the client's own connections, parser and backoff. Where its connection breaks
    /// it goes to the next relay, as behind something that spreads connections, and it notes when it heard what.
    final class StormListener: Sendable {
        typealias Span = Range<ContinuousClock.Instant>

        let team: TestTeam
        private let first: Int
        private let ports: [Int]
        private let notes = Mutex(Notes())
        /// A process has eight connections to one relay at most, and every device is a process.
        private let http = RelayConnections.make(timeoutSeconds: Watch.patience, pin: nil)

        private struct Notes {
            var heard: [(at: ContinuousClock.Instant, position: Int64)] = []
            var waits: [Wait] = []
            /// From each break to the first that was heard afterwards.
            var gaps: [Span] = []
            var broken: ContinuousClock.Instant?
        }

        /// Before it tries again.
        private struct Wait {
            /// When what failed was asked; of an answer that had begun, when it broke.
            var cause: ContinuousClock.Instant
            var span: Span
        }

        /// - Parameter first: Which relay it begins with.
        init(_ team: TestTeam, ports: [Int], first: Int) {
            self.team = team
            self.ports = ports
            self.first = first
        }

        var isListening: Bool { notes.withLock { !$0.heard.isEmpty && $0.broken == nil } }

        /// Returns once it heard that so much is there, or of more.
        func hears(of position: Int64) async throws {
            do {
                try await until { last >= position }
            } catch {
                let notes = notes.withLock { $0 }
                let silent = notes.heard.last.map { StormFigures.milliseconds(.now - $0.at) } ?? -1
                throw SyncError(
                    .failure,
                    """
                    A listener heard of \(last) and not of \(position); silent for \(silent) ms, \(notes.waits.count) waits, \
                    \(notes.gaps.count) gaps, broken: \(notes.broken != nil), first relay \(first)
                    """)
            }
        }

        private var last: Int64 { notes.withLock { $0.heard.last?.position ?? 0 } }

        /// Until its task is cancelled.
        func run() async throws {
            let result: Result<Void, any Error>
            do { result = .success(try await goOn()) } catch { result = .failure(error) }
            try await http.shutdown()
            try result.get()
        }

        private func goOn() async throws {
            let backoff = Backoff(surroundings: .system)
            var (place, failures) = (first, 0)
            while !Task.isCancelled {
                var cause = ContinuousClock.now
                do {
                    try await listen(at: ports[place % ports.count]) { failures = 0 }
                    continue
                } catch let error as SyncError where error.kind == .unreachable {
                    if failures == 0 { cause = .now }
                }
                notes.withLock { $0.broken = $0.broken ?? cause }
                (place, failures) = (place + 1, failures + 1)
                let start = ContinuousClock.now
                try? await Task.sleep(for: .seconds(backoff.seconds(after: failures)))
                notes.withLock { $0.waits.append(Wait(cause: cause, span: start..<ContinuousClock.now)) }
            }
        }

        /// Until the relay ends the answer.
        private func listen(at port: Int, _ onAnswer: () -> Void) async throws {
            let address = try RelayAddress("http://127.0.0.1:\(port)")
            let relay = SyncCore.RelayClient(address, timeoutSeconds: Watch.patience, http: http)
            let answer = try await relay.request(.GET, "/v1/teams/\(try team.handle.hex)/live", token: .bearer(team.tokens.read))
            guard answer.status == 200 else { throw await relay.failure(answer) }
            onAnswer()
            try await answer.news(hear)
        }

        private func hear(_ news: RelayMessages.News) throws {
            guard let token = PositionToken(news.position) else { throw DecodingFailure.invalid("position") }
            let now = ContinuousClock.now
            notes.withLock { notes in
                if let broken = notes.broken { notes.gaps.append(broken..<now) }
                notes.broken = nil
                notes.heard.append((now, token.number))
            }
        }

        /// How long after its acknowledgement each of these was heard of; nil for what never was. A relay that is away counts. What does
        /// not: the time in which the database is away, and what is left of a wait that its absence began.
        func delays(of pushes: [StormFigures.Push], without outage: Span) -> [Duration?] {
            let notes = notes.withLock { $0 }
            let away = notes.waits.reduce(outage) { away, wait in
                outage.contains(wait.cause) ? away.lowerBound..<max(away.upperBound, wait.span.upperBound) : away
            }
            var heard = notes.heard[...]
            return pushes.sorted { $0.position < $1.position }.map { push in
                heard = heard.drop { $0.position < push.position }
                guard let first = heard.first?.at else { return nil }
                guard first > push.end else { return .zero }
                let overlap = (push.end..<first).clamped(to: away)
                return (first - push.end) - (overlap.upperBound - overlap.lowerBound)
            }
        }

        /// From the break of its connection to the first that was heard again, where the database was there all the time.
        func gaps(without outage: Span) -> [Duration] {
            notes.withLock(\.gaps).filter { !$0.overlaps(outage) }.map { $0.upperBound - $0.lowerBound }
        }
    }
#endif
