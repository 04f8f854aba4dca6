import Foundation
import GRDB
import SyncCore

/// Looks into a relay's file beside the relay, which may be running. Nothing is written into it: that is the relay's alone.
struct RelayCopy {
    private let queue: DatabaseQueue

    init(folder: String) throws {
        let path = folder + "/relay.db"
        guard FileManager.default.fileExists(atPath: path) else {
            throw SyncError(.usage, "There is no relay in \(folder) .", safe: "Nothing was changed.", next: "Name its folder with --data.")
        }
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        queue = try DatabaseQueue(path: path, configuration: configuration)
        let isWhole = try queue.read { db in
            try Int32.fetchOne(db, sql: "PRAGMA application_id") == RelaySchema.applicationID
                && Int32.fetchOne(db, sql: "PRAGMA user_version") == RelaySchema.version
        }
        guard isWhole else {
            throw SyncError(
                .failure, "The file \(path) is not a relay's, or not of this version.", safe: "It was not touched.",
                next: "Start the relay once with this version.")
        }
    }

    func usage() throws -> StoreUsage { try queue.read(SQLiteStore.usage) }

    /// Writes all of it as it is at one moment into a new file, which the relay need not be stopped for.
    func write(to path: String) throws {
        let draft = path + ".new"
        guard !FileSystem.exists(path) else {
            throw SyncError(.failure, "There is a file at \(path) already.", safe: "It was not changed.")
        }
        if FileSystem.exists(draft) { try FileManager.default.removeItem(atPath: draft) }
        // Made first, for its owner alone: SQLite fills a file that is empty.
        try FileSystem.writeDurably([], to: draft)
        try queue.writeWithoutTransaction { db in try db.execute(sql: "VACUUM INTO ?", arguments: [draft]) }
        try FileSystem.sync(draft)
        guard rename(draft, path) == 0 else { throw SyncError(.failure, "The file \(path) cannot be made.", safe: "The relay was not touched.") }
        FileSystem.syncFolder(of: path)
    }
}
