/// One device's full copy of a team's records: reads and writes with no network.
///
/// A replica belongs to one task at a time. Several processes may use one store: each write holds the store's lock, catches the view
/// up, and is durable before it returns.
public final class Replica {
    public let paths: StorePaths
    let surroundings: Surroundings
    /// What this version knows of records.
    public let schema: Schema
    lazy var viewRows = ViewRows(schema)
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
    /// Of what stands sealed in this store's files.
    let storeKey: StoreKey
    /// Whether it has a passphrase.
    public let isSealed: Bool
    private let logIdentity: FileIdentity?
    var openedView: ViewStore?
    /// How much of the log the view has beyond its image.
    var tail = ViewTail()
    /// Whether something was taken out of the log that stands in the pages of its files still.
    var hasWithdrawn = false
    private var knownTeam: TeamState?
    /// Told when this store turns out to be a copy, and goes on as another incarnation of its device.
    public var onRenewal: ((Renewal) -> Void)?

    /// Opens the store in a folder.
    ///
    /// - Parameter unlock: Finds the key of a store with a passphrase.
    /// - Throws: `noStore` where there is none, `integrity` where it is damaged or not ours, what `unlock` throws.
    public init(
        openingAt folder: String, surroundings: Surroundings = .system, schema: Schema = .current,
        unlock: (LockedStore) throws -> StoreKey = { throw $0.locked }
    ) throws {
        let opening = try StoreOpening(folder, surroundings, unlock)
        paths = opening.paths
        self.surroundings = surroundings
        self.schema = schema
        (storeKey, isSealed, keys, log) = (opening.storeKey, opening.isSealed, opening.keys, opening.log)
        logIdentity = FileIdentity(of: paths.log)
        loader = ChangeLoader(keys: keys)
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
        static let keysAtSkip = "keys at skip"
        static let askedInvites = "asked invites"
        static let redactions = "redactions"
        static let reliance = "reliance"
        static let clocks = "clocks"
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
    ///
    /// - Throws: `storeInUse` where the log's file is another one by now: a passphrase was set or taken away, or the store destroyed.
    func locked<Result>(_ body: () throws -> Result) throws -> Result {
        let lock = try StoreLock(path: paths.lock)
        guard FileIdentity(of: paths.log) == logIdentity else {
            throw SyncError(
                .storeInUse, "Meanwhile another process set or removed this store's passphrase, or destroyed the store.",
                safe: "Nothing was changed.", next: "Repeat the command.")
        }
        return try withExtendedLifetime(lock) {
            let result = try body()
            if hasWithdrawn { try scrub() }
            return result
        }
    }

    /// What was overwritten in the log is overwritten in its file, too; the lists are disposable. The caller holds the lock.
    private func scrub() throws {
        hasWithdrawn = false
        try log.checkpoint()
        dropView()
    }

    /// Moves what is in the write-ahead logs into the files, where another program finds it.
    public func checkpoint() throws {
        try locked {
            try log.checkpoint()
            if isSealed { try writeImage() } else { try view().checkpoint() }
        }
    }
}
