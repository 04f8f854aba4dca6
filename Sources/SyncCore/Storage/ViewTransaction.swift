import GRDB

/// The view inside one open transaction.
public struct ViewTransaction {
    let db: Database
    let layout: ViewLayout

    init(_ db: Database, _ layout: ViewLayout) {
        self.db = db
        self.layout = layout
    }

    func run(_ sql: String, _ arguments: StatementArguments = []) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    func row(_ sql: String, _ arguments: StatementArguments = []) throws -> Row? {
        try Row.fetchOne(try db.cachedStatement(sql: sql), arguments: arguments)
    }

    func rows(_ sql: String, _ arguments: StatementArguments = []) throws -> [Row] {
        try Row.fetchAll(try db.cachedStatement(sql: sql), arguments: arguments)
    }

    // MARK: Position

    public func setting(_ key: String) throws -> [UInt8]? {
        try row("SELECT value FROM meta WHERE key = ?", [key])?.bytes(0)
    }

    public func set(_ key: String, _ value: [UInt8]) throws {
        try run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", [key, Blob(value)])
    }

    // MARK: Records

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

    func record(_ row: Row) -> StoredRecord? {
        RecordID(row.bytes(1)).map {
            StoredRecord(
                number: row[0], id: $0, kind: row[2], standing: Standing(rawValue: row[3]) ?? .hidden, state: row.bytes(4),
                canonical: row[5])
        }
    }

    public func record(_ id: RecordID) throws -> StoredRecord? {
        try row("SELECT \(Self.recordColumns) FROM record r WHERE id = ?", [Blob(id.bytes)]).flatMap(record)
    }

    public func record(number: Int64) throws -> StoredRecord? {
        try row("SELECT \(Self.recordColumns) FROM record r WHERE no = ?", [number]).flatMap(record)
    }

    public func recordID(number: Int64) throws -> RecordID? {
        try row("SELECT id FROM record WHERE no = ?", [number]).flatMap { RecordID($0.bytes(0)) }
    }

    /// A record without a state yet; its number.
    public func insertRecord(_ id: RecordID) throws -> Int64 {
        try run("INSERT INTO record (id, kind, visible, state) VALUES (?, 0, 0, x'')", [Blob(id.bytes)])
        return db.lastInsertedRowID
    }

    public func update(record number: Int64, kind: Int64, isVisible: Bool, state: [UInt8]) throws {
        try run(
            "UPDATE record SET kind = ?, visible = ?, state = ? WHERE no = ?", [kind, isVisible, Blob(state), number])
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

    // MARK: Which change touches which records

    public func setTouched(_ change: Int64, runs: [UInt8]) throws {
        try run("INSERT OR REPLACE INTO touched (change, runs) VALUES (?, ?)", [change, Blob(runs)])
    }

    public func touched(_ change: Int64) throws -> [UInt8]? {
        try row("SELECT runs FROM touched WHERE change = ?", [change])?.bytes(0)
    }

    // MARK: Typed tables

    private func values(_ cells: [ViewCell]) -> [DatabaseValue] {
        cells.map { cell in
            switch cell {
            case .null: .null
            case .integer(let number): number.databaseValue
            case .text(let text): text.databaseValue
            case .bytes(let bytes): Blob(bytes).databaseValue
            case .real(let number): number.databaseValue
            }
        }
    }

    /// Replaces what a record has in one of the tables.
    public func replace(record: Int64, in table: ViewLayout.Table, isNew: Bool, rows: [[ViewCell]]) throws {
        if !isNew { try run("DELETE FROM \(table.name) WHERE record = ?", [record]) }
        guard !rows.isEmpty else { return }
        let names = table.columns.map(\.name).joined(separator: ", ")
        let marks = String(repeating: ", ?", count: table.columns.count)
        let statement = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO \(table.name) (record, \(names)) VALUES (?\(marks))")
        for row in rows { try statement.execute(arguments: StatementArguments([record.databaseValue] + values(row))) }
    }

    // MARK: Lists

    public enum Comparison: String, Sendable {
        case equal = "="
        case atLeast = ">="
        case atMost = "<="
        case like = "LIKE"
    }

    public struct Filter: Sendable {
        public var column: String
        public var comparison: Comparison
        public var value: ViewCell

        public init(_ column: String, _ comparison: Comparison, _ value: ViewCell) {
            self.column = column
            self.comparison = comparison
            self.value = value
        }
    }

    /// The visible records of a main table. Columns are names of the layout, never input.
    public func list(
        _ table: String, filters: [Filter], orderBy column: String, descending: Bool, limit: Int
    ) throws -> [StoredRecord] {
        let conditions = filters.map { " AND t.\($0.column) \($0.comparison.rawValue) ?" }.joined()
        return try rows(
            """
            SELECT \(Self.recordColumns) FROM \(table) t CROSS JOIN record r ON r.no = t.record
            WHERE r.visible = 1\(conditions) ORDER BY t.\(column) \(descending ? "DESC" : "ASC"), r.id LIMIT ?
            """, StatementArguments(values(filters.map(\.value)) + [limit.databaseValue])
        ).compactMap(record)
    }

    // MARK: Conflicts

    /// A field that needs a person, or one item or entry in it.
    public typealias Place = (field: UInt32, key: UInt64?)

    public func setConflicts(record: Int64, _ places: [Place], isNew: Bool) throws {
        if !isNew { try run("DELETE FROM conflict WHERE record = ?", [record]) }
        for place in places {
            let key = place.key.map { word in withUnsafeBytes(of: word.bigEndian, Array.init) } ?? []
            try run(
                "INSERT OR REPLACE INTO conflict (record, field, key) VALUES (?, ?, ?)",
                [record, Int64(place.field), Blob(key)])
        }
    }

    /// In the order of ids; of one record where its number is given.
    public func conflicts(of record: Int64? = nil, limit: Int = .max) throws -> [(record: Int64, place: Place)] {
        try rows(
            """
            SELECT c.record, c.field, c.key FROM conflict c JOIN record r ON r.no = c.record
            \(record == nil ? "" : "WHERE c.record = ?") ORDER BY r.id, c.field, c.key LIMIT ?
            """, StatementArguments((record.map { [$0] } ?? []) + [Int64(limit)])
        ).map { row in
            let key = row.bytes(2)
            let word = key.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return (row[0], (UInt32(truncatingIfNeeded: row[1] as Int64), key.isEmpty ? nil : word))
        }
    }

    /// Records with a place that needs a person.
    public func conflictedRecords() throws -> [RecordID] {
        try rows("SELECT id FROM record WHERE no IN (SELECT record FROM conflict)").compactMap { RecordID($0.bytes(0)) }
    }

    /// How many records have one.
    public func conflictedRecordCount() throws -> Int { try row("SELECT count(DISTINCT record) FROM conflict")?[0] ?? 0 }

    public func conflictCount() throws -> Int { try row("SELECT count(*) FROM conflict")?[0] ?? 0 }

    // MARK: Records that wait to learn of a change they name

    public func await(_ name: ChangeName, record: Int64) throws {
        try run(
            "INSERT OR IGNORE INTO unseen_name (author, seq, mark, record) VALUES (?, ?, ?, ?)",
            [Blob(name.author.bytes), Int64(bitPattern: name.seq), Int64(bitPattern: name.mark), record])
    }

    public func awaiting(_ name: ChangeName) throws -> [Int64] {
        try rows(
            "SELECT record FROM unseen_name WHERE author = ? AND seq = ? AND mark = ?",
            [Blob(name.author.bytes), Int64(bitPattern: name.seq), Int64(bitPattern: name.mark)]
        ).map { $0[0] }
    }

    /// An operation of `change` finds its record through a write of `name`, which is not here, or has no record itself.
    public func awaitTarget(_ name: ChangeName, change: Int64) throws {
        try run(
            "INSERT OR IGNORE INTO unseen_target (author, seq, mark, change) VALUES (?, ?, ?, ?)",
            [Blob(name.author.bytes), Int64(bitPattern: name.seq), Int64(bitPattern: name.mark), change])
    }

    public func awaitingTarget(_ name: ChangeName) throws -> [Int64] {
        try rows(
            "SELECT change FROM unseen_target WHERE author = ? AND seq = ? AND mark = ? ORDER BY change",
            [Blob(name.author.bytes), Int64(bitPattern: name.seq), Int64(bitPattern: name.mark)]
        ).map { $0[0] }
    }

    // MARK: Search

    public func enqueueForSearch(_ record: Int64) throws {
        try run("INSERT OR IGNORE INTO search_queue (record) VALUES (?)", [record])
    }

    public func searchQueue(limit: Int) throws -> [Int64] {
        try rows("SELECT record FROM search_queue LIMIT ?", [limit]).map { $0[0] }
    }

    public func index(record: Int64, title: String, place: String, text: String) throws {
        try run("DELETE FROM search WHERE rowid = ?", [record])
        try run("INSERT INTO search (rowid, title, place, text) VALUES (?, ?, ?, ?)", [record, title, place, text])
        try run("DELETE FROM search_queue WHERE record = ?", [record])
    }

    public func unindex(record: Int64) throws {
        try run("DELETE FROM search WHERE rowid = ?", [record])
        try run("DELETE FROM search_queue WHERE record = ?", [record])
    }

    /// The records that have every word, or a word that begins so, best first.
    public func search(words: [String], limit: Int) throws -> [StoredRecord] {
        let query = words.map { "\"\($0.replacing("\"", with: "\"\""))\"*" }.joined(separator: " ")
        return try rows(
            """
            SELECT \(Self.recordColumns) FROM search s JOIN record r ON r.no = s.rowid
            WHERE search MATCH ? AND r.visible = 1 ORDER BY rank LIMIT ?
            """, [query, limit]
        ).compactMap(record)
    }
}

extension ViewTransaction {
    public func lastRecordNumber() throws -> Int64 { try row("SELECT max(no) FROM record")?[0] ?? 0 }

    /// Visible records of a kind that are newer here than the one with this number.
    public func count(kind: Int64, after number: Int64) throws -> Int {
        try row("SELECT count(*) FROM record WHERE no > ? AND kind = ? AND visible = 1", [number, kind])?[0] ?? 0
    }
}
