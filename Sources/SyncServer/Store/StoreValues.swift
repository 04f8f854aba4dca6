import SyncCore

enum RegistrationResult: Hashable, Sendable {
    /// The counter that is now the newest.
    case stored(counter: UInt64, isNewTeam: Bool)
    /// What was offered does not continue what is stored.
    case conflict(stored: [Registration])
    /// A new team, and the operator does not admit it.
    case notAdmitted
    case unknownTeam
}

struct ControlReceipt: Hashable, Sendable {
    var last: Int64
    var stored: Int
}

struct ControlEntry: Hashable, Sendable {
    var position: Int64
    var sealed: [UInt8]
}

/// A stretch of one log, both ends included.
struct LogRange: Hashable, Sendable {
    var tag: LogTag
    var first: UInt64
    var last: UInt64
}

/// What a store has of a log, in the stretch that was asked for.
struct StoredLog: Hashable, Sendable {
    var publicKey: Hash32
    /// By index; several where the log forks.
    var chains: [UInt64: [Hash32]]
}

/// The end of one branch.
struct Head: Hashable, Sendable {
    var index: UInt64
    var chain: Hash32
}

struct Refusal: Hashable, Sendable {
    enum Reason: String, Sendable {
        case form, predecessor, signature, unsigned, branches, size, body
    }

    var tag: LogTag
    /// The first of its run that was not stored.
    var index: UInt64
    var reason: Reason
}

struct AppendReceipt: Hashable, Sendable {
    var stored = 0
    var known = 0
    /// Of what was stored.
    var bytes = 0
    var refused: [Refusal] = []
    /// Of the tags touched.
    var heads: [LogTag: [Head]] = [:]
    var position = Position.beginning
}

/// All that is needed to see that nothing is new.
struct TeamSummary: Hashable, Sendable {
    var registration: UInt64
    var control: Int64
    var position: Position
    /// How many segments were withdrawn.
    var withdrawn: Int64 = 0
}

/// A segment whose body a team takes back.
struct WithdrawnSegment: Hashable, Sendable {
    var tag: LogTag
    var index: UInt64
    var chain: Hash32
}

struct TeamHeads: Sendable {
    var summary: TeamSummary
    var heads: [LogTag: [Head]]
    /// The chain values of segments that were withdrawn, sorted.
    var withdrawn: [Hash32] = []
}

/// A pull under way: where it stands and where it ends, which is the head at its start.
struct Pull: Hashable, Sendable {
    var after: Int64
    var through: Position
    /// By the store's own number for a log, the index that the reader has. Nil: everything is sent.
    var have: [Int64: Int64]?

    var isDone: Bool { after >= through.number }

    func lacks(_ index: Int64, ofLog log: Int64) -> Bool { have.map { index > ($0[log] ?? -1) } ?? true }
}

/// Segments that may be stored together: every run in it ends signed.
struct Frame: Sendable {
    /// Items of `application/vnd.sync.segments`, as they are sent, without the token.
    var items: [UInt8]
    var segments: Int
    /// Where the next one begins, and what the token says.
    var end: Position
}

/// The id of a mailbox: whoever knows it may read it.
struct MailboxID: Identifier16 {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

enum MailboxResult: Hashable, Sendable {
    /// There now, or there already with the same bytes.
    case stored
    /// The box holds something else.
    case occupied
    /// The team has as many boxes as it may have.
    case tooMany
}

enum RequestResult: Hashable, Sendable {
    /// There now, or there already.
    case stored
    /// There is no box of this id, or it takes no requests.
    case noBox
    /// As many are there as the box takes.
    case full
}

/// What a relay's stores hold at most, beside the limits of the format.
enum RelayLimits {
    static let boxesPerTeam = 64
    /// How much longer a team's control log may grow than everything of the team.
    static let controlBytesPastLimit: Int64 = 64 << 20
    static let boxBytes = 64 << 10
    static let boxHours = 48
    static let requestsPerBox = 8
    static let requestBytes = JoinRequest.boxLimit
    static let jsonBytes = 1 << 20
    /// What is found by one tag: far more than one box takes, so that others of the same tag do not hide it.
    static let recoveryBytes = 1 << 20
    /// A sealed control record: the record, its padding, its frame.
    static let sealedControlBytes = Limits.sealedControlBytes
    static let registrationsPerRequest = 2048
    /// Rows that one read transaction looks at, sent or not.
    static let rowsPerRead = 4096
}
