import GRDB

/// The full-text index, which is brought up to date when somebody searches.
extension ViewTransaction {
    /// The last record that was looked at: those after it are new, and wait without an entry in the queue.
    private static let level = "indexed"

    /// A record that may be known to the search already.
    public func enqueueForSearch(_ record: Int64) throws {
        let insert = try raw("INSERT OR IGNORE INTO search_queue (record) VALUES (?)")
        insert.bind(1, record)
        try insert.run()
    }

    /// Records that the search does not know as they are, at most so many; new ones last. They are to be told of to `index` or `unindex`,
    /// and the last of them to `noteIndexed`.
    public func searchQueue(limit: Int) throws -> [Int64] {
        let level = try indexedLevel()
        let changed: [Int64] = try rows("SELECT record FROM search_queue WHERE record <= ? LIMIT ?", [level, limit]).map { $0[0] }
        return changed + (try rows("SELECT no FROM record WHERE no > ? ORDER BY no LIMIT ?", [level, limit - changed.count]).map { $0[0] })
    }

    /// What came from `searchQueue` is in the index.
    public func noteIndexed(_ queue: [Int64]) throws {
        guard let last = queue.last, try last > indexedLevel() else { return }
        var writer = ByteWriter()
        writer.zig(last)
        try set(Self.level, writer.bytes)
    }

    private func indexedLevel() throws -> Int64 {
        guard let bytes = try setting(Self.level) else { return 0 }
        var reader = ByteReader(bytes)
        return try reader.zig()
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
