import SyncCore

/// Where a relay keeps what it is given. It knows no roster and needs no key; it keeps bytes that were checked before they came.
///
/// Every function of a team's except `team`, `register`, `control(tagged:)`, `box`, `removeBox` and `addRequest` throws `UnknownTeam` when the team is not there, or when a newer
/// registration has come since `team` was looked up. Writes throw `StoreFull` where there is no room, and return after they are durable. `RelayStoreConformance` in the tests says
/// the rest, once, for every implementation.
protocol RelayStore: Sendable {
    /// Of whatever was stored here, or by another relay on the same store.
    var news: TeamNews { get }

    func team(_ handle: TeamHandle) async throws -> RelayTeam?

    /// Keeps the part of `offered` that continues the chain of `handle`. `admitting` says who may begin a team that is not known.
    func register(_ offered: [Registration], as handle: TeamHandle, admitting: Admittance) async throws -> RegistrationResult
    /// The whole chain, from counter 0.
    func registrations(of team: RelayTeam) async throws -> [Registration]

    /// Appends the records that are not there yet, in their order.
    func appendControl(_ sealed: [[UInt8]], to team: RelayTeam) async throws -> ControlReceipt
    /// At most `limit` bytes of records past `position` (always one, if there is one), up to `last`.
    func control(of team: RelayTeam, after position: Int64, through last: Int64, limit: Int) async throws -> [ControlEntry]

    /// Of every team's control records those of this tag, in order of arrival: at most `limit` bytes (always one, if there is one).
    func control(tagged tag: MailboxID, limit: Int) async throws -> [[UInt8]]

    /// What the store has of these stretches of logs.
    func logs(_ ranges: [LogRange], of team: RelayTeam) async throws -> [LogTag: StoredLog]
    /// Appends each run up to what is not there yet. A run whose predecessor is not there, or that would be one branch too many, is
    /// refused alone. The receipt tells the heads of `tags`.
    func append(_ runs: [VerifiedRun], touching tags: Set<LogTag>, to team: RelayTeam) async throws -> AppendReceipt

    /// Takes bodies away, here and from whoever pushes them again: what is served of these segments has none. Of those that are not here
    /// it is remembered. Nothing of such a body can be read from the store when this returns, and nothing is in files of its own.
    func withdraw(_ segments: [WithdrawnSegment], of team: RelayTeam) async throws

    func summary(of team: RelayTeam) async throws -> TeamSummary
    func heads(of team: RelayTeam) async throws -> TeamHeads

    /// A pull of everything past `token`; nil when the token is not of this history.
    func pull(after token: PositionToken?, of team: RelayTeam) async throws -> Pull?
    /// A pull of everything past what the reader has of each log; a log that it does not name, from the beginning.
    func pull(missing have: [LogTag: Int64], of team: RelayTeam) async throws -> Pull
    /// The next frame, and moves `pull` behind it.
    func frame(_ pull: Pull, of team: RelayTeam) async throws -> Frame

    /// Puts one box; see `MailboxResult`. Beside a new one so many requests may be left, by whoever knows its id.
    func putBox(_ box: [UInt8], id: MailboxID, expires: Int64, requests: Int, of team: RelayTeam) async throws -> MailboxResult
    func box(_ id: MailboxID) async throws -> [UInt8]?
    /// With the requests beside it.
    func removeBox(_ id: MailboxID) async throws
    /// Leaves a request beside a box that takes them.
    func addRequest(_ request: [UInt8], to id: MailboxID) async throws -> RequestResult
    /// In order of arrival; nil where the team has no such box.
    func requests(beside id: MailboxID, of team: RelayTeam) async throws -> [[UInt8]]?

    /// Keeps a token, and forgets those that are over.
    func addAdmission(_ token: AdmissionToken) async throws
    /// Those that are still good, the first to end first.
    func admissions() async throws -> [AdmissionToken]
    /// False where there is none of this hash.
    func removeAdmission(_ hash: Hash32) async throws -> Bool

    func usage() async throws -> StoreUsage
    /// That requests can be answered now: throws where they cannot.
    func checkReady() async throws

    /// Finishes what was accepted; every later call throws.
    func close() async throws
}

/// The team is not known, or the registration under which the request was let in is no longer the newest. Nobody is told which.
struct UnknownTeam: Error {}
