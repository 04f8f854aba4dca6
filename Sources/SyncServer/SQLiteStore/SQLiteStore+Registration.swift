import GRDB
import SyncCore

extension SQLiteStore {
    func team(_ handle: TeamHandle) async throws -> RelayTeam? {
        try await pool.read { db in
            let row = try TeamRow.fetch(handle, in: db)
            // Asked for an unknown team, too: how long the answer takes says nothing.
            let query = try RawStatement(db, "SELECT bytes FROM registration WHERE team = ? AND counter = ?")
            query.bind(1, row?.number ?? -1)
            query.bind(2, Int64(bitPattern: row?.counter ?? 0))
            defer { query.reset() }
            let isFound = try query.step()
            guard row != nil else { return nil }
            guard isFound else { throw SyncError.damaged("The relay's file is damaged.") }
            return RelayTeam(handle: handle, registration: try Registration(checked: query.blob(0)))
        }
    }

    func registrations(of team: RelayTeam) async throws -> [Registration] {
        try await pool.read { db in
            try Self.chain(of: TeamRow.require(team, in: db).number, in: db)
        }
    }

    func register(
        _ offered: [Registration], as handle: TeamHandle, admitting: Admittance
    ) async throws -> RegistrationResult {
        let (now, limits) = (surroundings.now(), limits)
        if case .token(let hash) = admitting { try await takeLeft(hash) }
        let result: RegistrationResult = try await writer.write { db in
            let row = try TeamRow.fetch(handle, in: db)
            let stored = try row.map { try Self.chain(of: $0.number, in: db) } ?? []
            switch RegistrationOffer.judge(offered, stored: stored, handle: handle) {
            case .stranger: return .unknownTeam
            case .conflict: return .conflict(stored: stored)
            case .accepted(let fresh):
                if row == nil {
                    guard try Self.admits(admitting, now: now, in: db) else { return .notAdmitted }
                    guard try Self.countTeams(in: db) < limits.teams else { throw StoreFull.relay }
                }
                guard let newest = fresh.last ?? stored.last else { return .unknownTeam }
                guard Int64(exactly: newest.counter) != nil else { return .unknownTeam }
                try Self.append(fresh, to: row?.number ?? Self.begin(handle, in: db), in: db)
                return .stored(counter: newest.counter, isNewTeam: row == nil)
            }
        }
        if case .stored = result { news.announce(handle) }
        return result
    }

    private static func countTeams(in db: Database) throws -> Int64 {
        let query = try RawStatement(db, "SELECT count(*) FROM team")
        defer { query.reset() }
        return try query.step() ? query.int(0) : 0
    }

    private static func chain(of team: Int64, in db: Database) throws -> [Registration] {
        let query = try RawStatement(db, "SELECT bytes FROM registration WHERE team = ? ORDER BY counter")
        query.bind(1, team)
        defer { query.reset() }
        var chain: [Registration] = []
        while try query.step() { chain.append(try Registration(query.blob(0))) }
        return chain
    }

    private static func begin(_ handle: TeamHandle, in db: Database) throws -> Int64 {
        let insert = try RawStatement(
            db, "INSERT INTO team (handle, counter, position, digest, control) VALUES (?, 0, 0, ?, 0)")
        insert.bind(1, handle.bytes)
        insert.bind(2, Position.beginning.digest.bytes)
        try insert.run()
        guard db.lastInsertedRowID <= Place.teamLimit else { throw SyncError(.refused, "This relay has too many teams.") }
        return db.lastInsertedRowID
    }

    private static func append(_ fresh: [Registration], to team: Int64, in db: Database) throws {
        let insert = try RawStatement(db, "INSERT INTO registration (team, counter, bytes) VALUES (?, ?, ?)")
        for registration in fresh {
            insert.bind(1, team)
            insert.bind(2, Int64(bitPattern: registration.counter))
            insert.bind(3, registration.bytes)
            try insert.run()
        }
        guard let newest = fresh.last else { return }
        let update = try RawStatement(db, "UPDATE team SET counter = ? WHERE number = ?")
        update.bind(1, Int64(bitPattern: newest.counter))
        update.bind(2, team)
        try update.run()
    }
}
