import GRDB
import SyncCore

extension SQLiteStore {
    func logs(_ ranges: [LogRange], of team: RelayTeam) async throws -> [LogTag: StoredLog] {
        try await pool.read { db in
            let row = try TeamRow.require(team, in: db)
            let chains = try RawStatement(
                db, "SELECT idx, chain FROM segment WHERE log = ? AND idx BETWEEN ? AND ? ORDER BY idx, chain")
            var found: [LogTag: StoredLog] = [:]
            for range in ranges {
                guard let log = try LogRow.fetch(range.tag, of: row.number, in: db) else { continue }
                chains.bind(1, log.number)
                chains.bind(2, Int64(clamping: range.first))
                chains.bind(3, Int64(clamping: range.last))
                while try chains.step() {
                    let chain = try chains.hash(1)
                    let index = UInt64(bitPattern: chains.int(0))
                    if found[range.tag]?.chains[index]?.contains(chain) == true { continue }
                    found[range.tag, default: StoredLog(publicKey: log.publicKey, chains: [:])]
                        .chains[index, default: []].append(chain)
                }
                chains.reset()
                if found[range.tag] == nil { found[range.tag] = StoredLog(publicKey: log.publicKey, chains: [:]) }
            }
            return found
        }
    }

    func append(
        _ runs: [VerifiedRun], touching tags: Set<LogTag>, to team: RelayTeam
    ) async throws -> AppendReceipt {
        let limits = limits
        let receipt: AppendReceipt = try await writer.write { db in
            var row = try TeamRow.require(team, in: db)
            var receipt = AppendReceipt()
            let before = row.position
            for run in runs { try Self.append(run, to: &row, &receipt, in: db) }
            if row.position != before {
                try row.save(in: db)
                try UsageRows.add(receipt.bytes, to: row.number, limit: limits.bytesPerTeam, in: db)
            }
            receipt.position = row.position
            for tag in tags {
                guard let log = try LogRow.fetch(tag, of: row.number, in: db) else { continue }
                receipt.heads[tag] = try HeadRows.fetch(log.number, in: db)
            }
            return receipt
        }
        if receipt.stored > 0 { news.announce(team.handle) }
        return receipt
    }

    private static func append(
        _ run: VerifiedRun, to row: inout TeamRow, _ receipt: inout AppendReceipt, in db: Database
    ) throws {
        let log = try LogRow.fetch(run.tag, of: row.number, in: db)
        let known = try log.map { try countKnown(run, in: $0.number, db) } ?? 0
        receipt.known += known
        let index = run.first + UInt64(known)
        func refuse(_ reason: Refusal.Reason, after stored: Int = 0) {
            receipt.refused.append(Refusal(tag: run.tag, index: index + UInt64(stored), reason: reason))
        }
        let fresh = try kept(run.segments[known...], of: row.number, in: db)
        if fresh.count < run.segments.count - known { refuse(.body, after: fresh.count) }
        guard let last = fresh.last else { return }
        let previous = known > 0 ? run.segments[known - 1].chain : run.previous
        // Inside a run the predecessor was just seen; before it, or before the first, it must be there.
        if index > 0, known == 0 {
            guard let log, try holds(previous, at: index - 1, log: log.number, db) else { return refuse(.predecessor) }
        }
        let number = try log?.number ?? LogRow.insert(run.tag, key: run.publicKey, of: row.number, in: db)
        if try index == 0 || !HeadRows.remove(previous, at: index - 1, of: number, in: db) {
            guard try HeadRows.count(number, in: db) < Limits.branchesPerLog else { return refuse(.branches) }
        }
        try insert(fresh[...], from: index, after: previous, log: number, to: &row, in: db)
        try HeadRows.insert(last.chain, at: index + UInt64(fresh.count) - 1, of: number, in: db)
        receipt.stored += fresh.count
        receipt.bytes += fresh.reduce(0) { $0 + $1.bytes.count }
    }

    /// The segments as they are kept: without the bodies that were withdrawn. Where one lacks a body that was not, they end before it,
    /// signed.
    private static func kept(_ segments: ArraySlice<VerifiedSegment>, of team: Int64, in db: Database) throws -> [VerifiedSegment] {
        var kept: [VerifiedSegment] = []
        for segment in segments {
            let isWithdrawn = try WithdrawnRows.contains(segment.chain, of: team, in: db)
            guard let bare = segment.withoutBody(isWithdrawn) else {
                return Array(kept.prefix((kept.lastIndex(where: \.isSigned) ?? -1) + 1))
            }
            kept.append(bare)
        }
        return kept
    }

    private static func countKnown(_ run: VerifiedRun, in log: Int64, _ db: Database) throws -> Int {
        var known = 0
        while known < run.segments.count,
            try holds(run.segments[known].chain, at: run.first + UInt64(known), log: log, db) { known += 1 }
        return known
    }

    private static func holds(_ chain: Hash32, at index: UInt64, log: Int64, _ db: Database) throws -> Bool {
        let query = try RawStatement(db, "SELECT 1 FROM segment WHERE log = ? AND idx = ? AND chain = ?")
        query.bind(1, log)
        query.bind(2, Int64(clamping: index))
        query.bind(3, chain.bytes)
        defer { query.reset() }
        return try query.step()
    }

    private static func insert(
        _ segments: ArraySlice<VerifiedSegment>, from first: UInt64, after previous: Hash32, log: Int64, to row: inout TeamRow,
        in db: Database
    ) throws {
        let insert = try RawStatement(
            db,
            """
            INSERT INTO segment (place, log, idx, chain, previous, digest, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        var previous = previous
        var index = Int64(clamping: first)
        for segment in segments {
            row.position = row.position.following(segment.chain)
            guard row.position.number <= Place.positionLimit else { throw SyncError(.refused, "This team's log is full.") }
            insert.bind(1, Place.of(team: row.number, row.position.number))
            insert.bind(2, log)
            insert.bind(3, index)
            insert.bind(4, segment.chain.bytes)
            insert.bind(5, previous.bytes)
            if segment.isSigned { insert.bind(6, row.position.digest.bytes) } else { insert.bindNull(6) }
            insert.bind(7, segment.bytes)
            try insert.run()
            previous = segment.chain
            index += 1
        }
    }
}
