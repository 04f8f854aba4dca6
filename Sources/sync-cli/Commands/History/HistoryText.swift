import SyncCore

/// The edits of one record in words.
struct HistoryText {
    private let kind: RecordKind?
    let names: ChangeShortNames
    private let keys: [UInt32: [ItemKey]]

    init(_ edits: [HistoryEdit], kind: RecordKind?, names: ChangeShortNames) {
        (self.kind, self.names) = (kind, names)
        var keys: [UInt32: [ItemKey]] = [:]
        for edit in edits {
            guard let key = edit.key, let field = EditPlace(field: edit.field, key: key, kind: kind).whole?.number else { continue }
            if !(keys[field] ?? []).contains(key) { keys[field, default: []].append(key) }
        }
        self.keys = keys
    }

    func place(_ edit: HistoryEdit) -> EditPlace { EditPlace(field: edit.field, key: edit.key, kind: kind) }

    func placeName(_ edit: HistoryEdit) -> String {
        if edit.act == .unknown { return "?" }
        let place = place(edit)
        let siblings = place.whole.flatMap { keys[$0.number] } ?? []
        return place.name(key: siblings.count > 1 ? EntryKeys.short(edit.key, among: siblings) : "")
    }

    // MARK: What was done

    func values(_ values: [Value], _ edit: HistoryEdit) -> String { Self.words(values, edit.field) }

    static func words(_ values: [Value], _ field: FieldSchema?) -> String {
        values.compactMap { value in field.map { word(value, $0) } }.joined(separator: " / ")
    }

    /// A value on one line.
    static func word(_ value: Value, _ field: FieldSchema) -> String {
        value.isNothing ? "(cleared)" : oneLine(ValueText.text(value, field))
    }

    /// Old → new.
    func what(_ edit: HistoryEdit) -> String {
        let old = values(edit.old, edit)
        let new = edit.new.map { values([$0], edit) } ?? "(redacted)"
        switch edit.act {
        case .create: return edit.field == nil ? "created" : "added"
        case .delete: return edit.field == nil ? "deleted" : "removed"
        case .restore: return edit.field == nil ? "brought back" : "added again"
        case .set: return old.isEmpty ? new : "\(old) → \(new)"
        case .add, .enter: return "+ \(new)"
        case .remove: return "- \(old)"
        case .retract: return "- \(old)" + (edit.new?.text.map { " (\(Self.oneLine($0)))" } ?? "")
        case .count: return Self.counted(edit.new)
        case .unknown: return "something that this version does not know"
        }
    }

    private static func counted(_ value: Value?) -> String {
        let amount = value?[part: 1]?.integer ?? 0
        return amount == 0 ? "a new tally" : (amount > 0 ? "+" : "") + ValueText.grouped(amount)
    }

    static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " / ")
    }

    // MARK: What became of it

    func fate(_ edit: HistoryEdit) throws -> String {
        switch edit.fate {
        case .current: isRemoval(edit) ? "in effect" : "current"
        case .disputed(let isShown, let others):
            "listed as a conflict with \(try list(others))" + (isShown ? "; lists show this one" : "")
        case .outranked(let origin): "lost to \(try text(origin)), set apart from it"
        case .replaced(let origins): edit.act == .delete ? "brought back by \(try list(origins))" : "replaced by \(try list(origins))"
        case .followed(let origins): "edited further by \(try list(origins))"
        case .unplaced: "an edit of a text that is not here"
        case .lost(let origin, let chosenBy): "lost to \(try text(origin)), chosen by \(try text(chosenBy))"
        case .takenBack(let origins): origins.isEmpty ? "taken back with an equal text" : "taken back by \(try list(origins))"
        case .closed: "in a tally that was closed"
        case .void(let reason): "does not count: \(reason.review)"
        case .redacted: "redacted"
        }
    }

    private func isRemoval(_ edit: HistoryEdit) -> Bool { [.delete, .remove, .retract].contains(edit.act) }

    func list(_ origins: [Origin]) throws -> String { try origins.map(text).joined(separator: ", ") }

    private func text(_ origin: Origin) throws -> String { "\(origin.deviceName) \(try names.text(origin.change))" }
}

extension HistoryEdit.Fate {
    /// For programs.
    var name: String {
        switch self {
        case .current: "current"
        case .disputed: "disputed"
        case .outranked: "outranked"
        case .replaced: "replaced"
        case .followed: "followed"
        case .unplaced: "unplaced"
        case .lost: "lost"
        case .takenBack: "taken_back"
        case .closed: "closed"
        case .void: "void"
        case .redacted: "redacted"
        }
    }

    /// Whose edits made it so.
    var origins: [Origin] {
        switch self {
        case .disputed(_, let origins), .replaced(let origins), .takenBack(let origins), .followed(let origins): origins
        case .outranked(let origin): [origin]
        case .lost(let origin, let chosenBy): [origin, chosenBy]
        case .current, .closed, .void, .redacted, .unplaced: []
        }
    }
}
