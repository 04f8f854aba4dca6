import GRDB
import SyncCore

/// A team's row, read inside the transaction that uses it.
struct TeamRow {
    var number: Int64
    var counter: UInt64
    var position: Position
    var control: Int64

    static func fetch(_ handle: TeamHandle, in db: Database) throws -> TeamRow? {
        let query = try RawStatement(db, "SELECT number, counter, position, digest, control FROM team WHERE handle = ?")
        query.bind(1, handle.bytes)
        guard try query.step() else { return nil }
        defer { query.reset() }
        return TeamRow(
            number: query.int(0), counter: UInt64(bitPattern: query.int(1)),
            position: Position(number: query.int(2), digest: try query.hash(3)), control: query.int(4))
    }

    /// Throws `UnknownTeam` when a newer registration has come since the caller was let in.
    static func require(_ team: RelayTeam, in db: Database) throws -> TeamRow {
        guard let row = try fetch(team.handle, in: db), row.counter == team.registration.counter else {
            throw UnknownTeam()
        }
        return row
    }

    func summary(withdrawn: Int64) -> TeamSummary {
        TeamSummary(registration: counter, control: control, position: position, withdrawn: withdrawn)
    }

    /// Writes the counters back.
    func save(in db: Database) throws {
        let update = try RawStatement(db, "UPDATE team SET position = ?, digest = ?, control = ? WHERE number = ?")
        update.bind(1, position.number)
        update.bind(2, position.digest.bytes)
        update.bind(3, control)
        update.bind(4, number)
        try update.run()
    }
}
