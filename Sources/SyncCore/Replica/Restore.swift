/// Brings a backup back. Never overwrites a store.
public struct Restore {
    /// What a backup is.
    public enum Kind: Hashable, Sendable {
        /// A device whole.
        case device
        /// What the team shares, sealed: a bundle.
        case team
    }

    private let backup: ByteSource
    private let paths: StorePaths
    private let surroundings: Surroundings

    public init(_ backup: ByteSource, to folder: String, surroundings: Surroundings = .system) {
        self.backup = backup
        paths = StorePaths(folder)
        self.surroundings = surroundings
    }

    /// By its first bytes; what is neither is found out when it is read.
    public static func kind(ofFileAt path: String) throws -> Kind {
        try FileSystem.read(path, first: ItemFile.bundle.mark.count) == ItemFile.bundle.mark ? .team : .device
    }

    /// Makes the store of a backup that holds a device. The key file comes last: until then there is no store.
    ///
    /// - Throws: `failure` where there is a store, or part of one; `integrity` for a backup that is damaged. Then nothing is there that
    ///   was not there before.
    public func device() throws {
        guard !FileSystem.exists(paths.log), !FileSystem.exists(paths.keys) else {
            throw SyncError(
                .failure, "There is a store at \(paths.folder) already.", safe: "It was not changed.",
                next: "Choose another folder with --store.")
        }
        let isNew = !FileSystem.exists(paths.folder)
        do {
            try FileSystem.createPrivateFolder(paths.folder)
            let log = try NewFile(paths.log)
            var keys: [UInt8] = []
            try ItemFile.backup.read(backup) { _, type, bytes in
                switch type {
                case BackupItem.keys: keys = bytes
                case BackupItem.log: try log.write(bytes)
                default: break
                }
            } finish: {
                guard !keys.isEmpty else { throw DecodingFailure.truncated }
            }
            try log.finish()
            try FileSystem.writeDurably(keys, to: paths.keys)
        } catch {
            if isNew { _ = FileSystem.removeEmptyFolder(paths.folder) }
            throw error
        }
    }

    /// Whether the folder has a device's keys, and no log: what a backup of the team can be put beside.
    public var hasKeysAlone: Bool { FileSystem.exists(paths.keys) && !FileSystem.exists(paths.log) }

    /// Makes the log anew beside the keys that are there.
    ///
    /// - Throws: as `Replica.apply`; then the folder is as it was.
    ///
    /// - Parameter unlock: Finds the key of a store with a passphrase.
    public func besideKeys(unlock: (LockedStore) throws -> StoreKey = { throw $0.locked }) throws -> BundleReceived {
        let file = try KeyFile(path: paths.keys)
        let key = try file.openKey ?? unlock(LockedStore(paths, file, surroundings))
        let keys = try file.keys(under: key)
        // In a folder of its own until it is whole: a store with half a log would be worse than none.
        let work = StorePaths(paths.folder + "/restore.new")
        Self.clear(work)
        defer { Self.clear(work) }
        try FileSystem.createPrivateFolder(work.folder)
        try FileSystem.writeDurably(FileSystem.read(paths.keys), to: work.keys)
        let log = try LogStore(path: work.log, cipher: file.isSealed ? StoreCipher(key, surroundings) : nil)
        let enrolled = try DeviceID.of(keys)
        try log.write { log in
            try log.set(file.edition)
            try log.set(Replica.Setting.device, enrolled.bytes)
            try log.set(Replica.Setting.logID, surroundings.random(16))
        }
        try log.close()
        let replica = try Replica(openingAt: work.folder, surroundings: surroundings) { _ in key }
        let received = try replica.rebuildLog(from: backup)
        try replica.close()
        FileSystem.rename(work.log, to: paths.log)
        FileSystem.syncFolder(of: paths.log)
        return received
    }

    private static func clear(_ work: StorePaths) {
        for base in [work.log, work.view] { for suffix in ["", "-wal", "-shm"] { FileSystem.remove(base + suffix) } }
        try? FileSystem.destroy(work.keys)
        for path in [work.oldKeys, work.image, work.lock] { FileSystem.remove(path) }
        _ = FileSystem.removeEmptyFolder(work.folder)
    }
}

extension DeviceID {
    /// The device that has these keys.
    fileprivate static func of(_ keys: DeviceKeys) throws -> DeviceID {
        let (signing, kem) = (try SigningKey(seed: keys.signingSeed), try KEMKey(seed: keys.kemSeed))
        return try Enrolment(name: "", role: .reader, signing: signing, kem: kem).device
    }
}

extension Replica {
    /// Closes the files. Nothing else of this process has the store open.
    fileprivate func close() throws {
        try log.close()
        try closeView()
    }
}
