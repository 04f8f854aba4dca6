/// What an exchange brought.
public struct ReceiveReport: Hashable, Sendable {
    public var segments = 0
    public var changes = 0
    /// By kind: records that were not here before.
    public var newRecords: [RecordKind: Int] = [:]
    public var updatedRecords = 0
    /// The local number of the last record that was here before: what came has greater ones.
    public var lastKnownRecord: Int64 = 0
    public var authors: Set<AuthorID> = []
    /// Local number before and after: what came lies between.
    public var firstChange: Int64 = 0
    public var lastChange: Int64 = 0

    public init() {}

    mutating func add(_ other: ReceiveReport) {
        segments += other.segments
        changes += other.changes
        authors.formUnion(other.authors)
        lastChange = max(lastChange, other.lastChange)
    }
}
