import SyncCore

/// Prints records as a list.
struct RecordList {
    private let context: Context

    init(_ context: Context) { self.context = context }

    static func limit(_ limit: Int, all: Bool) throws -> Int {
        guard limit > 0 else { throw SyncError(.usage, "--limit must be 1 or more.", safe: Failure.unchanged) }
        return all ? Int(Int32.max) : limit
    }

    func show(_ query: ListQuery, isFiltered: Bool) throws {
        let replica = try context.open()
        try replica.read { session in
            let documents = try session.list(query)
            try show(documents, session)
            if documents.isEmpty {
                let kind = query.kind.rawValue
                let hint = isFiltered ? "No \(kind) is like that." : "No \(kind)s yet. Add one with  sync \(kind) add \"TITLE\"."
                context.output.say(Line(hint))
            } else if documents.count == query.limit, !isFiltered, case let all = try session.count(query.kind), all > query.limit {
                context.output.say("\(documents.count) of \(all); --all shows all.")
            }
        }
    }

    /// - Parameter kinds: whether a column says what each record is.
    func show(_ documents: [RecordDocument], _ session: Session, kinds: Bool = false) throws {
        if context.output.mode == .json {
            var writer = NDJSONWriter()
            for document in documents { context.output.raw(writer.append(document)) }
            return
        }
        var table = Table(.fixed, .fixed, .flexible(11), .flexible(6), .flexible(12), .flexible(8))
        for document in documents {
            guard let id = document.id else { continue }
            let short = context.output.mode == .plain ? id.text : try session.shortText(id)
            let mark = document.isDisputed ? Line("!", .attention) : Line()
            table.add(
                Line(short, .strong), mark, Line(when(document)), Line(place(document)), Line(document.titleText),
                Line((kinds ? "\(document.kind.rawValue)  " : "") + number(document)))
        }
        context.output.table(table)
    }

    private func when(_ document: RecordDocument) -> String {
        switch document.kind {
        case .event: document.when(Field.starts)?.listText ?? "no date"
        case .petition: document.value(Field.state)?.text ?? ""
        }
    }

    private func place(_ document: RecordDocument) -> String {
        switch document.kind {
        case .event: document.cityText ?? ""
        case .petition: document.value(Field.platform)?.text ?? ""
        }
    }

    private func number(_ document: RecordDocument) -> String {
        switch document.kind {
        case .event: CountsText(document).short ?? ""
        case .petition: TotalsText(document).short ?? ""
        }
    }
}
