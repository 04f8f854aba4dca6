import GRDB
import GRDBSQLite

/// The bytes of a database in memory, until SQLite takes them over: load it once.
struct MemoryImage {
    private let bytes: UnsafeMutableRawBufferPointer

    var count: Int { bytes.count }

    /// Filled by `fill`; freed again where that throws.
    init(count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Void) throws {
        guard count > 0, let start = sqlite3_malloc64(UInt64(count)) else {
            throw SyncError(.failure, "There is not enough memory for the lists of this store.", safe: "Nothing was changed.")
        }
        bytes = UnsafeMutableRawBufferPointer(start: start, count: count)
        do {
            try fill(bytes)
        } catch {
            sqlite3_free(start)
            throw error
        }
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result { try body(UnsafeRawBufferPointer(bytes)) }

    /// Frees the bytes where nothing loads them.
    func discard() { sqlite3_free(bytes.baseAddress) }

    /// At most so large: SQLite's own limit of 1 GiB is for programs that load what others made.
    private static let sizeLimit: Int64 = 1 << 40

    /// Makes these bytes the database's contents. SQLite frees them, also where it fails.
    func load(into db: Database) throws {
        let flags = UInt32(SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE)
        let code = sqlite3_deserialize(
            db.sqliteConnection, "main", bytes.bindMemory(to: UInt8.self).baseAddress, Int64(bytes.count), Int64(bytes.count), flags)
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
        var limit = Self.sizeLimit
        sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_SIZE_LIMIT, &limit)
    }

    /// Runs `body` on the bytes of a database in memory.
    static func withBytes<Result>(of db: Database, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        var count: Int64 = 0
        if let own = sqlite3_serialize(db.sqliteConnection, "main", &count, UInt32(SQLITE_SERIALIZE_NOCOPY)) {
            return try body(UnsafeRawBufferPointer(start: own, count: Int(count)))
        }
        guard let copy = sqlite3_serialize(db.sqliteConnection, "main", &count, 0) else {
            throw SyncError(.failure, "There is not enough memory for the lists of this store.", safe: "Nothing was changed.")
        }
        defer { sqlite3_free(copy) }
        return try body(UnsafeRawBufferPointer(start: copy, count: Int(count)))
    }
}
