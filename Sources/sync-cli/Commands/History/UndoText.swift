import SyncCore

/// What an undo brings back, in words.
struct UndoText {
    private let plan: UndoPlan
    private let session: Session
    private let context: Context
    private let names: ChangeShortNames
    private static let most = 50

    init(_ plan: UndoPlan, _ session: Session, _ context: Context) throws {
        (self.plan, self.session, self.context) = (plan, session, context)
        names = try session.changeShortNames()
    }

    struct Relaxed: Equatable {
        var record: RecordID
        var from: String
        var to: String
    }

    /// Records that would be more visible than they are.
    static func relaxed(_ plan: UndoPlan) -> [Relaxed] {
        plan.visibility.map { Relaxed(record: $0.record, from: $0.from ?? Visibility.unsaid, to: $0.to ?? Visibility.unsaid) }
            .filter { Visibility.isRelaxed(from: $0.from, to: $0.to) }
    }

    // MARK: Reports

    /// `saved` is the change that was made; nil where nothing was to be done.
    func report(saved: ChangeName?, unsent: Int?) throws {
        switch context.output.mode {
        case .json: try json(saved, unsent)
        case _ where context.output.isQuiet: try saved.map { context.output.line(Line(try names.text($0))) }
        case .plain: try lines { [Line($0.text), Line($1), Line($2)] }
        case .text: try text(saved, unsent)
        }
    }

    private func text(_ saved: ChangeName?, _ unsent: Int?) throws {
        let origin = plan.change
        let verb = saved == nil ? "Would undo" : "Undid"
        context.output.line(
            "\(verb) \(try names.text(origin.change), .strong)  \(origin.deviceName), \(context.clock.text(origin.wall))\(plan.undoes == nil ? "" : ": done again"):")
        try returned()
        for line in try refusals().prefix(Self.most) { context.output.line("\("!", .attention) stays as it is: \(line)", indent: 4) }
        guard let saved else { return context.output.say(Line(Failure.unchanged)) }
        context.sayUnsent(unsent)
        context.output.say("\("sync undo \(try names.text(saved))", .strong)  takes this back.")
    }

    /// The records, each with its places; a long list is cut.
    private func returned() throws {
        var last: RecordID?
        for (number, entry) in plan.returns.enumerated() {
            if number == Self.most { return context.output.line("  … and \(plan.returns.count - number) more") }
            if entry.record != last { context.output.line("\(try session.shortText(entry.record), .strong)  \(try title(entry.record))", indent: 8) }
            last = entry.record
            for line in what(entry) { context.output.line("  \(place(entry), .faint)  \(line)", indent: 8) }
        }
    }

    private func title(_ record: RecordID) throws -> String { try session.document(record)?.titleText ?? "" }

    private func lines(_ cells: (RecordID, String, String) -> [Line]) throws {
        var table = Table(.fixed, .fixed, .flexible(16))
        for entry in plan.returns {
            for line in what(entry) {
                let row = cells(entry.record, place(entry), line)
                table.add(row[0], row[1], row[2])
            }
        }
        context.output.table(table)
    }

    private func place(_ entry: UndoPlan.Return) -> String {
        let place = EditPlace(field: entry.field, key: entry.key, kind: entry.kind)
        return place.name(key: place.whole?.kind == .map ? String((entry.key?.description ?? "").prefix(4)) : "")
    }

    private func what(_ entry: UndoPlan.Return) -> [String] {
        func text(_ values: [Value]) -> String { HistoryText.words(values, entry.field) }
        switch entry.act {
        case .delete: return ["deleted"]
        case .restore: return ["brought back"]
        case .removeItem: return ["removed"]
        case .restoreItem: return ["added again"]
        case .set(let from, let to): return [from.isEmpty ? text(to) : "\(text(from)) → \(text(to))"]
        case .exchange(let back, let gone): return gone.map { "- \(text([$0]))" } + back.map { "+ \(text([$0]))" }
        case .count(let amount): return [(amount > 0 ? "+" : "") + ValueText.grouped(amount)]
        }
    }

    // MARK: What stays

    private func refusals() throws -> [String] {
        try plan.refusals.map { refusal in
            let text = HistoryText([refusal.edit], kind: refusal.kind, names: names)
            return "\(try session.shortText(refusal.record)) \(text.placeName(refusal.edit)): \(try reason(refusal, text))"
        }
    }

    private func reason(_ refusal: UndoPlan.Refusal, _ text: HistoryText) throws -> String {
        switch refusal.reason {
        case .fate: return refusal.edit.act == .unknown ? "this version does not know what it is" : try text.fate(refusal.edit)
        case .alsoByOthers: return "it stands by what others wrote too"
        case .editedSince(let origins):
            let whole = refusal.edit.key == nil ? "the record" : "the item"
            return "\(whole) was edited since by \(try text.list(origins))"
        case .recordDeleted: return "the record is deleted"
        case .itemRemoved: return "the item is removed"
        }
    }

    /// Why nothing is left to undo.
    var refused: SyncError {
        get throws {
            let name = try names.text(plan.change.change)
            let reasons = try refusals()
            let more = reasons.count > 5 ? "\n  … and \(reasons.count - 5) more" : ""
            let why = reasons.isEmpty ? "It has no effect here." : reasons.prefix(5).map { "  \($0)" }.joined(separator: "\n") + more
            let record = try plan.refusals.first.map { try session.shortText($0.record) }
            return SyncError(
                .usage, "Nothing of \(name) is left to undo.\n\(why)", safe: Failure.unchanged,
                next: record.map { "See  sync history \($0)." } ?? "See  sync log.")
        }
    }

    // MARK: For programs

    private func json(_ saved: ChangeName?, _ unsent: Int?) throws {
        let returned = plan.returns.map { entry in
            JSON.object([
                ("id", .string(entry.record.text)), ("field", .string(EditPlace(field: entry.field, key: entry.key, kind: entry.kind).name(key: ""))),
                ("key", JSON(entry.key?.description)), ("what", .array(what(entry).map { .string($0) })),
            ])
        }
        let left = try plan.refusals.map { refusal in
            let text = HistoryText([], kind: refusal.kind, names: names)
            return JSON.object([
                ("id", .string(refusal.record.text)), ("field", .string(text.placeName(refusal.edit))),
                ("key", JSON(refusal.edit.key?.description)), ("reason", .string(try reason(refusal, text))),
            ])
        }
        context.output.json(
            saved == nil ? "undo_plan" : "undone",
            [
                ("undone", .string(plan.change.change.description)), ("change", JSON(saved?.description)),
                ("again", JSON(plan.undoes != nil)), ("returned", .array(returned)), ("left", .array(left)), ("unsent", JSON(unsent)),
            ])
    }
}
