import GRDB

extension LogTransaction {
    // What is read in the place of a segment's body, where a redaction has taken values out of it.

    static let redactionSchema = """

        CREATE TABLE substitute (segment INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        """

    /// The changes of a segment as they are read from now on, in their order; nil where its body is.
    public func substitute(of segment: Int64) throws -> [Change]? {
        guard let row = try row("SELECT bytes FROM substitute WHERE segment = ?", [segment]) else { return nil }
        var reader = ByteReader(try open(row[0], .substitute, segment).bytes)
        var changes: [Change] = []
        for _ in 0..<(try reader.count(limit: Limits.changesPerSegment)) {
            changes.append(try Change(canonical: Array(try reader.counted(limit: Limits.changeBytes))))
        }
        return changes
    }

    public func setSubstitute(of segment: Int64, _ changes: [Change]) throws {
        var writer = ByteWriter(capacity: 4096)
        writer.count(changes.count)
        for change in changes { writer.counted(change.canonicalBytes) }
        try run("INSERT OR REPLACE INTO substitute (segment, bytes) VALUES (?, ?)", [segment, seal(Blob(writer.bytes), .substitute, segment)])
    }

    public func removeSubstitute(of segment: Int64) throws { try run("DELETE FROM substitute WHERE segment = ?", [segment]) }

    /// Those that have one.
    public func substituted() throws -> [Int64] { try rows("SELECT segment FROM substitute ORDER BY segment").map { $0[0] } }

    /// Takes a segment's body away; header and signature stay.
    public func dropBody(of segment: StoredSegment) throws {
        var bare = try Segment(segment.bytes)
        guard bare.body != nil else { return }
        bare.body = nil
        try run("UPDATE segment SET bytes = ? WHERE no = ?", [Blob(bare.bytes), segment.number])
    }

    /// Every segment that is known to carry a change of this name: as its carrier, as a twin's, or as that of one that waits.
    public func carriers(of name: ChangeName) throws -> [Int64] {
        guard let author = try authorNumber(name.author) else { return [] }
        let (seq, mark) = (Int64(bitPattern: name.seq), Int64(bitPattern: name.mark))
        return try rows(
            """
            SELECT segment FROM change WHERE author = ?1 AND seq = ?2 AND mark = ?3 AND segment IS NOT NULL
            UNION SELECT t.segment FROM twin t JOIN change c ON c.no = t.change WHERE c.author = ?1 AND c.seq = ?2 AND c.mark = ?3
            UNION SELECT segment FROM waiting WHERE author = ?4 AND seq = ?2 AND mark = ?3
            """, [author, seq, mark, Blob(name.author.bytes)]
        ).map { $0[0] }
    }
}
