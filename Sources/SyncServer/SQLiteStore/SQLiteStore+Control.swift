import GRDB
import SyncCore

extension SQLiteStore {
    func appendControl(_ sealed: [[UInt8]], to team: RelayTeam) async throws -> ControlReceipt {
        let hashed = sealed.map { (Digest.plain($0), $0) }
        // A team that is full can still put a device out.
        let limit = limits.bytesPerTeam &+ RelayLimits.controlBytesPastLimit
        let receipt: ControlReceipt = try await writer.write { db in
            var row = try TeamRow.require(team, in: db)
            var (stored, bytes) = (0, 0)
            let insert = try RawStatement(
                db, "INSERT OR IGNORE INTO control (place, team, hash, sealed) VALUES (?, ?, ?, ?)")
            for (hash, record) in hashed {
                insert.bind(1, Place.of(team: row.number, row.control + 1))
                insert.bind(2, row.number)
                insert.bind(3, hash.bytes)
                insert.bind(4, record)
                try insert.run()
                guard db.changesCount > 0 else { continue }
                row.control += 1
                stored += 1
                bytes += record.count
            }
            if stored > 0 {
                try row.save(in: db)
                try UsageRows.add(bytes, to: row.number, limit: limit, in: db)
            }
            return ControlReceipt(last: row.control, stored: stored)
        }
        if receipt.stored > 0 { news.announce(team.handle) }
        return receipt
    }

    func control(
        of team: RelayTeam, after position: Int64, through last: Int64, limit: Int
    ) async throws -> [ControlEntry] {
        try await pool.read { db in
            let row = try TeamRow.require(team, in: db)
            let query = try RawStatement(
                db, "SELECT place, sealed FROM control WHERE place > ? AND place <= ? ORDER BY place")
            query.bind(1, Place.of(team: row.number, min(max(position, 0), row.control)))
            query.bind(2, Place.of(team: row.number, min(last, row.control)))
            defer { query.reset() }
            var entries: [ControlEntry] = []
            var bytes = 0
            while bytes < limit, try query.step() {
                let entry = ControlEntry(position: Place.position(query.int(0)), sealed: query.blob(1))
                bytes += entry.sealed.count
                entries.append(entry)
            }
            return entries
        }
    }

    func control(tagged tag: MailboxID, limit: Int) async throws -> [[UInt8]] {
        try await pool.read { db in
            let query = try RawStatement(db, "SELECT sealed FROM control WHERE substr(sealed, 2, 16) = ? ORDER BY place")
            query.bind(1, tag.bytes)
            defer { query.reset() }
            var records: [[UInt8]] = []
            var bytes = 0
            while bytes < limit, try query.step() {
                records.append(query.blob(0))
                bytes += records[records.count - 1].count
            }
            return records
        }
    }
}
