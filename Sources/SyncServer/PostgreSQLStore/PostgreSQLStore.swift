#if PostgreSQL
    import Logging
    import SyncCore

    /// A relay's store in PostgreSQL. It keeps nothing of its own: any number of relays use one database at once.
    ///
    /// A write takes its team's row lock first and holds it to the commit. So a reader who sees a position sees all before it, and a team's
    /// positions have no gaps, whichever relay gave them. Writes are durable when they return.
    final class PostgreSQLStore: RelayStore {
        /// As many transactions of one relay run at once. PostgreSQL has a process for each connection, of all relays together.
        static let connections = 12

        let pool: PostgreSQLPool
        let news: TeamNews
        let surroundings: Surroundings
        private let listener: NewsListener

        private init(pool: PostgreSQLPool, listener: NewsListener, surroundings: Surroundings) {
            self.pool = pool
            self.listener = listener
            self.surroundings = surroundings
            news = listener.news
            listener.start()
        }

        /// Connects, and makes the tables or brings them up to this version.
        static func open(
            _ address: PostgreSQLAddress, connections: Int = connections, surroundings: Surroundings = .system, logger: Logger
        ) async throws -> PostgreSQLStore {
            let pool = PostgreSQLPool(address, connections: connections)
            let listener = try NewsListener(address, TeamNews())
            do {
                try await pool.run(.writing) { try PostgreSQLSchema.upgrade($0) }
            } catch let failure as PostgreSQLFailure {
                await pool.close()
                throw SyncError(
                    .failure, "The relay cannot use its database (\(address.description)): \(failure.message)",
                    safe: "Nothing was changed.",
                    next: "Check that it runs, and that user, password and database are right.")
            } catch {
                await pool.close()
                throw error
            }
            return PostgreSQLStore(pool: pool, listener: listener, surroundings: surroundings)
        }

        /// Runs to its end also in a cancelled task, which is how a relay is stopped.
        func close() async throws {
            await pool.close()
            await listener.stop()
            news.close()
        }
    }
#endif
