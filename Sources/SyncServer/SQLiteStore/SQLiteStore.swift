import Foundation
import GRDB
import Logging
import SyncCore
import Synchronization

/// A relay's store in one file. Writes are durable when they return (WAL, `synchronous=FULL`) and share commits; reads are short.
final class SQLiteStore: RelayStore {
    /// A log of writes that is longer than this is written back into the file.
    private static let checkpointBytes = 4 << 20

    let pool: DatabasePool
    let writer: GroupCommit
    let surroundings: Surroundings
    let limits: StoreLimits
    let news = TeamNews()
    let admissionFolder: AdmissionFolder
    private let file: Mutex<RelayFile?>

    /// Opens the store in `folder`, or makes it. Throws `SyncError(.storeInUse)` while another relay has it open.
    init(folder: String, surroundings: Surroundings = .system, limits: StoreLimits = .standard, logger: Logger) throws {
        let file = try RelayFile(folder: folder)
        let path = file.path
        pool = try DatabasePool(path: path, configuration: Self.configuration)
        try pool.writeWithoutTransaction { db in
            // GRDB sets NORMAL when it turns the WAL on: a power cut could then take what a device was told is stored.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2 else {
                throw SyncError(.failure, "The relay's file cannot be made durable on this system.")
            }
            try RelaySchema.upgrade(db)
            guard try RelaySchema.isWhole(in: db) else {
                throw SyncError(.integrity, "The relay's file \(path) is damaged: its tables are not a relay's.")
            }
        }
        let nextCheckpoint = Mutex(Self.checkpointBytes)
        writer = GroupCommit(pool) { db in
            nextCheckpoint.withLock { Self.checkpoint(db, log: path + "-wal", past: &$0, logger) }
        }
        self.surroundings = surroundings
        self.limits = limits
        admissionFolder = AdmissionFolder(dataFolder: folder)
        self.file = Mutex(file)
    }

    private static var configuration: GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.label = "relay"
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            for pragma in [
                "wal_autocheckpoint = 0", "secure_delete = ON", "trusted_schema = OFF", "temp_store = MEMORY",
                "cell_size_check = ON",
            ] {
                try db.execute(sql: "PRAGMA \(pragma)")
            }
        }
        return configuration
    }

    /// Writes the WAL back once it is longer than `threshold`. A reader that is in the way is not waited for: the next time will do.
    private static func checkpoint(_ db: Database, log: String, past threshold: inout Int, _ logger: Logger) {
        let size = (try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int) ?? 0
        guard size > threshold else { return }
        do {
            try db.execute(sql: "PRAGMA busy_timeout = 100")
            defer { try? db.execute(sql: "PRAGMA busy_timeout = 5000") }
            try db.checkpoint(.truncate)
            threshold = checkpointBytes
        } catch {
            threshold = size + checkpointBytes
            logger.debug("Checkpoint put off", metadata: ["bytes": "\(size)"])
        }
    }

    /// Runs to its end also in a cancelled task, which is how a relay is stopped.
    func close() async throws {
        news.close()
        writer.close()
        guard file.withLock({ $0 }) != nil else { return }
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            pool.asyncWriteWithoutTransaction { db in
                continuation.resume(with: Result { _ = try db.checkpoint(.truncate) })
            }
        }
        try pool.close()
        file.withLock { $0 = nil }
    }
}
