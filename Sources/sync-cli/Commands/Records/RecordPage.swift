import SyncCore

/// Prints one record whole: every field of the registry that it has.
struct RecordPage {
    private let context: Context

    init(_ context: Context) { self.context = context }

    func show(_ prefix: String, _ kind: RecordKind, at moment: Moment?) throws {
        let replica = try context.open()
        try replica.read { session in
            let (id, document) = try session.find(prefix, kind)
            if let moment { return try show(id, at: moment, session, replica.device) }
            let isDeleted = try !session.isVisible(id)
            if context.output.mode == .json {
                var writer = NDJSONWriter()
                context.output.raw(writer.append(document))
            } else {
                try write(id, try session.documentAsWritten(id) ?? document, session)
            }
            if isDeleted {
                context.output.say("! It is deleted.  \("sync \(kind.rawValue) restore \(try session.shortText(id))", .strong)  brings it back.")
            } else if try session.disputedRecords().contains(id) {
                context.output.say("! People disagree about it:  \("sync conflicts show \(try session.shortText(id))", .strong)")
            }
        }
    }

    /// The fields of a record as it is, without its title.
    func rows(of id: RecordID, _ session: Session) throws {
        if context.output.mode == .json {
            var writer = NDJSONWriter()
            if let document = try session.document(id) { context.output.raw(writer.append(document)) }
            return
        }
        guard let document = try session.documentAsWritten(id) else { return }
        for row in try rows(document, session) { write(row) }
        for row in try redacted(id, session) { write(row) }
    }

    private func write(_ id: RecordID, _ document: RecordDocument, _ session: Session) throws {
        let short = context.output.mode == .plain ? id.text : try session.shortText(id)
        context.output.line("\(short, .strong)  \(document.titleText, .strong)", indent: short.count + 2)
        for row in try rows(document, session) { write(row) }
        for row in try redacted(id, session) { write(row) }
    }

    /// Every field of a record that may be none yet, its title among them.
    func whole(_ document: RecordDocument, _ session: Session) throws {
        context.output.line("  \(document.titleText, .strong)", indent: 4)
        for row in try rows(document, session) { write(row) }
    }

    /// As it was then, by what the writers' clocks said.
    private func show(_ id: RecordID, at moment: Moment, _ session: Session, _ device: DeviceID) throws {
        guard let past = try session.record(id, at: moment.wall), let document = past.document else {
            throw SyncError(
                .usage, "\(try session.shortText(id)) was not there yet: \(moment.text).", safe: Failure.unchanged,
                next: "See  sync history \(try session.shortText(id)).")
        }
        if context.output.mode == .json {
            var writer = NDJSONWriter()
            context.output.raw(writer.append(document))
        } else {
            try write(id, document, session)
        }
        let later = past.laterChanges == 0 ? "nothing was changed since" : "changes since: \(past.laterChanges)"
        context.output.say("As it was at the end of \(moment.text), by what the writers' clocks said; \(later).")
        if !past.isVisible { context.output.say("! It was deleted then.") }
        try context.tellClocks(of: id, session, own: device)
    }

    private struct Row {
        var label: String
        var text: Line
    }

    private static let labelColumns = 14

    private func write(_ row: Row) {
        if context.output.mode == .plain { return context.output.line(Line(row.label) + Line("\t", .separator) + row.text) }
        let fill = String(repeating: " ", count: max(1, Self.labelColumns - row.label.count - 2))
        context.output.line("  \(row.label, .faint)\(fill)\(row.text)", indent: Self.labelColumns)
    }

    private func rows(_ document: RecordDocument, _ session: Session) throws -> [Row] {
        let schema = RecordSchema.of(document.kind)
        var rows: [Row] = []
        for field in Self.order(schema) where field.number != Field.title || isDisputed(document, field) {
            var label = field.label
            for line in try lines(field, document, session) {
                rows.append(Row(label: label, text: line))
                if context.output.mode != .plain { label = "" }
            }
        }
        return rows
    }

    /// That something is gone, since when, by whom and why; not what.
    private func redacted(_ id: RecordID, _ session: Session) throws -> [Row] {
        let team = try session.team()
        return team.redactions.of(id).map { entry in
            Row(label: RedactionText.field(entry.redaction.field), text: Line(RedactionText.line(entry, team, context.clock), .faint))
        }
    }

    private func isDisputed(_ document: RecordDocument, _ field: FieldSchema) -> Bool {
        if case .values(let values) = document[field.number] { values.count > 1 } else { false }
    }

    /// What a person looks for first; then the rest in the order of the registry.
    private static func order(_ schema: RecordSchema) -> [FieldSchema] {
        let first = [
            Field.title, Field.types, Field.state, Field.status, Field.starts, Field.ends, Field.place, Field.geo, Field.counts,
            Field.platform, Field.url, Field.opens, Field.closes, Field.goal, Field.readings, Field.batches, Field.tally,
            Field.milestones,
        ].compactMap { schema[$0] }
        return first + schema.fields.filter { field in !first.contains { $0.number == field.number } }
    }

    private func lines(_ field: FieldSchema, _ document: RecordDocument, _ session: Session) throws -> [Line] {
        switch document[field.number] {
        case nil: []
        case .values(let values): values.enumerated().flatMap { value($0.element, field, isFirst: $0.offset == 0) }
        case .set(let values) where field.number == Field.same:
            [Line(try values.compactMap { $0.recordID }.map { context.output.mode == .plain ? $0.text : try session.shortText($0) }.joined(separator: ", "))]
        case .set(let values):
            field.type.tupleParts.isEmpty
                ? [Line(values.map { ValueText.text($0, field) }.joined(separator: ", "))]
                : try values.map { Line(try linkText($0, field, session)) }
        case .log(let entries): entryLines(entries, field) + summaryLines(field, document)
        case .map(let items): items.map { item($0, field, among: items.compactMap(\.key)) } + summaryLines(field, document)
        case .counter(let sum): sum == 0 ? [] : ["\(ValueText.grouped(sum), .strong)  not in the total until it is closed"]
        }
    }

    /// Text is shown line by line.
    private func value(_ value: Value, _ field: FieldSchema, isFirst: Bool) -> [Line] {
        let text = ValueText.text(value, field)
        let lines = context.output.mode == .plain ? [text] : text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return isFirst ? lines.map { Line($0) } : lines.map { Line("! or ", .attention) + Line($0) }
    }

    private func linkText(_ value: Value, _ field: FieldSchema, _ session: Session) throws -> String {
        guard field.number == Field.links, let target = value[part: Part.Link.target]?.text, let id = RecordID(text: target),
            let other = try session.document(id)
        else { return ValueText.text(value, field) }
        return "\(value[part: Part.Link.relation]?.text ?? ""): \(try session.shortText(id)) \(other.titleText)"
    }

    private func entryLines(_ entries: [RecordDocument.Entry], _ field: FieldSchema) -> [Line] {
        entries.map { entry in
            let texts = entry.values.map { Line(ValueText.text($0, field)) }
            return key(entry.key, among: entries.compactMap(\.key)) + texts.joined("  ! or ")
        }
    }

    /// In front of an entry or a batch, so that it can be retracted or voided.
    private func key(_ key: ItemKey?, among keys: [ItemKey]) -> Line {
        Line((context.output.mode == .plain ? key?.description ?? "" : EntryKeys.short(key, among: keys)) + "  ", .faint)
    }

    private func item(_ item: RecordDocument.Item, _ field: FieldSchema, among keys: [ItemKey]) -> Line {
        if field.number == Field.batches { return key(item.key, among: keys) + Line(BatchText(item).line) }
        // A source is known by its title or address; its publisher comes first only by number.
        let names = field.itemFields.filter { ["name", "title", "url", "caption"].contains($0.name) }.map(\.number)
        let parts = item.fields.filter { names.contains($0.number) } + item.fields.filter { !names.contains($0.number) }
        let texts = parts.compactMap { part -> String? in
            guard let schema = field.itemFields.first(where: { $0.number == part.number }) else { return nil }
            return part.values.map { ValueText.text($0, schema) }.joined(separator: " ! or ")
        }
        guard let name = texts.first, texts.count > 1 else { return Line(texts.first ?? "") }
        return Line("\(name) (\(texts.dropFirst().joined(separator: ", ")))")
    }

    private func summaryLines(_ field: FieldSchema, _ document: RecordDocument) -> [Line] {
        switch field.number {
        case Field.counts:
            CountsText(document).range().map { ["range \($0.text, .strong) by rule ccc3; no count was overwritten"] } ?? []
        case Field.readings where document.items(Field.batches).isEmpty, Field.batches:
            TotalsText(document).lines.map { $0.hasPrefix("!") ? Line($0, .attention) : Line($0, .strong) }
        default: []
        }
    }
}
