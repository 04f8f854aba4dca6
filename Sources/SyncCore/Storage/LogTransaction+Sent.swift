import GRDB

extension LogTransaction {
    // What this device sealed and no remote was seen to have. A segment is noted here when it is sealed, and struck off when a
    // remote has said that it holds it.

    public func noteUnsent(_ segment: Int64) throws { try run("INSERT OR IGNORE INTO unsent (segment) VALUES (?)", [segment]) }

    /// A remote holds this log up to `index`.
    public func noteSent(log: Int64, upTo index: UInt64) throws {
        try run(
            """
            DELETE FROM unsent WHERE segment IN (
                SELECT u.segment FROM unsent u CROSS JOIN segment s ON s.no = u.segment WHERE s.log = ? AND s.idx <= ?)
            """,
            [log, Int64(bitPattern: index)])
    }

    public func sealedUnsentCount() throws -> Int {
        try row("SELECT count(*) FROM change WHERE segment IN (SELECT segment FROM unsent)")?[0] ?? 0
    }

    public func hasUnsent() throws -> Bool { try row("SELECT 1 FROM unsent LIMIT 1") != nil }

    public func isSent(_ change: StoredChange) throws -> Bool {
        guard let carrier = change.carrier else { return false }
        return try row("SELECT 1 FROM unsent WHERE segment = ?", [carrier.segment]) == nil
    }
}
