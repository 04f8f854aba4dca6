import SyncCore

/// Applies edits to a record that is there, and reports.
struct RecordEditing {
    private let context: Context

    init(_ context: Context) { self.context = context }

    func save(_ edits: [Edit], to prefix: String, _ kind: RecordKind, dates: [(field: String, when: When)] = []) throws {
        guard !edits.isEmpty else {
            throw SyncError(
                .usage, "There is nothing to change.", safe: Failure.unchanged, next: "See  sync \(kind.rawValue) edit --help.")
        }
        let replica = try context.open()
        try confirmRelaxing(edits, prefix, kind, replica)
        context.echo(dates)
        let saved = try replica.commit { draft in
            let id = try draft.session.find(prefix, kind).id
            try Editor(kind, id).apply(edits, to: &draft)
            return id
        }
        try context.reportSaved(saved.result, change: saved.change, in: replica)
    }

    /// What becomes more visible than it was is asked about first.
    private func confirmRelaxing(_ edits: [Edit], _ prefix: String, _ kind: RecordKind, _ replica: Replica) throws {
        for wanted in edits.compactMap(Self.visibility) {
            let (document, short) = try replica.read { session in
                let found = try session.find(prefix, kind)
                return (found.document, try session.shortText(found.id))
            }
            let now = Visibility.shown(document)
            if Visibility.isRelaxed(from: now, to: wanted) { try context.confirm("Make \(short) \(wanted)? It is \(now) now.") }
        }
    }

    private static func visibility(_ edit: Edit) -> String? {
        switch edit {
        case .assign(Field.visibility, let value): value.text ?? Visibility.unsaid
        case .clear(let field): field.number == Field.visibility ? Visibility.unsaid : nil
        default: nil
        }
    }
}

/// Who may see a record.
enum Visibility {
    /// Where nobody said anything.
    static let unsaid = "team"

    static func shown(_ document: RecordDocument) -> String { document.value(Field.visibility)?.text ?? unsaid }

    /// A label that this version does not know is taken to be the strictest.
    static func isRelaxed(from now: String, to wanted: String) -> Bool {
        let order = RecordSchema.visibilities
        return (order.firstIndex(of: wanted) ?? order.count) < (order.firstIndex(of: now) ?? order.count)
    }
}
