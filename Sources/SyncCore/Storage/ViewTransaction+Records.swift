import GRDB

/// The records of the view, each with the state that the log makes of it.
extension ViewTransaction {
    public struct StoredRecord: Sendable {
        public var number: Int64
        public var id: RecordID
        public var kind: Int64
        public var standing: Standing
        public var state: [UInt8]
        /// Of one of several records that are one, the number of the one that lists show.
        public var canonical: Int64?

        /// Whether it is there, be it by itself or as part of another.
        public var isVisible: Bool { standing != .hidden }
    }

    /// Whether and under which id lists show a record.
    public enum Standing: Int64, Sendable {
        case hidden = 0
        case shown = 1
        /// It is there, and lists show it under another one's id.
        case part = 2
    }

    static let recordColumns = "r.no, r.id, r.kind, r.visible, r.state, r.canonical"
    private static let byID = "SELECT \(recordColumns) FROM record r WHERE id = ?"
    private static let byNumber = "SELECT \(recordColumns) FROM record r WHERE no = ?"

    func record(_ row: Row) -> StoredRecord? {
        RecordID(row.bytes(1)).map {
            StoredRecord(
                number: row[0], id: $0, kind: row[2], standing: Standing(rawValue: row[3]) ?? .hidden, state: row.bytes(4),
                canonical: row[5])
        }
    }

    public func record(_ id: RecordID) throws -> StoredRecord? {
        let query = try raw(Self.byID)
        query.bind(1, id)
        return try record(query)
    }

    public func recordNumber(_ id: RecordID) throws -> Int64? {
        let query = try raw("SELECT no FROM record WHERE id = ?")
        defer { query.reset() }
        query.bind(1, id)
        return try query.step() ? query.int(0) : nil
    }

    public func record(number: Int64) throws -> StoredRecord? {
        let query = try raw(Self.byNumber)
        query.bind(1, number)
        return try record(query)
    }

    private func record(_ query: RawStatement) throws -> StoredRecord? {
        defer { query.reset() }
        guard try query.step(), let id = query.withBlob(1, { RecordID($0) }) else { return nil }
        return StoredRecord(
            number: query.int(0), id: id, kind: query.int(2), standing: Standing(rawValue: query.int(3)) ?? .hidden, state: query.blob(4),
            canonical: query.isNull(5) ? nil : query.int(5))
    }

    public func recordID(number: Int64) throws -> RecordID? {
        try row("SELECT id FROM record WHERE no = ?", [number]).flatMap { RecordID($0.bytes(0)) }
    }

    /// A new record, alone, under the number after the last.
    public func insert(record number: Int64, id: RecordID, kind: Int64, isVisible: Bool, state: [UInt8]) throws {
        let insert = try raw("INSERT INTO record (no, id, kind, visible, state) VALUES (?, ?, ?, ?, ?)")
        insert.bind(1, number)
        insert.bind(2, id)
        insert.bind(3, kind)
        insert.bind(4, isVisible)
        insert.bind(5, state)
        try insert.run()
    }

    public func update(record number: Int64, kind: Int64, isVisible: Bool, state: [UInt8]) throws {
        let update = try raw("UPDATE record SET kind = ?, visible = ?, state = ? WHERE no = ?")
        update.bind(1, kind)
        update.bind(2, isVisible)
        update.bind(3, state)
        update.bind(4, number)
        try update.run()
    }

    /// Ids whose bytes stand between two bounds, both included: those that begin with a prefix.
    public func records(from low: RecordID, to high: RecordID, limit: Int) throws -> [StoredRecord] {
        try rows(
            "SELECT \(Self.recordColumns) FROM record r WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?",
            [Blob(low.bytes), Blob(high.bytes), limit]
        ).compactMap(record)
    }

    /// The ids next to this one in the order of bytes.
    public func neighbours(of id: RecordID) throws -> [RecordID] {
        let before = try row("SELECT id FROM record WHERE id < ? ORDER BY id DESC LIMIT 1", [Blob(id.bytes)])
        let after = try row("SELECT id FROM record WHERE id > ? ORDER BY id LIMIT 1", [Blob(id.bytes)])
        return [before, after].compactMap { $0.flatMap { RecordID($0.bytes(0)) } }
    }

    /// All of one kind in the order of their ids, in pages.
    public func records(kind: Int64, after id: RecordID?, limit: Int) throws -> [StoredRecord] {
        try rows(
            """
            SELECT \(Self.recordColumns) FROM record r WHERE id > ? AND kind = ? AND visible = 1 ORDER BY id LIMIT ?
            """, [Blob(id?.bytes ?? []), kind, limit]
        ).compactMap(record)
    }

    /// How many visible records a main table has: it holds no others, and its smallest index is all that is read.
    public func count(_ table: String) throws -> Int { try row("SELECT count(*) FROM \(table)")?[0] ?? 0 }

    public func lastRecordNumber() throws -> Int64 { try row("SELECT max(no) FROM record")?[0] ?? 0 }

    /// Visible records of a kind that are newer here than the one with this number.
    public func count(kind: Int64, after number: Int64) throws -> Int {
        try row("SELECT count(*) FROM record WHERE no > ? AND kind = ? AND visible = 1", [number, kind])?[0] ?? 0
    }
}
