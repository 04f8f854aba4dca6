import GRDB

/// Opens a SQLite file the one way in which this project opens them.
///
/// SQLite before 3.51.3 can lose pages when a checkpoint in one connection races a commit in another, so no connection checkpoints
/// by itself: writers hold the store's lock and checkpoint explicitly.
enum DatabaseFile {
    enum Durability: Int {
        case normal = 1
        case full = 2
    }

    /// What a connection may keep of its file in memory: ids are spread over their whole index, and a large import touches all of it.
    private static let cacheKiB = 64 << 10

    /// `applicationID` tells our files from others: a file with another one is refused before anything else is read.
    static func open(
        _ path: String, applicationID: Int, durability: Durability, create: (Database) throws -> Void
    ) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in try configure(db, durability) }
        try refuseForeign(path, applicationID)
        let queue: DatabaseQueue
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase { db in try check(db, applicationID, path, create) }
        } catch let error as DatabaseError {
            throw damaged(path, error)
        }
        return queue
    }

    /// Looks whose file it is before SQLite does anything to it: even the switch to a write-ahead log would change another program's.
    private static func refuseForeign(_ path: String, _ applicationID: Int) throws {
        guard let size = FileSystem.size(of: path), size > 0 else { return }
        let head = try FileSystem.read(path, first: 112)
        guard head.count == 112, head.starts(with: "SQLite format 3\0".utf8) else { throw notOurs(path) }
        let found = Self.applicationID(head)
        if found == applicationID { return }
        guard found == 0 else { throw foreign(path) }
        // A file that was never checkpointed has its id in the write-ahead log alone, and one that was only just made has nothing.
        if FileSystem.size(of: path + "-wal") ?? 0 > 0 {
            guard try isOurs(path, applicationID) else { throw foreign(path) }
        } else {
            let hasNoTables = head[100] == 13 && head[103] == 0 && head[104] == 0
            guard hasNoTables else { throw foreign(path) }
        }
    }

    private static func applicationID(_ head: [UInt8]) -> Int { head[68..<72].reduce(0) { $0 << 8 | Int($1) } }

    /// Whether the file has our mark in its first bytes.
    static func isMarked(_ path: String, _ applicationID: Int) -> Bool {
        guard let head = try? FileSystem.read(path, first: 112), head.count == 112 else { return false }
        return head.starts(with: "SQLite format 3\0".utf8) && Self.applicationID(head) == applicationID
    }

    private static func isOurs(_ path: String, _ applicationID: Int) throws -> Bool {
        var configuration = Configuration()
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let found = try queue.read { db in
                (
                    try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
                )
            }
            try queue.close()
            return found.0 == applicationID || found == (0, 0)
        } catch let error as DatabaseError {
            throw damaged(path, error)
        }
    }

    private static func foreign(_ path: String) -> SyncError {
        SyncError(
            .integrity, "\(path) is a database of another program.", safe: "It was not changed.",
            next: "Choose another folder with --store.")
    }

    private static func notOurs(_ path: String) -> SyncError {
        SyncError(
            .integrity, "\(path) is not a store of sync, or it is damaged.", safe: "It was not changed.",
            next: "Run  sync doctor  to see what can be done.")
    }

    private static func configure(_ db: Database, _ durability: Durability) throws {
        try db.execute(
            sql: """
                PRAGMA journal_mode = WAL; PRAGMA synchronous = \(durability.rawValue); PRAGMA wal_autocheckpoint = 0;
                PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;
                PRAGMA cache_size = -\(cacheKiB);
                """)
        guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == durability.rawValue else {
            throw SyncError(.failure, "The database did not take its durability setting.", safe: "Nothing was changed.")
        }
    }

    private static func check(
        _ db: Database, _ applicationID: Int, _ path: String, _ create: (Database) throws -> Void
    ) throws {
        let found = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        if found == applicationID { return }
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
        guard found == 0, isEmpty else { throw foreign(path) }
        try db.inTransaction {
            try create(db)
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            return .commit
        }
    }

    static func damaged(_ path: String, _ error: DatabaseError) -> SyncError {
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            notOurs(path)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            SyncError(
                .storeInUse, "Another process is writing to this store.", safe: "Nothing was changed.",
                next: "Wait for it to finish and repeat the command.")
        case .SQLITE_FULL:
            SyncError(
                .failure, "The disk is full.", safe: "Nothing was changed.", next: "Free some space and repeat the command.")
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
            SyncError(.failure, "\(path) cannot be opened for writing.", safe: "Nothing was changed.")
        default:
            SyncError(.failure, "The store could not be used: \(error.message ?? "error \(error.resultCode.rawValue)").",
                safe: "Nothing was changed.")
        }
    }

    /// A new file that nobody else knows of yet, filled in one go: what a crash leaves of it is thrown away, so that nothing of it needs a
    /// journal. It is on the disk after `FileSystem.sync`.
    static func fill(_ path: String, applicationID: Int, _ body: (Database) throws -> Void) throws {
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            try db.execute(
                sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON")
        }
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase { db in
                try db.inTransaction {
                    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
                    try body(db)
                    return .commit
                }
            }
            try queue.close()
        } catch let error as DatabaseError {
            throw damaged(path, error)
        }
    }

    /// A database that is in memory alone: empty, or what `image` holds.
    static func memory(_ image: MemoryImage?) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF")
        }
        let queue = try DatabaseQueue(named: nil, configuration: configuration)
        if let image { try queue.inDatabase { db in try image.load(into: db) } }
        return queue
    }

    /// Shuts every other process out of the file until it is closed, and leaves no write-ahead log. Throws `storeInUse` where one has it
    /// open. The caller holds the store's lock.
    static func claim(_ queue: DatabaseQueue) throws {
        do {
            let mode = try queue.inDatabase { db in
                try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
                return try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
            }
            guard mode == "delete" else { throw inUse }
        } catch let error as DatabaseError {
            throw damaged(queue.path, error)
        }
    }

    private static let inUse = SyncError(
        .storeInUse, "Another process is using this store.", safe: "Nothing was changed.",
        next: "Wait for it to finish, or end it, and repeat the command.")

    static func checkpoint(_ queue: DatabaseQueue) throws {
        try queue.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
    }
}
