import SyncCore

/// What speaks for a team that is not known yet.
enum Admittance: Hashable, Sendable {
    case anybody
    case nobody
    /// Who shows a token of this hash, if the store knows one that is still good. It is used up by one team more.
    case token(Hash32)
}

/// A token with which its holder may let teams begin. Only its hash is kept.
struct AdmissionToken: Hashable, Sendable {
    var hash: Hash32
    /// How many teams may still begin with it.
    var uses: Int64
    /// Milliseconds since 1970.
    var expires: Int64
}
