/// What was put into a backup.
public struct BackupWritten: Hashable, Sendable {
    public var bytes = 0
    public var changes = 0
    /// Changes that were never sent: nobody else has them.
    public var unsent = 0
}

/// A backup that holds a device's identity: its key file as it is, and its log.
///
/// One without is a bundle of everything: what the team shares, sealed.
enum BackupItem {
    /// As it stands, sealed under a passphrase where the store has one. Comes first.
    static let keys: UInt8 = 1
    /// The next piece of the log's database.
    static let log: UInt8 = 2
}

extension ItemFile {
    static let backup = ItemFile(
        mark: Array("sync backup\n".utf8), version: 1, headLength: 0, label: "sync/v1/backup", name: "backup")
}

extension Replica {
    /// Writes this device whole: whoever has it and what opens its key file is this device. The store may be in use meanwhile.
    ///
    /// The mark beside the log is left out: a store that is restored from this knows by that that it is not the one that it was.
    ///
    /// - Parameter put: Is given the bytes in order.
    public func writeBackup(to put: @escaping ([UInt8]) throws -> Void) throws -> BackupWritten {
        let copy = paths.unfinishedBackup
        FileSystem.remove(copy)
        defer { FileSystem.remove(copy) }
        // The key file is for this log: nothing may change either in between.
        let (keyFile, changes, unsent) = try locked {
            try log.copy(into: copy)
            return (try FileSystem.read(paths.keys), Int(try lastChange()), try unsentCount())
        }
        var writer = try ItemFileWriter(.backup, to: put)
        try writer.add(type: BackupItem.keys, keyFile)
        try ByteSource(path: copy).forEachPiece { try writer.add(type: BackupItem.log, Array($0)) }
        try writer.finish()
        return BackupWritten(bytes: writer.length, changes: changes, unsent: unsent)
    }

    /// Where this store was copied, restored or moved: makes it another incarnation now, and not only at its next change.
    public func settle() throws { try locked { try beOnlyOne() } }
}
