import GRDB

/// The tables of `relay.db`.
///
/// A *place* is a team's number and a position in one integer, so that a team's arrivals lie in order in the table itself. A
/// segment's `digest` is there when it ends signed: only such a place can end a frame.
enum RelaySchema {
    static let applicationID: Int32 = 0x5379_5231
    static let version: Int32 = 5

    static let statements = first + requests + tags + withdrawals + limits

    private static let first = [
        """
        CREATE TABLE team (
            number INTEGER PRIMARY KEY, handle BLOB NOT NULL UNIQUE, counter INTEGER NOT NULL,
            position INTEGER NOT NULL, digest BLOB NOT NULL, control INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE registration (
            team INTEGER NOT NULL, counter INTEGER NOT NULL, bytes BLOB NOT NULL,
            PRIMARY KEY (team, counter)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE TABLE control (place INTEGER PRIMARY KEY, team INTEGER NOT NULL, hash BLOB NOT NULL, sealed BLOB NOT NULL) STRICT",
        "CREATE UNIQUE INDEX control_hash ON control (team, hash)",
        """
        CREATE TABLE log (
            number INTEGER PRIMARY KEY, team INTEGER NOT NULL, tag BLOB NOT NULL, key BLOB NOT NULL,
            UNIQUE (team, tag)
        ) STRICT
        """,
        """
        CREATE TABLE head (log INTEGER NOT NULL, idx INTEGER NOT NULL, chain BLOB NOT NULL, PRIMARY KEY (log, idx, chain))
            STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE segment (
            place INTEGER PRIMARY KEY, log INTEGER NOT NULL, idx INTEGER NOT NULL, chain BLOB NOT NULL,
            previous BLOB NOT NULL, digest BLOB, bytes BLOB NOT NULL
        ) STRICT
        """,
        "CREATE UNIQUE INDEX segment_chain ON segment (log, idx, chain)",
        "CREATE TABLE mailbox (id BLOB PRIMARY KEY, team INTEGER NOT NULL, expires INTEGER NOT NULL, box BLOB NOT NULL) STRICT",
        "CREATE INDEX mailbox_expires ON mailbox (expires)",
    ]

    /// Since version 2: mailboxes that take requests, and what was asked.
    private static let requests = [
        "CREATE TABLE asking (box BLOB PRIMARY KEY, places INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE request (number INTEGER PRIMARY KEY, box BLOB NOT NULL, bytes BLOB NOT NULL) STRICT",
        "CREATE INDEX request_box ON request (box)",
    ]

    /// Since version 3: records are found by what they are sealed under.
    private static let tags = ["CREATE INDEX control_tag ON control (substr(sealed, 2, 16))"]

    /// Since version 4: segments whose bodies are not to be kept, whether they are here or not.
    private static let withdrawals = [
        "CREATE TABLE withdrawn (team INTEGER NOT NULL, chain BLOB NOT NULL, PRIMARY KEY (team, chain)) STRICT, WITHOUT ROWID"
    ]

    /// Since version 5: how much each team has, and who may begin one.
    private static let limits = [
        "CREATE TABLE usage (team INTEGER PRIMARY KEY, bytes INTEGER NOT NULL) STRICT",
        "CREATE TABLE admission (hash BLOB PRIMARY KEY, uses INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    ]

    /// What files of an earlier version have, read through once.
    private static let measuring = """
        INSERT INTO usage (team, bytes) SELECT team, sum(size) FROM (
            SELECT place >> 40 AS team, length(bytes) AS size FROM segment
            UNION ALL SELECT team, length(sealed) FROM control
        ) GROUP BY team
        """

    static func create(in db: Database) throws {
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(version)")
        for statement in statements { try db.execute(sql: statement) }
    }

    /// Brings a file of an earlier version up to this one. Nothing that is in it is rewritten.
    static func upgrade(_ db: Database) throws {
        guard let found = try Int32.fetchOne(db, sql: "PRAGMA user_version"), found < version else { return }
        try db.inTransaction {
            for statement in (found < 2 ? requests : []) + (found < 3 ? tags : []) + (found < 4 ? withdrawals : []) + limits + [measuring] { try db.execute(sql: statement) }
            try db.execute(sql: "PRAGMA user_version = \(version)")
            return .commit
        }
    }

    /// Whether the tables are exactly these.
    static func isWhole(in db: Database) throws -> Bool {
        let found = try String.fetchAll(db, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY sql")
        return found.map { Array($0.utf8) } == statements.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    }
}

/// A team's number and a position, in one integer that sorts by both.
enum Place {
    private static let bits: Int64 = 40

    static func of(team: Int64, _ position: Int64) -> Int64 { team << bits | position }
    static func position(_ place: Int64) -> Int64 { place & (1 << bits - 1) }

    /// The greatest position and the greatest number of a team.
    static let positionLimit: Int64 = 1 << bits - 1
    static let teamLimit: Int64 = 1 << (63 - bits) - 1
}
