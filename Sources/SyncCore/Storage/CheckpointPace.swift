import GRDB
import Synchronization

/// How large a write-ahead log may become before it is moved into its file.
///
/// A process that writes once leaves little behind for the next one to read. One that writes much moves larger pieces each time: every
/// checkpoint costs two syncs, and pages that change again and again are moved once.
final class CheckpointPace: Sendable {
    /// Past this, the next process to open the store would notice.
    static let first = 1 << 20
    static let most = 16 << 20

    private let limit = Mutex(first)

    /// Moves the write-ahead log into the file once it is large. The caller holds the store's lock.
    func checkpointIfLarge(_ queue: DatabaseQueue) throws {
        guard let size = FileSystem.size(of: queue.path + "-wal"), size > limit.withLock(\.self) else { return }
        try DatabaseFile.checkpoint(queue)
        limit.withLock { $0 = min($0 * 2, Self.most) }
    }

    /// The work is done: what is left for the next process to read is little. The caller holds the store's lock.
    func settle(_ queue: DatabaseQueue) throws {
        guard let size = FileSystem.size(of: queue.path + "-wal"), size > Self.first else { return }
        try DatabaseFile.checkpoint(queue)
    }
}
