/// Sets, changes or takes away a store's passphrase. No replica of the store is open in this process.
///
/// A passphrase is changed by replacing the key file, in one step. To set one or to take it away, the log is written anew beside the old
/// one; replacing the key file is the step that decides, and whatever opens the store next ends what was begun: `finish`. At every instant
/// the old passphrase opens the old log, or the new one the new log.
public struct Reseal {
    private let paths: StorePaths
    private let surroundings: Surroundings

    public init(_ folder: String, surroundings: Surroundings = .system) {
        paths = StorePaths(folder)
        self.surroundings = surroundings
    }

    /// Seals a store that has no passphrase. What stood unsealed is overwritten; a flash disk may keep older blocks.
    ///
    /// - Returns: The key, to open it with at once.
    /// - Throws: `storeInUse` while another process has the store open.
    public func set(_ passphrase: Passphrase, cost: Scrypt.Cost = .standard) throws -> StoreKey {
        try holdingLock {
            let file = try KeyFile(path: paths.keys)
            guard let old = file.openKey else { throw Self.hasOne }
            return try rewrite(file, under: old, as: .passphrase(passphrase, cost: cost))
        }
    }

    /// Gives the store another passphrase. Whoever has an old copy of the key file and knows the old passphrase can still open that copy.
    ///
    /// - Parameter key: What the old passphrase gives: `LockedStore.key`.
    public func change(_ key: StoreKey, to passphrase: Passphrase, cost: Scrypt.Cost = .standard) throws {
        try holdingLock {
            let file = try sealedFile()
            let keys = try file.keys(under: key)
            let slot = try StoreProtection.passphrase(passphrase, cost: cost).slot(for: key, file.edition, surroundings)
            // Other ways to the key stay.
            let others = file.slots.filter { if case .passphrase = $0 { false } else { true } }
            try KeyFile(keys, under: key, slots: [slot] + others, edition: file.edition, surroundings).write(to: paths)
            try Self.finishLocked(paths)
        }
    }

    /// Takes the passphrase away: everything is written unsealed.
    public func remove(_ key: StoreKey) throws {
        _ = try holdingLock { try rewrite(try sealedFile(), under: key, as: .none) }
    }

    private static let unchanged = "Nothing was changed."

    private static let hasOne = SyncError(
        .usage, "This store has a passphrase already.", safe: unchanged, next: "To give it another one:  sync passphrase change")
    private static let hasNone = SyncError(
        .usage, "This store has no passphrase.", safe: unchanged, next: "To set one:  sync passphrase set")

    private func sealedFile() throws -> KeyFile {
        let file = try KeyFile(path: paths.keys)
        guard file.isSealed else { throw Self.hasNone }
        return file
    }

    /// Before anybody is asked: throws `usage` where there is a passphrase.
    public func requireNone() throws {
        guard try LockedStore(paths.folder, surroundings: surroundings) == nil else { throw Self.hasOne }
    }

    /// Throws `usage` where there is none.
    public func requirePassphrase() throws -> LockedStore {
        guard let store = try LockedStore(paths.folder, surroundings: surroundings) else { throw Self.hasNone }
        return store
    }

    private func holdingLock<Result>(_ body: () throws -> Result) throws -> Result {
        guard paths.isStore else { throw SyncError(.noStore, "There is no store at \(paths.folder).", safe: Self.unchanged) }
        CoreDumps.forbid()
        let lock = try StoreLock(path: paths.lock)
        return try withExtendedLifetime(lock) {
            try Self.finishLocked(paths)
            return try body()
        }
    }

    // MARK: A new log

    private func rewrite(_ file: KeyFile, under old: StoreKey, as protection: StoreProtection) throws -> StoreKey {
        let keys = try file.keys(under: old)
        let log = try LogStore(path: paths.log, cipher: file.isSealed ? StoreCipher(old, surroundings) : nil)
        do {
            guard try log.edition() == file.edition else { throw KeyFile.damaged }
            // Its last pages are in the write-ahead log, which SQLite takes away.
            FileSystem.link(paths.log + "-wal", to: paths.oldLogTail)
            try log.claim()
            let key = StoreKey.random(surroundings)
            try writeNext(log, keys, file.recoverySlots, under: key, as: protection).write(to: paths)
            try log.close()
            try Self.finishLocked(paths)
            return key
        } catch {
            try? log.close()
            try? Self.finishLocked(paths)
            throw error
        }
    }

    /// Writes the new log, and the mark that tells this store from its copies: it names the log's file. Gives the key file that fits.
    private func writeNext(
        _ log: LogStore, _ keys: DeviceKeys, _ recoverySlots: [RecoverySlot], under key: StoreKey, as protection: StoreProtection
    ) throws -> KeyFile {
        let edition = Edition.random(surroundings)
        var keys = keys
        let slot = try protection.slot(for: key, edition, surroundings)
        let cipher = protection.isSealed ? StoreCipher(key, surroundings) : nil
        try log.copy(to: paths.nextLog, cipher: cipher, edition: edition) { next in
            guard let identity = FileIdentity(of: paths.nextLog) else { throw KeyFile.damaged }
            (keys.incarnation.device, keys.incarnation.inode) = (identity.device, identity.inode)
            try next.set(Replica.Setting.incarnation, keys.incarnation.bytes)
        }
        try FileSystem.writeDurably(keys.incarnation.bytes, to: paths.nextIncarnation)
        // A slot of a kind that this version does not know is around the old key, and goes with it.
        let recovery = try recoverySlots.map { KeySlot.recovery(try $0.resealed(key, edition: edition)) }
        return try KeyFile(keys, under: key, slots: [slot] + recovery, edition: edition, surroundings)
    }

    // MARK: Steps that a crash may interrupt

    /// Ends what was begun, if anything was. Needs no key.
    static func finish(_ paths: StorePaths) throws {
        guard [paths.nextLog, paths.oldKeys, paths.oldLogTail].contains(where: FileSystem.exists) else { return }
        let lock = try StoreLock(path: paths.lock)
        try withExtendedLifetime(lock) { try finishLocked(paths) }
    }

    /// The same; the caller holds the store's lock.
    static func finishLocked(_ paths: StorePaths) throws {
        try end(paths.oldKeys, of: paths.keys)
        try end(paths.oldLogTail, of: paths.log + "-wal")
        guard FileSystem.exists(paths.nextLog) else { return }
        if LogStore.edition(ofFileAt: paths.nextLog) == (try KeyFile(path: paths.keys).edition) {
            try takeNext(paths)
        } else {
            // It was never whole, or the keys for it were never written.
            for path in [paths.nextIncarnation, paths.nextLog] { try FileSystem.destroy(path) }
        }
        FileSystem.syncFolder(of: paths.log)
    }

    /// Overwrites what was replaced. Where it was not, both are names of one file, and one of them goes.
    private static func end(_ old: String, of path: String) throws {
        guard let identity = FileIdentity(of: old) else { return }
        if identity == FileIdentity(of: path) { FileSystem.remove(old) } else { try FileSystem.destroy(old) }
        FileSystem.syncFolder(of: path)
    }

    /// The keys are for the new log: nothing opens the old one any more, and what was unsealed in it must not stay in free blocks. The name
    /// of the log always leads to a file, or this would be no store.
    private static func takeNext(_ paths: StorePaths) throws {
        for base in [paths.oldView, paths.view] { for suffix in ["-wal", "-shm", ""] { try FileSystem.destroy(base + suffix) } }
        for path in [paths.image, paths.log + "-wal", paths.log + "-shm", paths.log + "-journal"] { try FileSystem.destroy(path) }
        try FileSystem.overwrite(paths.log)
        FileSystem.rename(paths.nextIncarnation, to: paths.incarnation)
        FileSystem.rename(paths.nextLog, to: paths.log)
    }
}

extension KeyFile {
    /// Replaces the key file in one step. The one before keeps a name until `Reseal.finish` has overwritten it.
    func write(to paths: StorePaths) throws {
        FileSystem.link(paths.keys, to: paths.oldKeys)
        try write(to: paths.keys)
    }
}

extension Replica {
    /// Writes the key file again with other keys, behind the slots that it has now. The caller holds the store's lock.
    func save(_ keys: DeviceKeys) throws {
        let file = try KeyFile(path: paths.keys)
        try file.holding(keys, under: storeKey, surroundings).write(to: paths)
        try Reseal.finishLocked(paths)
        self.keys = keys
    }
}
