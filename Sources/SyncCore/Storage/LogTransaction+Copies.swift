import GRDB

extension LogTransaction {
    // Signs that a device's store was copied, and what another incarnation of a device needs.

    static let copiesSchema = """

        CREATE TABLE copied (author INTEGER PRIMARY KEY, sign INTEGER NOT NULL, noticed INTEGER NOT NULL);
        """

    public struct StoredCopySign: Hashable, Sendable {
        public var author: Int64
        public var sign: CopySign.Kind
        /// By the clock here, in milliseconds since 1970: whoever has a copy cannot date it back.
        public var noticed: Int64

        public init(author: Int64, sign: CopySign.Kind, noticed: Int64) {
            self.author = author
            self.sign = sign
            self.noticed = noticed
        }
    }

    /// The stronger sign of an author is kept, as it was noticed last.
    public func note(_ sign: StoredCopySign) throws {
        try run(
            """
            INSERT INTO copied (author, sign, noticed) VALUES (?, ?, ?) ON CONFLICT (author)
            DO UPDATE SET sign = excluded.sign, noticed = excluded.noticed WHERE excluded.sign >= sign
            """, [sign.author, sign.sign.rawValue, sign.noticed])
    }

    public func copySigns(since time: Int64) throws -> [StoredCopySign] {
        try rows("SELECT author, sign, noticed FROM copied WHERE noticed >= ? ORDER BY author", [time]).compactMap { row in
            CopySign.Kind(rawValue: row[1]).map { StoredCopySign(author: row[0], sign: $0, noticed: row[2]) }
        }
    }

    /// Whether anything of this author was met in a log of its own.
    public func hasLog(author: Int64) throws -> Bool { try row("SELECT 1 FROM binding WHERE author = ? LIMIT 1", [author]) != nil }

    /// Whether a device has another author with a log.
    public func hasLog(device: DeviceID, beside author: Int64) throws -> Bool {
        try row("SELECT 1 FROM binding WHERE device = ? AND author <> ? LIMIT 1", [Blob(device.bytes), author]) != nil
    }

    /// Of the changes that a log may carry.
    public func greatestSeq(of author: Int64) throws -> UInt64? {
        try row("SELECT seq FROM change WHERE author = ? AND void <> 2 ORDER BY seq DESC LIMIT 1", [author])
            .map { UInt64(bitPattern: $0[0]) }
    }

    // MARK: Another incarnation

    public func salt(of author: AuthorID) throws -> [UInt8]? {
        try row("SELECT salt FROM author WHERE id = ?", [Blob(author.bytes)]).flatMap { $0.optionalBytes(0) }
    }

    public func firstInJournal(of author: Int64) throws -> StoredChange? {
        let number: Int64? = try row(
            "SELECT no FROM change WHERE author = ? AND no IN (SELECT change FROM journal) ORDER BY seq LIMIT 1", [author])?[0]
        return try number.flatMap(change)
    }

    /// Nothing was told to others yet.
    public func forgetToldHeads() throws { try run("DELETE FROM head") }

    /// The changes that lie in segments of one log that no remote was seen to have, in order; at most so many.
    public func unsentChanges(of log: Int64, limit: Int) throws -> [StoredChange] {
        try rows(
            """
            SELECT no FROM change WHERE segment IN
            (SELECT u.segment FROM unsent u JOIN segment s ON s.no = u.segment WHERE s.log = ?) ORDER BY no LIMIT ?
            """, [log, limit]
        ).compactMap { try change($0[0]) }
    }

    /// A change is this device's own to carry again: it goes back into the journal.
    public func takeBack(_ number: Int64, _ bytes: [UInt8]) throws {
        try run("UPDATE change SET segment = NULL, position = NULL WHERE no = ?", [number])
        try appendToJournal(number, bytes)
    }

    public func forgetUnsent(of log: Int64) throws {
        try run("DELETE FROM unsent WHERE segment IN (SELECT u.segment FROM unsent u CROSS JOIN segment s ON s.no = u.segment WHERE s.log = ?)", [log])
    }
}
