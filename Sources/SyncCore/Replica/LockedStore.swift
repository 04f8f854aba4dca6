/// A store with a passphrase, before it is opened.
public struct LockedStore {
    public let paths: StorePaths
    private let file: KeyFile
    private let surroundings: Surroundings

    init(_ paths: StorePaths, _ file: KeyFile, _ surroundings: Surroundings) {
        self.paths = paths
        self.file = file
        self.surroundings = surroundings
    }

    /// Nil where there is no passphrase.
    ///
    /// - Throws: `noStore` where there is no store, `integrity` where its key file is damaged.
    public init?(_ folder: String, surroundings: Surroundings = .system) throws {
        let paths = StorePaths(folder)
        guard paths.isStore else { throw SyncError(.noStore, "There is no store at \(folder).", safe: "Nothing was changed.") }
        let file = try KeyFile(path: paths.keys)
        guard file.isSealed else { return nil }
        self.init(paths, file, surroundings)
    }

    /// What tells this locking of the store from others before and after it.
    var edition: Edition { file.edition }

    /// The key, where the passphrase is the right one.
    ///
    /// - Throws: `locked` where it is not, or where the next try may not be made yet: then nothing is computed.
    public func key(for passphrase: Passphrase) throws -> StoreKey {
        try trying("The passphrase") { try file.key(for: passphrase) }
    }

    /// The same by a recovery key.
    public func key(for recovery: RecoveryKey) throws -> StoreKey {
        try trying("The recovery key") { try file.key(for: recovery) }
    }

    private func trying(_ what: String, _ open: () throws -> StoreKey?) throws -> StoreKey {
        let tries = PassphraseTries(paths, surroundings)
        try tries.begin()
        guard let key = try open() else {
            try tries.failed()
            throw Self.wrong(what)
        }
        tries.succeeded()
        return key
    }

    /// Throws `locked` where the next try may not be made yet.
    public func requireTry() throws { try PassphraseTries(paths, surroundings).require() }

    /// What is said wherever no key is at hand.
    public var locked: SyncError {
        SyncError(
            .locked, "This store is locked.", safe: "Nothing was changed.",
            next: "Run  sync unlock, or name a file that holds the passphrase:  --passphrase-file FILE.")
    }

    /// One sentence, whatever is wrong with it.
    private static func wrong(_ what: String) -> SyncError {
        SyncError(
            .locked, "\(what) does not open this store.", safe: "Nothing was changed.",
            next: "Try again after a moment: the wait grows with each wrong one, up to 30 seconds.")
    }
}
