#if PostgreSQL
    import SyncCore
    import Synchronization

    @testable import SyncServer

    /// A live listener of one team: it looks when it is woken, and notes when it saw what.
    final class StormWatch: Sendable {
        let team: TeamHandle
        private let store: PostgreSQLStore
        private let seen = Mutex<[(at: ContinuousClock.Instant, position: Int64)]>([])

        init(_ store: PostgreSQLStore, _ team: TeamHandle) {
            self.store = store
            self.team = team
        }

        var last: Int64 { seen.withLock { $0.last?.position ?? 0 } }

        /// Until the store is closed.
        func run() async throws {
            guard let news = store.news.listen(to: team, limit: 10) else { throw SyncError(.failure, "Too many listen.") }
            for await _ in news {
                let position = try await look()
                seen.withLock { $0.append((.now, position)) }
            }
        }

        /// While the database is away nothing can be looked at.
        private func look() async throws -> Int64 {
            let end = ContinuousClock.now + .seconds(60)
            while true {
                do {
                    guard let team = try await store.team(team) else { throw UnknownTeam() }
                    return try await store.summary(of: team).position.number
                } catch let failure as PostgreSQLFailure {
                    guard ContinuousClock.now < end else { throw failure }
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
        }

        /// How long after it was acknowledged each of these was seen; nil for what never was. While the database is away no time passes.
        func delays(
            of pushes: [StormFigures.Push], without outage: Range<ContinuousClock.Instant>
        ) -> [Duration?] {
            let seen = seen.withLock { $0 }
            return pushes.map { push in
                guard let first = seen.first(where: { $0.position >= push.position })?.at else { return nil }
                guard first > push.end else { return .zero }
                let overlap = (push.end..<first).clamped(to: outage)
                return (first - push.end) - (overlap.upperBound - overlap.lowerBound)
            }
        }
    }
#endif
