import SyncCore

/// Prints records as a list.
struct RecordList {
    private let context: Context

    init(_ context: Context) { self.context = context }

    /// How many are shown: what was asked for; else 50 to people, and everything to programs, which would not see that there is more.
    static func limit(_ limit: Int?, all: Bool, _ context: Context) throws -> Int {
        guard limit ?? 1 > 0 else { throw SyncError(.usage, "--limit must be 1 or more.", safe: Failure.unchanged) }
        let everything = Int(Int32.max)
        return all ? everything : limit ?? (context.output.mode == .json ? everything : 50)
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

    func show(_ documents: [RecordDocument], _ session: Session) throws {
        let disputed = try session.disputedRecords()
        if context.output.mode == .json {
            var writer = NDJSONWriter()
            for document in documents { context.output.raw(writer.append(document)) }
        } else if context.output.mode == .text, let width = context.output.width, width < Self.leastForColumns {
            for document in documents { try pair(document, session, width, disputed) }
        } else {
            try table(documents, session, disputed)
        }
    }

    private static let leastForColumns = 76

    private func table(_ documents: [RecordDocument], _ session: Session, _ disputed: Set<RecordID>) throws {
        var table = Table(.fixed, .fixed, .flexible(11), .flexible(6), .flexible(12), .flexible(8))
        for document in documents {
            table.add(
                Line(try name(document, session), .strong), mark(document, disputed), Line(when(document)), Line(place(document)),
                Line(document.titleText), Line(number(document)))
        }
        context.output.table(table)
    }

    /// Two lines a record, where there is no room for columns.
    private func pair(_ document: RecordDocument, _ session: Session, _ width: Int, _ disputed: Set<RecordID>) throws {
        let name = try name(document, session)
        let first = [Line(name, .strong), mark(document, disputed), Line(document.titleText)].joined("  ")
        let second = [when(document), place(document), number(document)].map { Line($0) }.joined(" · ")
        for line in [first, Line(String(repeating: " ", count: name.count + 2)) + second] {
            context.output.line(line.truncated(to: width))
        }
    }

    private func name(_ document: RecordDocument, _ session: Session) throws -> String {
        guard let id = document.id else { return "" }
        return context.output.mode == .plain ? id.text : try session.shortText(id)
    }

    private func mark(_ document: RecordDocument, _ disputed: Set<RecordID>) -> Line {
        document.id.map(disputed.contains) == true ? Line("!", .attention) : Line()
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
