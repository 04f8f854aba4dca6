import SyncCore

/// Applies edits to a record that is there, and reports.
struct RecordEditing {
    private let context: Context

    init(_ context: Context) { self.context = context }

    /// `inEditor` also where there is nothing to change and somebody is there: then the description is written in an editor.
    func save(
        _ edits: [Edit], to prefix: String, _ kind: RecordKind, dates: [(field: String, when: When)] = [], inEditor: Bool = false
    ) throws {
        if inEditor || edits.isEmpty && context.canAsk { return try saveFromEditor(edits, to: prefix, kind, dates) }
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

    private func saveFromEditor(_ edits: [Edit], to prefix: String, _ kind: RecordKind, _ dates: [(field: String, when: When)]) throws {
        let replica = try context.open()
        try confirmRelaxing(edits, prefix, kind, replica)
        let opened = try replica.read { session in try session.openText(session.find(prefix, kind).id, Field.description) }
        let text = try TextEditor(context).edit(opened.text, isSealed: replica.isSealed)
        context.echo(dates)
        let saved = try replica.commit { draft in
            try Editor(kind, opened.record).apply(edits, to: &draft)
            try draft.save(text, of: opened)
        }
        try context.reportSaved(opened.record, change: saved.change, in: replica)
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
