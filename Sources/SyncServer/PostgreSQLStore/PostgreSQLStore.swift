#if PostgreSQL
    import SyncCore

    /// A relay's store in PostgreSQL. It keeps nothing of its own: any number of relays use one database at once.
    ///
    /// A write takes its team's row lock first and holds it to the commit. So a reader who sees a position sees all before it, and a team's
    /// positions have no gaps, whichever relay gave them. Writes are durable when they return.
    final class PostgreSQLStore: RelayStore {
        /// As many transactions of one relay run at once. PostgreSQL has a process for each connection, of all relays together.
        static let connections = 12

        let pool: PostgreSQLPool
        let news = TeamNews()
        let surroundings: Surroundings
        let limits: StoreLimits
        let listener: NewsListener

        private init(
            _ address: PostgreSQLAddress, connections: Int, surroundings: Surroundings, limits: StoreLimits
        ) throws {
            pool = PostgreSQLPool(address, connections: connections)
            listener = try NewsListener(address, news, surroundings)
            self.surroundings = surroundings
            self.limits = limits
        }

        /// Connects, and makes the tables or brings them up to this version.
        static func open(
            _ address: PostgreSQLAddress, connections: Int = connections, surroundings: Surroundings = .system,
            limits: StoreLimits = .standard
        ) async throws -> PostgreSQLStore {
            let store = try PostgreSQLStore(address, connections: connections, surroundings: surroundings, limits: limits)
            do {
                try await store.pool.run(.writing) { try PostgreSQLSchema.upgrade($0) }
                try await store.listener.start()
                return store
            } catch let failure as PostgreSQLFailure {
                await store.pool.close()
                throw SyncError(
                    .failure, "The relay cannot use its database (\(address.description)): \(failure.message)",
                    safe: "Nothing was changed.",
                    next: "Check that it runs, and that user, password and database are right.")
            } catch {
                await store.pool.close()
                throw error
            }
        }

        /// A write that others are told of where `body` says so. Where it is not known whether it is there, those at this relay are told
        /// that it may be; those at others hear of it if it is.
        func write<Value: Sendable>(
            _ team: TeamHandle, _ body: @escaping @Sendable (PostgreSQLConnection) throws -> (value: Value, told: PostgreSQLTeam?)
        ) async throws -> Value {
            do {
                let (value, isNews) = try await pool.run(.writing) { [listener] connection in
                    let (value, team) = try body(connection)
                    if let team { try listener.tell(team, connection) }
                    return (value, team != nil)
                }
                if isNews { news.announce(team) }
                return value
            } catch let failure as PostgreSQLFailure where failure.isConnectionLost {
                news.announce(team)
                throw failure
            }
        }

        /// Runs to its end also in a cancelled task, which is how a relay is stopped.
        func close() async throws {
            await pool.close()
            await listener.stop()
            news.close()
        }
    }
#endif
