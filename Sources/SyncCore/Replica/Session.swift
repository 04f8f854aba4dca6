/// A consistent look at log and view. What reads records takes one of these.
public struct Session {
    let log: LogTransaction
    let view: ViewTransaction
    let index: ChangeIndex
    let loader: ChangeLoader
    /// What this version knows of records.
    public let schema: Schema
    let now: @Sendable () -> Int64
    private let knownTeam: () throws -> TeamState

    init(
        _ log: LogTransaction, _ view: ViewTransaction, _ loader: ChangeLoader, _ schema: Schema, now: @escaping @Sendable () -> Int64, team: @escaping () throws -> TeamState
    ) {
        knownTeam = team
        self.log = log
        self.view = view
        self.loader = loader
        self.schema = schema
        self.now = now
        index = ChangeIndex(log)
    }

    /// The team, as of this look.
    public func team() throws -> TeamState { try knownTeam() }

    /// The state of a record by itself, also where it is shown as part of another; nil where there is none.
    func state(of id: RecordID) throws -> RecordState? {
        try view.record(id).map { try RecordState($0.state, numbering: index) }
    }

    func document(_ stored: ViewTransaction.StoredRecord) throws -> RecordDocument? {
        try merged(stored).document(graph: index)
    }

    /// Whether lists show a record: it is there, and not deleted.
    public func isVisible(_ id: RecordID) throws -> Bool { try view.record(id)?.isVisible ?? false }

    /// What readers see of a record; nil where there is none.
    public func document(_ id: RecordID) throws -> RecordDocument? {
        try view.record(id).flatMap(document)
    }

    /// The same with the entries of its logs in the order in which they were written, where a document has them by key.
    public func documentAsWritten(_ id: RecordID) throws -> RecordDocument? {
        guard let merged = try merged(of: id) else { return nil }
        return merged.document(graph: index).map { asWritten($0, merged.state) }
    }

    func documentAsWritten(_ id: RecordID, _ state: RecordState) -> RecordDocument? {
        RecordDocument(id: id, state: state, graph: index, schema: schema).map { asWritten($0, state) }
    }

    private func asWritten(_ document: RecordDocument, _ state: RecordState) -> RecordDocument {
        var document = document
        for (place, field) in document.fields.enumerated() {
            guard case .log(let entries) = field.content else { continue }
            let sorted = entries.map { ($0, Self.stamp(of: $0.key, field.number, state)) }.sorted { a, b in
                guard let b = b.1 else { return false }
                return a.1.map { $0 < b } ?? true
            }
            document.fields[place].content = .log(sorted.map(\.0))
        }
        return document
    }

    private static func stamp(of key: ItemKey?, _ field: UInt32, _ state: RecordState) -> Stamp? {
        guard case .entry(let entry) = state[RecordState.Slot(field, key)] else { return nil }
        return entry.writes.last?.stamp
    }
}

extension Replica {
    /// Runs `body` on a view that has everything the log has.
    public func read<Result>(_ body: (Session) throws -> Result) throws -> Result {
        try onSoundView {
            try catchUpIfBehind()
            return try reading(body)
        }
    }

    func reading<Result>(_ body: (Session) throws -> Result) throws -> Result {
        let view = try view()
        return try log.read { log in
            try view.read { view in try body(Session(log, view, loader, schema, now: surroundings.now, team: { try self.team(log) })) }
        }
    }

    private func catchUpIfBehind() throws {
        let isCurrent = try hasView && isViewCurrent()
        if !isCurrent { try locked { try catchUp() } }
    }
}
