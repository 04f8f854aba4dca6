import GRDB

/// `log.db`: this device's journal, everyone's segments, the control log, and what stands of the exchange with each remote. The only
/// file that cannot be made again.
public final class LogStore: Sendable {
    static let applicationID = 0x5359_4e4c
    public static let schemaVersion = 1

    let queue: DatabaseQueue
    private let pace = CheckpointPace()
    /// Of a store with a passphrase.
    private let cipher: StoreCipher?

    /// Opens the file, or creates it. Throws when it belongs to another program, is damaged, or is of a newer version.
    init(path: String, cipher: StoreCipher? = nil) throws {
        self.cipher = cipher
        queue = try DatabaseFile.open(path, applicationID: Self.applicationID, durability: .full) { db in
            try Self.create(db)
        }
        let version = try queue.read { db in try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 }
        guard version == Self.schemaVersion else {
            throw SyncError(
                .integrity, "This store was made by a newer version of sync.", safe: "It was not changed.",
                next: "Install the newer version.")
        }
    }

    static func create(_ db: Database) throws {
        try db.execute(sql: schema + LogTransaction.seenSchema + LogTransaction.copiesSchema + LogTransaction.redactionSchema)
        try db.execute(sql: "PRAGMA user_version = \(schemaVersion)")
    }

    /// One transaction, durable when it returns. The caller holds the store's lock.
    public func write<Result>(_ body: (LogTransaction) throws -> Result) throws -> Result {
        do {
            let result = try queue.write { db in try body(LogTransaction(db, cipher)) }
            try pace.checkpointIfLarge(queue)
            return result
        } catch let error as DatabaseError {
            throw DatabaseFile.damaged(queue.path, error)
        }
    }

    public func read<Result>(_ body: (LogTransaction) throws -> Result) throws -> Result {
        do {
            return try queue.look { db in try body(LogTransaction(db, cipher)) }
        } catch let error as DatabaseError {
            throw DatabaseFile.damaged(queue.path, error)
        }
    }

    /// Leaves little in the write-ahead log. The caller holds the store's lock.
    func settle() throws { try pace.settle(queue) }

    /// The caller holds the store's lock.
    public func checkpoint() throws { try DatabaseFile.checkpoint(queue) }

    /// What SQLite says of its own file; empty when all is well.
    public func problems() throws -> [String] {
        try queue.read { db in try String.fetchAll(db, sql: "PRAGMA quick_check").filter { $0 != "ok" } }
    }

    /// Moves what is in its write-ahead log into the file. Nothing else of this process has it open, and nothing may be done with it
    /// afterwards.
    func close() throws { try queue.close() }

    // MARK: Edition

    /// Which keys this log belongs to.
    func edition() throws -> Edition? { try read { try $0.edition() } }

    /// The same of a file that nobody has open; nil for one that cannot be read.
    static func edition(ofFileAt path: String) -> Edition? {
        guard isLog(path) else { return nil }
        var configuration = Configuration()
        configuration.readonly = true
        guard let queue = try? DatabaseQueue(path: path, configuration: configuration) else { return nil }
        defer { try? queue.close() }
        return try? queue.read { db in try LogTransaction(db, nil).edition() }
    }

    /// Whether a file says of itself that it is a log, without opening it.
    static func isLog(_ path: String) -> Bool { DatabaseFile.isMarked(path, applicationID) }

    public static var sqliteVersion: String {
        (try? DatabaseQueue().read { db in try String.fetchOne(db, sql: "SELECT sqlite_version()") }) ?? "unknown"
    }

    static let schema = """
        CREATE TABLE edition (mark BLOB NOT NULL);
        CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE author (no INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, device BLOB, salt BLOB, judged BLOB);
        CREATE TABLE change (
            no INTEGER PRIMARY KEY, author INTEGER NOT NULL, seq INTEGER NOT NULL, mark INTEGER NOT NULL,
            previous INTEGER NOT NULL, lamport INTEGER NOT NULL, wall INTEGER NOT NULL,
            segment INTEGER, position INTEGER, void INTEGER NOT NULL DEFAULT 0);
        CREATE UNIQUE INDEX change_name ON change (author, seq, mark);
        CREATE INDEX change_carrier ON change (segment);
        CREATE INDEX change_void ON change (author) WHERE void <> 0;
        CREATE TABLE journal (change INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE TABLE frontier (change INTEGER PRIMARY KEY);
        CREATE TABLE log (
            no INTEGER PRIMARY KEY, tag BLOB NOT NULL UNIQUE, key BLOB NOT NULL, epoch BLOB, device BLOB, author INTEGER,
            fork INTEGER);
        CREATE TABLE segment (
            no INTEGER PRIMARY KEY, log INTEGER NOT NULL, idx INTEGER NOT NULL, chain BLOB NOT NULL UNIQUE,
            previous BLOB NOT NULL, bytes BLOB NOT NULL, is_signed INTEGER NOT NULL, open INTEGER NOT NULL,
            is_head INTEGER NOT NULL DEFAULT 1);
        CREATE TABLE binding (open INTEGER PRIMARY KEY, epoch BLOB NOT NULL, device BLOB NOT NULL, author INTEGER NOT NULL);
        CREATE INDEX segment_place ON segment (log, idx);
        CREATE INDEX segment_head ON segment (log, idx) WHERE is_head;
        CREATE TABLE waiting (
            segment INTEGER NOT NULL, position INTEGER NOT NULL, author BLOB NOT NULL, seq INTEGER NOT NULL,
            mark INTEGER NOT NULL, missing_author BLOB NOT NULL, missing_seq INTEGER NOT NULL,
            missing_mark INTEGER NOT NULL, owned INTEGER NOT NULL, PRIMARY KEY (segment, position)) WITHOUT ROWID;
        CREATE INDEX waiting_for ON waiting (missing_author, missing_seq, missing_mark);
        CREATE TABLE refold (change INTEGER PRIMARY KEY);
        CREATE TABLE unread (segment INTEGER PRIMARY KEY);
        CREATE TABLE unsent (segment INTEGER PRIMARY KEY);
        CREATE TABLE twin (change INTEGER NOT NULL, segment INTEGER NOT NULL, position INTEGER NOT NULL,
            owned INTEGER NOT NULL, PRIMARY KEY (change, segment, position)) WITHOUT ROWID;
        CREATE TABLE control (
            no INTEGER PRIMARY KEY, name BLOB UNIQUE, sealed BLOB NOT NULL UNIQUE, record BLOB);
        CREATE TABLE control_at (remote TEXT NOT NULL, control INTEGER NOT NULL, PRIMARY KEY (remote, control)) WITHOUT ROWID;
        CREATE TABLE registration (
            remote TEXT NOT NULL, counter INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (remote, counter)) WITHOUT ROWID;
        CREATE TABLE remote (
            name TEXT PRIMARY KEY, url TEXT NOT NULL, token TEXT, control INTEGER NOT NULL DEFAULT 0,
            exchanged INTEGER, sent INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE TABLE head (tag BLOB PRIMARY KEY, idx INTEGER NOT NULL, chain BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE import (
            source TEXT NOT NULL, record BLOB NOT NULL, document BLOB NOT NULL, PRIMARY KEY (source, record)) WITHOUT ROWID;
        """
}
