import GRDB

/// The places that need a person.
extension ViewTransaction {
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
}
