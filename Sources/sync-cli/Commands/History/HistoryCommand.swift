import ArgumentParser
import SyncCore

struct HistoryCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Who set what in a record, and what became of it.",
        discussion: """
            The newest first.

              sync history 7f3k2q
              sync history 7f3k2q --field starts
              sync history 7f3k2q --field organisers.role

            Times are what the writers' clocks said. What lost, was replaced or taken back is here;  sync undo CHANGE  takes a change back.
            """)

    @Argument(help: "The id, or its beginning.") var id: String

    @Option(help: ArgumentHelp("Only this field; of an item's field organisers.role; record for the record itself.", valueName: "field"))
    var field: String?

    @Option(help: ArgumentHelp("At most so many edits (else 50; with --json all).", valueName: "number")) var limit: Int?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let limit = try RecordList.limit(limit, all: false, context)
        let replica = try context.open()
        let hasRemote = try !replica.remotes().isEmpty
        try replica.read { session in
            let id = try session.find(self.id)
            let document = try session.document(id)
            let all = try session.history(of: id)
            let text = HistoryText(all, kind: document?.kind, names: try session.changeShortNames())
            let edits = try chosen(all, text, document)
            let report = HistoryReport(id: id, text: text, hasRemote: hasRemote, context: context)
            if context.output.mode == .text { context.output.line("\(try session.shortText(id), .strong)  \(document?.summary ?? "")") }
            try report.write(Array(edits.prefix(limit)))
            try redactions(id, session, context)
            if edits.count > limit { context.output.say("\(limit) of \(edits.count) edits; --limit \(edits.count) shows all.") }
            if edits.isEmpty { context.output.say("Nobody has edited that.") }
        }
    }

    private func chosen(_ edits: [HistoryEdit], _ text: HistoryText, _ document: RecordDocument?) throws -> [HistoryEdit] {
        guard let field else { return edits }
        let found = edits.filter { text.place($0).isCalled(field) }
        if found.isEmpty, field.lowercased() != EditPlace.record, let kind = document?.kind {
            _ = try RecordSchema.of(kind).field(named: field.split(separator: ".").first.map(String.init) ?? field)
        }
        return found
    }

    /// That something is gone, below what is there.
    private func redactions(_ id: RecordID, _ session: Session, _ context: Context) throws {
        let team = try session.team()
        for entry in team.redactions.of(id) {
            let name = RedactionText.field(entry.redaction.field)
            guard field == nil || field?.lowercased() == name, context.output.mode != .json else { continue }
            context.output.line("\(name) \(RedactionText.line(entry, team, context.clock), .faint)")
        }
    }
}

/// Prints edits, one a line.
struct HistoryReport {
    let id: RecordID
    let text: HistoryText
    let hasRemote: Bool
    let context: Context

    func write(_ edits: [HistoryEdit]) throws {
        if context.output.mode == .json { return try edits.forEach(json) }
        let names = text.names
        var table = Table(.fixed, .flexible(6), .fixed, .flexible(8), .flexible(16), .flexible(12))
        for edit in edits {
            table.add(
                Line(context.clock.text(edit.origin.wall)), Line(edit.origin.deviceName), Line(try names.text(edit.origin.change), .faint),
                Line(text.placeName(edit), .strong), Line(text.what(edit)), try fate(edit, names))
        }
        context.output.table(table)
    }

    private func fate(_ edit: HistoryEdit, _ names: ChangeShortNames) throws -> Line {
        var notes = [try text.fate(edit)]
        if let undone = edit.undoes { notes.append("undo of \(try names.text(undone))") }
        if hasRemote, !edit.isSent { notes.append("not sent") }
        let needsPerson = if case .disputed = edit.fate { true } else { false }
        return Line(notes.joined(separator: "; "), needsPerson ? .attention : .plain)
    }

    private func json(_ edit: HistoryEdit) throws {
        var reason: String?
        if case .void(let void) = edit.fate { reason = void.text }
        var isShown: JSON = .null
        if case .disputed(let shown, _) = edit.fate { isShown = JSON(shown) }
        let by = edit.fate.origins.map { origin in
            JSON.object([
                ("device", .string(origin.deviceName)), ("wall", .integer(origin.wall)), ("change", .string(origin.change.description)),
            ])
        }
        context.output.json(
            "edit",
            [
                ("id", .string(id.text)), ("change", .string(edit.origin.change.description)), ("operation", .integer(Int64(edit.operation))),
                ("device", .string(edit.origin.deviceName)), ("wall", .integer(edit.origin.wall)), ("act", .string(edit.act.rawValue)),
                ("field", .string(text.place(edit).name(key: ""))), ("key", JSON(edit.key?.description)),
                ("old", .array(edit.old.map { .string(text.values([$0], edit)) })),
                ("new", edit.act == .count ? .string(text.what(edit)) : edit.new.map { .string(text.values([$0], edit)) } ?? .null),
                ("fate", .string(edit.fate.name)), ("shown", isShown), ("by", by.isEmpty ? .null : .array(by)), ("reason", JSON(reason)),
                ("undoes", JSON(edit.undoes?.description)), ("sent", JSON(edit.isSent)),
            ])
    }
}
