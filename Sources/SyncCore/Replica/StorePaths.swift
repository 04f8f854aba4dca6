/// Where the parts of one store lie.
public struct StorePaths: Hashable, Sendable {
    public let folder: String

    public init(_ folder: String) { self.folder = folder }

    public var log: String { folder + "/log.db" }
    public var view: String { folder + "/view.db" }
    /// Where the view stands while a new one is made.
    public var oldView: String { folder + "/view.db.old" }
    public var keys: String { folder + "/keys" }
    public var lock: String { folder + "/lock" }
    /// The view of a store with a passphrase.
    public var image: String { folder + "/view.sealed" }
    /// When a wrong passphrase was last given.
    public var tries: String { folder + "/tries" }
    /// Left out by backups: with it a restored copy notices that it is one.
    public var incarnation: String { folder + "/incarnation" }

    /// The log's copy while a backup is written.
    public var unfinishedBackup: String { folder + "/backup.new" }
    /// A log that is being written anew, under a passphrase or without one.
    public var nextLog: String { folder + "/log.db.next" }
    public var nextIncarnation: String { folder + "/incarnation.next" }
    /// The key file that was replaced, and the write-ahead log that was taken in, until they are overwritten.
    public var oldKeys: String { folder + "/keys.old" }
    public var oldLogTail: String { folder + "/log.db-wal.old" }

    /// Whether the folder holds a store.
    public var isStore: Bool { FileSystem.exists(keys) && FileSystem.exists(log) }
}
