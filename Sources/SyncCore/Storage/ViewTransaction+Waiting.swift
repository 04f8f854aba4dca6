import GRDB

/// Records that wait to learn of a change they name.
extension ViewTransaction {
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
}
