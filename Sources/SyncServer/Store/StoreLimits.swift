/// What a store may grow to. What is there already stays, and is served.
public struct StoreLimits: Hashable, Sendable {
    /// Of a team's segments and control records. A push that would go past it is refused whole.
    public var bytesPerTeam: Int64
    public var teams: Int64

    public init(bytesPerTeam: Int64 = 4 << 30, teams: Int64 = 100_000) {
        self.bytesPerTeam = bytesPerTeam
        self.teams = teams
    }

    public static let standard = StoreLimits()
}

/// Why nothing more can be stored. Nothing of the write that met it is.
enum StoreFull: Error, Hashable {
    /// The team has as many bytes as it may have.
    case team
    /// The relay has as many teams as it may have.
    case relay
    /// The disk is full.
    case disk
}

/// What a store has, for its operator.
public struct StoreUsage: Hashable, Sendable {
    public var teams: Int64 = 0
    public var segments: Int64 = 0
    /// Of segments and control records, without what the store itself needs.
    public var bytes: Int64 = 0
}
