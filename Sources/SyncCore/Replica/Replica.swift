/// One device's full copy of a team's records: reads and writes with no network.
///
/// A replica belongs to one task at a time. Several processes may use one store: each write holds the store's lock, catches the view
/// up, and is durable before it returns.
public final class Replica {
    public let paths: StorePaths
    let surroundings: Surroundings
    let log: LogStore
    let signing: SigningKey
    /// This device's number-giver for changes: another one in each incarnation.
    private(set) var author: AuthorID
    public let device: DeviceID
    public internal(set) var keys: DeviceKeys {
        didSet {
            loader = ChangeLoader(keys: keys)
            author = LogOpen.author(team: keys.team, deviceKey: signing.publicKey, salt: keys.authorSalt)
        }
    }

    var loader: ChangeLoader
    private var openedView: ViewStore?
    private var knownTeam: TeamState?
    /// Told when this store turns out to be a copy, and goes on as another incarnation of its device.
    public var onRenewal: ((Renewal) -> Void)?

    /// Opens the store in a folder.
    ///
    /// - Throws: `noStore` where there is none, `integrity` where it is damaged or not ours.
    public init(openingAt folder: String, surroundings: Surroundings = .system) throws {
        let paths = StorePaths(folder)
        guard paths.isStore else {
            throw SyncError(
                .noStore, "There is no store at \(folder).", next: "Create one with  sync init  or  sync join CODE.")
        }
        guard FileSystem.size(of: paths.log) ?? 0 > 0 else {
            throw SyncError(.integrity, "\(paths.log) is empty: it is not a store of sync, or it is damaged.", safe: "It was not changed.")
        }
        self.paths = paths
        self.surroundings = surroundings
        keys = try DeviceKeys(path: paths.keys)
        loader = ChangeLoader(keys: keys)
        log = try LogStore(path: paths.log)
        signing = try SigningKey(seed: keys.signingSeed)
        author = LogOpen.author(team: keys.team, deviceKey: signing.publicKey, salt: keys.authorSalt)
        guard let device = try log.read({ try $0.setting(Setting.device) }).flatMap({ DeviceID($0) }) else {
            throw SyncError(.integrity, "\(paths.log) is not a store of sync.", safe: "It was not changed.")
        }
        self.device = device
    }

    enum Setting {
        static let device = "device"
        static let logID = "log id"
        static let controlDigest = "control digest"
        static let role = "role"
        static let standing = "standing"
        static let incarnation = "incarnation"
        static let renewal = "renewal"
        static let schema = "schema"
        static let position = "position"
        static let askedInvites = "asked invites"
    }

    /// The team as the control records here make it.
    public func team() throws -> TeamState {
        try log.read { try team($0) }
    }

    /// The same inside a transaction that is open.
    func team(_ log: LogTransaction) throws -> TeamState {
        // Another process may have learned more.
        if let knownTeam, try log.setting(Setting.controlDigest) == knownTeam.digest.bytes { return knownTeam }
        let team = try Self.team(log, keys.team)
        knownTeam = team
        return team
    }

    static func team(_ log: LogTransaction, _ id: Hash32) throws -> TeamState {
        guard let team = TeamState(team: id, records: try log.controlRecords()) else {
            throw SyncError(.integrity, "The team's founding record is missing or damaged.", safe: "Nothing was changed.")
        }
        return team
    }

    func forgetTeam() { knownTeam = nil }

    /// Holds the store's lock while `body` runs.
    func locked<Result>(_ body: () throws -> Result) throws -> Result {
        let lock = try StoreLock(path: paths.lock)
        return try withExtendedLifetime(lock, body)
    }

    /// The view, opened on first use; made anew where it is of another version, damaged, or gone. The caller holds the lock if it may
    /// have to be made.
    func view() throws -> ViewStore {
        if let openedView { return openedView }
        let view: ViewStore
        do {
            view = try ViewStore(path: paths.view, layout: ViewRows.layout, version: ViewRows.version)
        } catch is ViewStore.Outdated {
            removeViewFiles()
            view = try ViewStore(path: paths.view, layout: ViewRows.layout, version: ViewRows.version)
        }
        openedView = view
        return view
    }

    /// Nothing reads it any more.
    func closeView() throws {
        try openedView?.close()
        openedView = nil
    }

    func dropView() {
        openedView = nil
        removeViewFiles()
    }

    private static let viewSuffixes = ["", "-wal", "-shm"]

    private func removeViewFiles() {
        for suffix in Self.viewSuffixes { FileSystem.remove(paths.view + suffix) }
    }

    /// Gives the view's files another name, from which `bringViewBack` brings them back.
    func setViewAside() {
        openedView = nil
        for suffix in Self.viewSuffixes { FileSystem.rename(paths.view + suffix, to: paths.oldView + suffix) }
    }

    func bringViewBack() {
        dropView()
        for suffix in Self.viewSuffixes { FileSystem.rename(paths.oldView + suffix, to: paths.view + suffix) }
    }

    func removeViewAside() {
        for suffix in Self.viewSuffixes { FileSystem.remove(paths.oldView + suffix) }
    }

    /// Moves what is in the write-ahead logs into the files, where another program finds it.
    public func checkpoint() throws {
        try locked {
            try log.checkpoint()
            try view().checkpoint()
        }
    }
}
