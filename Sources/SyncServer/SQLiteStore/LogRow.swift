import GRDB
import SyncCore

/// What is kept once for each log of a team.
struct LogRow {
    var number: Int64
    var publicKey: Hash32

    static func fetch(_ tag: LogTag, of team: Int64, in db: Database) throws -> LogRow? {
        let query = try RawStatement(db, "SELECT number, key FROM log WHERE team = ? AND tag = ?")
        query.bind(1, team)
        query.bind(2, tag.bytes)
        defer { query.reset() }
        return try query.step() ? LogRow(number: query.int(0), publicKey: try query.hash(1)) : nil
    }

    static func insert(_ tag: LogTag, key: Hash32, of team: Int64, in db: Database) throws -> Int64 {
        let insert = try RawStatement(db, "INSERT INTO log (team, tag, key) VALUES (?, ?, ?)")
        insert.bind(1, team)
        insert.bind(2, tag.bytes)
        insert.bind(3, key.bytes)
        try insert.run()
        return db.lastInsertedRowID
    }
}

/// The ends of a log's branches: the segments that nothing follows yet.
enum HeadRows {
    static func fetch(_ log: Int64, in db: Database) throws -> [Head] {
        let query = try RawStatement(db, "SELECT idx, chain FROM head WHERE log = ? ORDER BY idx, chain")
        query.bind(1, log)
        defer { query.reset() }
        var heads: [Head] = []
        while try query.step() { heads.append(Head(index: UInt64(bitPattern: query.int(0)), chain: try query.hash(1))) }
        return heads
    }

    static func count(_ log: Int64, in db: Database) throws -> Int {
        let query = try RawStatement(db, "SELECT count(*) FROM head WHERE log = ?")
        query.bind(1, log)
        defer { query.reset() }
        return try query.step() ? Int(query.int(0)) : 0
    }

    static func insert(_ chain: Hash32, at index: UInt64, of log: Int64, in db: Database) throws {
        try run("INSERT INTO head (log, idx, chain) VALUES (?, ?, ?)", chain, index, log, db)
    }

    /// Whether it was one: if not, what follows it is a new branch.
    static func remove(_ chain: Hash32, at index: UInt64, of log: Int64, in db: Database) throws -> Bool {
        try run("DELETE FROM head WHERE log = ? AND idx = ? AND chain = ?", chain, index, log, db)
        return db.changesCount > 0
    }

    private static func run(_ sql: String, _ chain: Hash32, _ index: UInt64, _ log: Int64, _ db: Database) throws {
        let statement = try RawStatement(db, sql)
        statement.bind(1, log)
        statement.bind(2, Int64(clamping: index))
        statement.bind(3, chain.bytes)
        try statement.run()
    }
}
