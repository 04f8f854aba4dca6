import GRDB

extension LogTransaction {
    // What other devices were seen to have: the heads in their segments and bundles, of each author and log the furthest. Names and
    // chain values by their first half or quarter, which is what segments hold. `missing` tells those that are not here.

    static let seenSchema = """

        CREATE TABLE seen (
            author INTEGER NOT NULL, tag INTEGER NOT NULL, idx INTEGER NOT NULL, chain INTEGER NOT NULL,
            missing INTEGER NOT NULL, PRIMARY KEY (author, tag)) WITHOUT ROWID;
        CREATE INDEX seen_missing ON seen (missing) WHERE missing = 1;
        """

    /// A head as it is told in a segment.
    public struct SeenHead: Hashable, Sendable {
        public var author: Int64
        public var tagPrefix: UInt64
        public var index: UInt64
        public var chainPrefix: UInt64

        public init(author: Int64, tagPrefix: UInt64, index: UInt64, chainPrefix: UInt64) {
            self.author = author
            self.tagPrefix = tagPrefix
            self.index = index
            self.chainPrefix = chainPrefix
        }
    }

    /// Keeps what an author was seen to have of one log, unless it was seen to have more.
    public func note(_ head: SeenHead, isMissing: Bool) throws {
        try run(
            """
            INSERT INTO seen (author, tag, idx, chain, missing) VALUES (?, ?, ?, ?, ?) ON CONFLICT (author, tag)
            DO UPDATE SET idx = excluded.idx, chain = excluded.chain, missing = excluded.missing WHERE excluded.idx >= idx
            """,
            [
                head.author, Int64(bitPattern: head.tagPrefix), Int64(bitPattern: head.index),
                Int64(bitPattern: head.chainPrefix), isMissing,
            ])
    }

    private func seen(_ row: Row) -> SeenHead {
        SeenHead(
            author: row[0], tagPrefix: UInt64(bitPattern: row[1]), index: UInt64(bitPattern: row[2]),
            chainPrefix: UInt64(bitPattern: row[3]))
    }

    public func seen(by author: Int64) throws -> [SeenHead] {
        try rows("SELECT author, tag, idx, chain FROM seen WHERE author = ? ORDER BY tag", [author]).map(seen)
    }

    /// Those that were not here when they were noted, or when they were looked for last.
    public func seenElsewhere() throws -> [SeenHead] {
        try rows("SELECT author, tag, idx, chain FROM seen WHERE missing = 1 ORDER BY tag, author").map(seen)
    }

    public func setFound(_ head: SeenHead) throws {
        try run("UPDATE seen SET missing = 0 WHERE author = ? AND tag = ?", [head.author, Int64(bitPattern: head.tagPrefix)])
    }

    /// The log whose name begins so: by the first half of it, which no two share but by design.
    public func log(prefix: UInt64) throws -> StoredLog? {
        let bytes = withUnsafeBytes(of: prefix.bigEndian, Array.init)
        return try row(
            "SELECT no, tag, key, epoch, device, author FROM log WHERE tag BETWEEN ? AND ? LIMIT 1",
            [Blob(bytes), Blob(bytes + [UInt8](repeating: 0xff, count: 8))]
        ).flatMap(storedLog)
    }

    /// The author of a device that was met here last: its incarnation of today, as far as is known.
    public func newestAuthor(of device: DeviceID) throws -> Int64? {
        try row("SELECT max(no) FROM author WHERE device = ?", [Blob(device.bytes)])?[0]
    }
}
