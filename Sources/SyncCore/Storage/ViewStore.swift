import GRDB

/// `view.db`: what the log amounts to, in tables that anyone can query. Disposable: made again from the log at any time.
public final class ViewStore: Sendable {
    static let applicationID = 0x5359_4e56

    let queue: DatabaseQueue
    private let pace = CheckpointPace()
    let layout: ViewLayout

    /// Opens the file, or creates it. A file that is damaged or was made by another version throws `ViewStore.Outdated`: delete it and
    /// open again.
    public init(path: String, layout: ViewLayout, version: Int) throws {
        self.layout = layout
        let schema = Self.schema + layout.sql
        do {
            queue = try DatabaseFile.open(path, applicationID: Self.applicationID, durability: .normal) { db in
                try db.execute(sql: schema)
                try db.execute(sql: "PRAGMA user_version = \(version)")
            }
            let found = try queue.read { db in try Int.fetchOne(db, sql: "PRAGMA user_version") }
            guard found == version else { throw Outdated() }
        } catch let error as SyncError where error.kind == .integrity {
            throw Outdated()
        }
    }

    /// In memory alone: what an image holds, or empty.
    init(memory image: MemoryImage?, layout: ViewLayout, version: Int) throws {
        self.layout = layout
        let isNew = image == nil
        queue = try DatabaseFile.memory(image)
        guard isNew else { return }
        let schema = Self.schema + layout.sql
        try queue.inDatabase { db in
            try db.execute(sql: schema)
            try db.execute(sql: "PRAGMA user_version = \(version)")
        }
    }

    /// The bytes of one that is in memory.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        try queue.inDatabase { db in try MemoryImage.withBytes(of: db, body) }
    }

    public struct Outdated: Error {}

    /// The file turned out to be damaged while it was used: delete it and open again.
    public struct Damaged: Error {
        public let failure: SyncError
    }

    /// One transaction. It may be lost in a power cut, whole; the log makes it again. The caller holds the store's lock.
    public func write<Result>(_ body: (ViewTransaction) throws -> Result) throws -> Result {
        do {
            let result = try queue.write { db in try body(ViewTransaction(db, layout)) }
            try pace.checkpointIfLarge(queue)
            return result
        } catch let error as DatabaseError {
            throw failure(error)
        }
    }

    public func read<Result>(_ body: (ViewTransaction) throws -> Result) throws -> Result {
        do {
            return try queue.look { db in try body(ViewTransaction(db, layout)) }
        } catch let error as DatabaseError {
            throw failure(error)
        }
    }

    private func failure(_ error: DatabaseError) -> any Error {
        let failure = DatabaseFile.damaged(queue.path, error)
        return failure.kind == .integrity ? Damaged(failure: failure) : failure
    }

    func close() throws { try queue.close() }

    /// Leaves little in the write-ahead log. The caller holds the store's lock.
    func settle() throws { try pace.settle(queue) }

    /// The caller holds the store's lock.
    public func checkpoint() throws { try DatabaseFile.checkpoint(queue) }

    private static let schema = """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE record (
            no INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, kind INTEGER NOT NULL, visible INTEGER NOT NULL,
            state BLOB NOT NULL, canonical INTEGER);
        CREATE INDEX record_canonical ON record (canonical) WHERE canonical IS NOT NULL;
        CREATE TABLE same_edge (record BLOB NOT NULL, other BLOB NOT NULL, PRIMARY KEY (record, other)) WITHOUT ROWID;
        CREATE INDEX same_edge_other ON same_edge (other);
        CREATE TABLE different_edge (record BLOB NOT NULL, other BLOB NOT NULL, PRIMARY KEY (record, other)) WITHOUT ROWID;
        CREATE TABLE touched (change INTEGER PRIMARY KEY, runs BLOB NOT NULL);
        CREATE TABLE unknown (change INTEGER PRIMARY KEY, operations INTEGER NOT NULL);
        CREATE TABLE conflict (
            record INTEGER NOT NULL, field INTEGER NOT NULL, key BLOB NOT NULL, PRIMARY KEY (record, field, key)) WITHOUT ROWID;
        CREATE TABLE unseen_name (author BLOB, seq INTEGER, mark INTEGER, record INTEGER,
            PRIMARY KEY (author, seq, mark, record)) WITHOUT ROWID;
        CREATE TABLE unseen_target (author BLOB, seq INTEGER, mark INTEGER, change INTEGER,
            PRIMARY KEY (author, seq, mark, change)) WITHOUT ROWID;
        CREATE TABLE search_queue (record INTEGER PRIMARY KEY);
        CREATE VIRTUAL TABLE search USING fts5 (title, place, text, tokenize = 'unicode61 remove_diacritics 2');

        """
}
