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
        for case .assign(Field.visibility, .text(let wanted)) in edits {
            let (document, short) = try replica.read { session in
                let found = try session.find(prefix, kind)
                return (found.document, try session.shortText(found.id))
            }
            let now = document.value(Field.visibility)?.text ?? "team"
            let order = RecordSchema.visibilities
            guard let from = order.firstIndex(of: now) ?? Optional(order.count), let to = order.firstIndex(of: wanted), to < from
            else { continue }
            try context.confirm("Make \(short) \(wanted)? It is \(now) now.")
        }
    }
}
