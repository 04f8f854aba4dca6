#if PostgreSQL
    import SyncCore

    extension PostgreSQLStore {
        func team(_ handle: TeamHandle) async throws -> RelayTeam? {
            try await pool.run(.plain) { connection in
                // Both look-ups also for an unknown team: how long the answer takes says nothing.
                let rows = try connection.run(
                    """
                    SELECT t.counter, (SELECT bytes FROM registration WHERE team = $1 AND counter = coalesce(t.counter, 0))
                    FROM (VALUES (0)) AS always LEFT JOIN team t ON t.team = $1
                    """, [.bytes(handle.bytes)])
                guard let row = rows.first, !row.isNull(0) else { return nil }
                guard !row.isNull(1) else { throw PostgreSQLRow.damaged }
                return RelayTeam(handle: handle, registration: try Registration(checked: row.bytes(1)))
            }
        }

        func registrations(of team: RelayTeam) async throws -> [Registration] {
            try await pool.run(.reading) { connection in
                try Self.chain(of: PostgreSQLTeam.require(team, connection).handle, connection)
            }
        }

        func register(
            _ offered: [Registration], as handle: TeamHandle, admitting: Admittance
        ) async throws -> RegistrationResult {
            let (now, limits) = (surroundings.now(), limits)
            return try await write(handle) { connection in
                let row = try PostgreSQLTeam.fetch(handle, locking: true, connection)
                let stored = try row.map { try Self.chain(of: $0.handle, connection) } ?? []
                switch RegistrationOffer.judge(offered, stored: stored, handle: handle) {
                case .stranger: return (.unknownTeam, nil)
                case .conflict: return (.conflict(stored: stored), nil)
                case .accepted(let fresh):
                    if row == nil {
                        guard try AdmissionTable.admits(admitting, now: now, connection) else { return (.notAdmitted, nil) }
                        guard try Self.countTeams(connection) < limits.teams else { throw StoreFull.relay }
                    }
                    guard let newest = fresh.last ?? stored.last, Int64(exactly: newest.counter) != nil else {
                        return (.unknownTeam, nil)
                    }
                    let result = RegistrationResult.stored(counter: newest.counter, isNewTeam: row == nil)
                    if fresh.isEmpty { return (result, nil) }
                    var team = try row ?? Self.begin(handle, connection)
                    team.counter = newest.counter
                    try Self.append(fresh, to: team, connection)
                    return (result, team)
                }
            }
        }

        /// Relays that begin teams at the same moment may go past the limit by as many.
        private static func countTeams(_ connection: PostgreSQLConnection) throws -> Int64 {
            try connection.run("SELECT count(*) FROM team")[0].int(0)
        }

        private static func chain(of handle: TeamHandle, _ connection: PostgreSQLConnection) throws -> [Registration] {
            try connection.run("SELECT bytes FROM registration WHERE team = $1 ORDER BY counter", [.bytes(handle.bytes)])
                .map { try Registration($0.bytes(0)) }
        }

        /// Where another relay begins the same team at the same moment, this one waits for it, and fails as a collision: it is done again.
        private static func begin(_ handle: TeamHandle, _ connection: PostgreSQLConnection) throws -> PostgreSQLTeam {
            let inserted = try connection.run(
                """
                INSERT INTO team (team, counter, position, digest, control, logs) VALUES ($1, 0, 0, $2, 0, 0)
                ON CONFLICT DO NOTHING
                """, [.bytes(handle.bytes), .bytes(Position.beginning.digest.bytes)])
            guard inserted.changed == 1 else { throw PostgreSQLFailure.collision }
            return PostgreSQLTeam(handle: handle, counter: 0, position: .beginning, control: 0, logs: 0, bytes: 0)
        }

        private static func append(_ fresh: [Registration], to team: PostgreSQLTeam, _ connection: PostgreSQLConnection) throws {
            try connection.run(
                "INSERT INTO registration (team, counter, bytes) SELECT $1::bytea, u.* FROM unnest($2::bigint[], $3::bytea[]) u",
                [team.key, .ints(fresh.map { Int64(bitPattern: $0.counter) }), .blobs(fresh.map(\.bytes))])
            try team.save(connection)
        }
    }
#endif
