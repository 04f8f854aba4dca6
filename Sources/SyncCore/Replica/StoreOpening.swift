/// The way from a folder to an open log.
struct StoreOpening {
    let paths: StorePaths
    let storeKey: StoreKey
    let isSealed: Bool
    let keys: DeviceKeys
    let log: LogStore

    init(_ folder: String, _ surroundings: Surroundings, _ unlock: (LockedStore) throws -> StoreKey) throws {
        let paths = StorePaths(folder)
        guard paths.isStore else {
            throw SyncError(
                .noStore, "There is no store at \(folder).", next: "Create one with  sync init  or  sync join CODE.")
        }
        guard FileSystem.size(of: paths.log) ?? 0 > 0 else {
            throw SyncError(.integrity, "\(paths.log) is empty: it is not a store of sync, or it is damaged.", safe: "It was not changed.")
        }
        self.paths = paths
        try Reseal.finish(paths)
        var file = try KeyFile(path: paths.keys)
        isSealed = file.isSealed
        if isSealed { CoreDumps.forbid() }
        storeKey = try file.openKey ?? unlock(LockedStore(paths, file, surroundings))
        var log = try Self.log(paths, file, storeKey, surroundings)
        if try log.edition() != file.edition {
            // Another process wrote the log anew in between, or the two never belonged together.
            try Reseal.finish(paths)
            file = try KeyFile(path: paths.keys)
            log = try Self.log(paths, file, storeKey, surroundings)
            guard try log.edition() == file.edition, file.isSealed == isSealed else { throw Self.mismatch(paths) }
        }
        keys = try file.keys(under: storeKey)
        self.log = log
    }

    private static func log(_ paths: StorePaths, _ file: KeyFile, _ key: StoreKey, _ surroundings: Surroundings) throws -> LogStore {
        try LogStore(path: paths.log, cipher: file.isSealed ? StoreCipher(key, surroundings) : nil)
    }

    private static func mismatch(_ paths: StorePaths) -> SyncError {
        SyncError(
            .integrity, "The key file and the log in \(paths.folder) do not belong together.", safe: "Nothing was changed.",
            next: "If one of them came from a backup, put back the other one too.")
    }
}
