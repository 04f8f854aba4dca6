/// Destroys a store: first its keys, without which what was sealed stays sealed, then everything else. Needs no key and no lock: it is
/// for the minute in which somebody is at the door.
public struct StoreWipe: Sendable {
    public let paths: StorePaths

    /// - Throws: `noStore` where the folder holds nothing that is known for a part of a store: a file of that name may be anybody's.
    public init(_ folder: String) throws {
        paths = StorePaths(folder)
        guard Self.isKnown(paths) else {
            throw SyncError(.noStore, "There is no store at \(folder).", safe: "Nothing was changed.")
        }
    }

    /// Whether a folder holds a store, or what is left of one after a wipe that was interrupted.
    public static func isKnown(_ paths: StorePaths) -> Bool {
        (try? KeyFile(path: paths.keys)) != nil || LogStore.isLog(paths.log)
    }

    /// Repeating it ends what was interrupted. The log goes last: by it the rest is known.
    ///
    /// - Parameter cache: Where the key may be that  unlock  left.
    /// - Returns: Whether the folder is gone too; it stays where it holds files that are not the store's.
    /// - Throws: `failure` where a file cannot be destroyed; the keys are gone unless they are that file.
    public func run(forgetting cache: KeyCache? = nil) throws -> Bool {
        for path in [paths.keys, FileSystem.unfinished(paths.keys), paths.oldKeys] { try FileSystem.destroy(path) }
        FileSystem.syncFolder(of: paths.keys)
        _ = cache?.forget(paths.folder)
        // Lists stood there as they are read; of a small view nothing is left, of a large one there is no time for more than its name.
        for path in Self.files(paths) {
            if FileSystem.size(of: path) ?? 0 <= Self.overwrittenBytes { try FileSystem.destroy(path) } else { FileSystem.remove(path) }
        }
        FileSystem.syncFolder(of: paths.log)
        FileSystem.remove(paths.log)
        FileSystem.syncFolder(of: paths.log)
        return FileSystem.removeEmptyFolder(paths.folder)
    }

    private static func files(_ paths: StorePaths) -> [String] {
        [paths.oldView, paths.view, paths.log].flatMap { [$0 + "-wal", $0 + "-shm", $0 + "-journal"] }
            + [paths.incarnation, paths.nextIncarnation, paths.image, paths.tries].flatMap { [FileSystem.unfinished($0), $0] }
            + [paths.oldView, paths.view, paths.oldLogTail, paths.nextLog, paths.unfinishedBackup, paths.lock]
    }

    private static let overwrittenBytes = 32 << 20
}
