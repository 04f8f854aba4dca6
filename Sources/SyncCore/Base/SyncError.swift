/// What went wrong, what is safe, and what to do next.
///
/// The command line prints the three parts and turns `kind` into its exit code, so every error that can reach a person is one
/// of these. Messages never hold a secret or the contents of a record.
public struct SyncError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The class of a failure; each has one exit code (`sync help exit-codes`).
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case failure, usage, conflictsRemain, notJoined, unreachable, refused, integrity, locked, noStore, storeInUse, brake
    }

    public var kind: Kind
    /// What happened, one sentence.
    public var what: String
    /// What is safe, or what did not change.
    public var safe: String?
    /// What to do next.
    public var next: String?

    public init(_ kind: Kind, _ what: String, safe: String? = nil, next: String? = nil) {
        self.kind = kind
        self.what = what
        self.safe = safe
        self.next = next
    }

    public var description: String {
        [what, safe, next].compactMap(\.self).joined(separator: " ")
    }

    /// Bytes that are not what the format says: a damaged or forged segment, record, code or file.
    public static func damaged(_ what: String) -> SyncError {
        SyncError(.integrity, what, safe: "Nothing of it was applied.")
    }
}
