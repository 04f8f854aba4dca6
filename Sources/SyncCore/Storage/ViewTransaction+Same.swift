import GRDB

/// Which records people said are one, and which they said are not.
extension ViewTransaction {
    public enum Relation: String, Sendable, CaseIterable {
        case same = "same_edge"
        case different = "different_edge"
    }

    /// Whether anybody ever said so of any records: almost always nobody did.
    public func hasAny(_ relation: Relation) throws -> Bool {
        try row("SELECT 1 FROM \(relation.rawValue) LIMIT 1") != nil
    }

    /// Replaces what a record says of others.
    public func set(_ relation: Relation, of record: RecordID, to others: [RecordID]) throws {
        try run("DELETE FROM \(relation.rawValue) WHERE record = ?", [Blob(record.bytes)])
        for other in others {
            try run(
                "INSERT OR IGNORE INTO \(relation.rawValue) (record, other) VALUES (?, ?)", [Blob(record.bytes), Blob(other.bytes)])
        }
    }

    /// The records that it names, and those that name it.
    public func others(_ relation: Relation, of record: RecordID) throws -> [RecordID] {
        try rows(
            "SELECT other FROM \(relation.rawValue) WHERE record = ? UNION SELECT record FROM \(relation.rawValue) WHERE other = ?",
            [Blob(record.bytes), Blob(record.bytes)]
        ).compactMap { RecordID($0.bytes(0)) }
    }

    /// The records that name an id between two bounds, which is not here itself.
    public func records(naming low: RecordID, to high: RecordID, limit: Int) throws -> [StoredRecord] {
        try rows(
            """
            SELECT DISTINCT \(Self.recordColumns) FROM same_edge e JOIN record r ON r.id = e.record
            WHERE e.other BETWEEN ? AND ? ORDER BY r.id LIMIT ?
            """, [Blob(low.bytes), Blob(high.bytes), limit]
        ).compactMap(record)
    }

    /// Every pair, the smaller id first, in order.
    public func pairs(_ relation: Relation) throws -> [(low: RecordID, high: RecordID)] {
        try rows(
            "SELECT DISTINCT min(record, other), max(record, other) FROM \(relation.rawValue) ORDER BY 1, 2"
        ).compactMap { row in
            guard let low = RecordID(row.bytes(0)), let high = RecordID(row.bytes(1)) else { return nil }
            return (low, high)
        }
    }

    /// The records that are shown as this one, in the order of ids.
    public func members(ofCanonical number: Int64) throws -> [StoredRecord] {
        try rows("SELECT \(Self.recordColumns) FROM record r WHERE canonical = ? ORDER BY id", [number]).compactMap(record)
    }

    /// The records under which others are shown.
    public func canonicalRecords() throws -> [StoredRecord] {
        try rows(
            "SELECT \(Self.recordColumns) FROM record r WHERE canonical = no ORDER BY id"
        ).compactMap(record)
    }

    public func setStanding(of record: Int64, _ standing: Standing, canonical: Int64?) throws {
        try run("UPDATE record SET visible = ?, canonical = ? WHERE no = ?", [standing.rawValue, canonical, record])
    }
}

extension ViewTransaction {
    /// Some columns of every row of a typed table. Names of the layout, never input.
    public func forEachRow(of table: String, _ columns: [String], _ body: (_ record: Int64, _ cells: [ViewCell]) throws -> Void) throws {
        let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
        let found = try Row.fetchCursor(try db.cachedStatement(sql: "SELECT record, \(names) FROM \(table) ORDER BY record"))
        while let row = try found.next() {
            let cells = (1...columns.count).map { place -> ViewCell in
                switch (row[place] as DatabaseValue).storage {
                case .null: .null
                case .int64(let number): .integer(number)
                case .double(let number): .real(number)
                case .string(let text): .text(text)
                case .blob(let data): .bytes(Array(data))
                }
            }
            try body(row[0], cells)
        }
    }
}

extension ViewCell {
    public var text: String? { if case .text(let text) = self { text } else { nil } }
    public var real: Double? { if case .real(let number) = self { number } else { nil } }
}
