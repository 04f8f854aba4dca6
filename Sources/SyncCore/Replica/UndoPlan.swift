/// What undoing a change comes to: what comes back, and what later edits have made meaningless to undo.
public struct UndoPlan: Sendable {
    public var change: Origin
    /// The change that it undid itself: then undoing it does that change again.
    public var undoes: ChangeName?
    public var returns: [Return] = []
    public var refusals: [Refusal] = []
    /// Records that others would see more or less of, with the labels that lists show before and after.
    public var visibility: [(record: RecordID, from: String?, to: String?)] = []
    /// An operation of the change whose record is known.
    var anchor: WriteName?

    /// Whether it still shows, be it where it cannot be taken back.
    var hasEffect: Bool {
        !returns.isEmpty
            || refusals.contains { refusal in
                if case .editedSince = refusal.reason { return true }
                return refusal.edit.act == .unknown
            }
    }

    /// One place that gets back what it had.
    public struct Return: Sendable {
        public var record: RecordID
        public var kind: RecordKind?
        /// Nil for the life of the record itself.
        public var field: FieldSchema?
        /// The item or entry that the change edited.
        public var key: ItemKey?
        public var act: Act
        var writes: [Inverse]
    }

    public enum Act: Sendable {
        case delete, restore
        /// Values that were there, and those that take their place.
        case set(from: [Value], to: [Value])
        /// Elements or entries that come back, and those that go.
        case exchange(back: [Value], gone: [Value])
        case count(Int64)
        /// An item goes, or is there again.
        case removeItem, restoreItem
    }

    /// What is written for it.
    enum Inverse: Sendable {
        case delete, restore
        case assign(FieldSchema, ItemKey?, replacing: [WriteName], [Value])
        /// A text as it is to be; what differs is edited.
        case text(FieldSchema, ItemKey?, Value)
        case add(UInt32, Value)
        case remove(UInt32, [WriteName])
        case enter(UInt32, ItemKey, Value)
        case retract(UInt32, ItemKey)
        case increment(UInt32, Int64, generation: UInt64)
        case restoreItem(UInt32, ItemKey)
        case removeItem(FieldSchema, ItemKey)
    }

    /// One place that stays as it is.
    public struct Refusal: Sendable {
        public var record: RecordID
        public var kind: RecordKind?
        public var edit: HistoryEdit
        public var reason: Reason
    }

    public enum Reason: Sendable {
        /// What became of the edit says it.
        case fate
        /// Others wrote the same, and it stands by theirs.
        case alsoByOthers
        /// It would take along what these edited since.
        case editedSince([Origin])
        case recordDeleted
        case itemRemoved
    }
}

/// The content of operations that were read while a plan is made: an import's change is on a thousand records.
final class ChangesRead {
    private let session: Session
    private var known: [Int64: [Operation]] = [:]

    init(_ session: Session) { self.session = session }

    func operations(_ change: StoredChange) throws -> [Operation] {
        if let operations = known[change.number] { return operations }
        let operations = try session.loader.change(change, session.log).operations
        known[change.number] = operations
        return operations
    }
}
