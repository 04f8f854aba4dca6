import SyncCore

/// What people call the place of a conflict: `starts`, `organisers.role`, `record`.
struct ConflictPlace {
    let conflict: Conflict
    /// Where several items of one map are disputed, their keys tell them apart.
    let qualifiedName: String
    let name: String

    static let record = "record"

    init(_ conflict: Conflict) {
        self.conflict = conflict
        let schema = RecordSchema.of(conflict.document.kind)
        guard let field = conflict.field else {
            (name, qualifiedName) = (Self.record, Self.record)
            return
        }
        let key = conflict.key.map { ".\($0)" } ?? ""
        if let map = schema.map(of: field) {
            name = "\(map.name).\(field.name)"
            qualifiedName = "\(map.name)\(key).\(field.name)"
        } else {
            name = field.name
            qualifiedName = field.name + key
        }
    }

    /// What people know the item by whose field this is, or which was deleted and edited: `Amnesty`.
    var item: String? {
        guard let key = conflict.key, let field = conflict.field else { return nil }
        let schema = RecordSchema.of(conflict.document.kind)
        guard let map = schema.map(of: field) ?? (field.itemFields.isEmpty ? nil : field),
            let item = conflict.document.items(map.number).first(where: { $0.key == key })
        else { return nil }
        let names = map.itemFields.filter { ["name", "title", "url", "caption"].contains($0.name) }
        return (names + map.itemFields).lazy.compactMap { field in
            item.value(field.number).map { ValueText.text($0, field) }
        }.first { !$0.isEmpty }
    }

    /// The shortest that means this one and no other of the record.
    func name(among all: [Conflict]) -> String {
        all.map(ConflictPlace.init).count { $0.name == name } > 1 ? qualifiedName : name
    }

    /// The value that lists show: of most fields the first, of visibility the strictest.
    var shown: Int {
        guard conflict.key == nil, let field = conflict.field, let value = conflict.document.value(field.number) else { return 0 }
        return conflict.values.firstIndex { $0.value == value } ?? 0
    }

    /// Whether a deletion met an edit: of the record, or of an item of a map.
    var isAboutLife: Bool { conflict.values.isEmpty }

    func isCalled(_ text: String) -> Bool {
        let wanted = text.lowercased()
        if wanted == name || wanted == qualifiedName { return true }
        let asked = wanted.split(separator: "."), mine = qualifiedName.split(separator: ".")
        return asked.count == mine.count && zip(asked, mine).enumerated().allSatisfy { position, pair in
            position == 1 ? pair.1.hasPrefix(pair.0) : pair.0 == pair.1
        }
    }

    func text(_ value: Value) -> String {
        guard let field = conflict.field else { return "" }
        return ValueText.text(value, field)
    }

    /// The disputed place of a record that people call so.
    ///
    /// - Throws: `usage` where there is no such field, it is not disputed, or several are called so.
    static func find(_ name: String, in conflicts: [Conflict], of document: RecordDocument, short: String) throws -> ConflictPlace {
        let places = conflicts.map(ConflictPlace.init)
        let found = places.filter { $0.isCalled(name) }
        if found.count == 1 { return found[0] }
        if found.isEmpty, name != record { try check(name, RecordSchema.of(document.kind)) }
        let names = (found.isEmpty ? places : found).map { found.isEmpty ? $0.name : $0.qualifiedName }
        let hint = names.isEmpty ? "Nothing in this record is disputed." : "Disputed are: \(names.joined(separator: ", "))."
        throw SyncError(
            .usage, found.isEmpty ? "\(short): nobody disagrees about “\(name)”." : "\(short): several places are called “\(name)”.",
            safe: Failure.unchanged, next: hint)
    }

    private static func check(_ name: String, _ schema: RecordSchema) throws {
        let parts = name.split(separator: ".")
        let field = try schema.field(named: parts.first.map(String.init) ?? name)
        guard parts.count > 1, !field.itemFields.isEmpty, let last = parts.last else { return }
        guard field.itemField(named: String(last)) != nil || parts.count == 2 else {
            throw SyncError(
                .usage, "There is no field “\(last)” in \(field.name).", safe: Failure.unchanged,
                next: "Fields are: \(field.itemFields.map(\.name).joined(separator: ", ")).")
        }
    }
}
