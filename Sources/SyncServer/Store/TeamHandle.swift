import SyncCore

/// What a relay calls a team: made from the team's first relay key, so that the TeamID, which stands in invites, stays unknown here.
struct TeamHandle: Identifier16 {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The handle that belongs to the chain of registrations which begins with `first`.
    init?(of first: Registration) { self.init(hex: first.handle) }
}

/// A team as it was when a request was let in.
///
/// Every call to a store names the registration under which it was allowed; a store refuses it when a newer one has come since,
/// so that a removed device's transfer ends at once.
struct RelayTeam: Sendable {
    let handle: TeamHandle
    /// The newest one: only its tokens count.
    let registration: Registration
}
