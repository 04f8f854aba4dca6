#if PostgreSQL
    import SyncCore

    /// A team's row, read inside of the transaction that uses it.
    struct PostgreSQLTeam {
        let handle: TeamHandle
        var counter: UInt64
        var position: Position
        var control: Int64
        /// How many logs it has: the next one's number is one more.
        var logs: Int64
        /// Of its segments and control records.
        var bytes: Int64

        /// The row's key, which every statement names.
        var key: Argument { .bytes(handle.bytes) }

        /// Takes the row's lock, where the transaction writes: it is held to the commit, so that a team's positions are given and
        /// become visible in one order, and two writes of a team never wait for each other in a circle.
        static func fetch(
            _ handle: TeamHandle, locking: Bool = false, _ connection: PostgreSQLConnection
        ) throws -> PostgreSQLTeam? {
            let rows = try connection.run(
                "SELECT counter, position, digest, control, logs, bytes FROM team WHERE team = $1\(locking ? " FOR UPDATE" : "")",
                [.bytes(handle.bytes)])
            return try rows.first.map { row in
                PostgreSQLTeam(
                    handle: handle, counter: UInt64(bitPattern: try row.int(0)),
                    position: Position(number: try row.int(1), digest: try row.hash(2)), control: try row.int(3),
                    logs: try row.int(4), bytes: try row.int(5))
            }
        }

        /// Throws `UnknownTeam` when a newer registration has come since the caller was let in.
        static func require(
            _ team: RelayTeam, locking: Bool = false, _ connection: PostgreSQLConnection
        ) throws -> PostgreSQLTeam {
            guard let row = try fetch(team.handle, locking: locking, connection), row.counter == team.registration.counter else {
                throw UnknownTeam()
            }
            return row
        }

        func summary(withdrawn: Int64) -> TeamSummary {
            TeamSummary(registration: counter, control: control, position: position, withdrawn: withdrawn)
        }

        /// - Throws: `StoreFull.team` where more than `limit` would be there.
        mutating func add(_ bytes: Int, limit: Int64) throws {
            self.bytes += Int64(bytes)
            guard bytes <= 0 || self.bytes <= limit else { throw StoreFull.team }
        }

        /// Writes the counters back.
        func save(_ connection: PostgreSQLConnection) throws {
            try connection.run(
                "UPDATE team SET counter = $2, position = $3, digest = $4, control = $5, logs = $6, bytes = $7 WHERE team = $1",
                [
                    key, .int(Int64(bitPattern: counter)), .int(position.number), .bytes(position.digest.bytes), .int(control),
                    .int(logs), .int(bytes),
                ])
        }
    }
#endif
