import SyncCore

/// One thing that a command is to do to a record, checked before the store is touched.
enum Edit {
    case assign(UInt32, Value)
    case add(UInt32, Value)
    case remove(UInt32, Value)
    /// The parts that were given take the place of those that are there.
    case merge(UInt32, [(part: UInt32, value: Value)])
    /// An item whose key derives from what identifies it, as an import would derive it.
    case put(UInt32, [(number: UInt32, value: Value)])
    /// The item whose identifying field has this text.
    case removeItem(UInt32, String)
    case enter(UInt32, Value)
    case clear(FieldSchema)
    /// A link whose target may be the beginning of a record's id.
    case link(relation: String, target: String)
}

/// Applies edits to one record within a draft.
struct Editor {
    let kind: RecordKind
    let record: RecordID
    private var schema: RecordSchema { RecordSchema.of(kind) }

    init(_ kind: RecordKind, _ record: RecordID) {
        self.kind = kind
        self.record = record
    }

    func apply(_ edits: [Edit], to draft: inout Draft) throws {
        let document = try draft.session.document(record)
        for edit in edits { try apply(edit, document, &draft) }
    }

    private func apply(_ edit: Edit, _ document: RecordDocument?, _ draft: inout Draft) throws {
        switch edit {
        case .assign(let field, let value): try draft.assign(record, field, value)
        case .add(let field, let value): try draft.add(record, field, value)
        case .remove(let field, let value): try remove(field, value, document, &draft)
        case .merge(let field, let parts): try merge(field, parts, document, &draft)
        case .put(let map, let fields): try put(map, fields, &draft)
        case .removeItem(let map, let name): try removeItem(map, name, document, &draft)
        case .enter(let field, let value): try draft.enter(record, field, value)
        case .clear(let field): try clear(field, document, &draft)
        case .link(let relation, let target):
            let value = Value.parts(
                (Part.Link.relation, .text(relation)), (Part.Link.target, .text(try RecordReference.resolve(target, draft.session))))
            try draft.add(record, Field.links, value)
        }
    }

    private func merge(
        _ field: UInt32, _ parts: [(part: UInt32, value: Value)], _ document: RecordDocument?, _ draft: inout Draft
    ) throws {
        var merged: [UInt32: Value] = [:]
        if case .tuple(let old)? = document?.value(field) {
            for part in old { merged[part.number] = part.value }
        }
        for part in parts { merged[part.part] = part.value }
        let kept = merged.filter { $0.value != .text("") }.sorted { $0.key < $1.key }
        try draft.assign(record, field, kept.isEmpty ? .nothing : .tuple(kept.map { Value.Part($0.key, $0.value) }))
    }

    private func put(_ map: UInt32, _ fields: [(number: UInt32, value: Value)], _ draft: inout Draft) throws {
        guard let field = schema[map] else { return }
        let item = RecordDocument.Item(key: nil, fields: fields.map { ($0.number, [$0.value]) })
        try draft.put(record, map, key: DerivedKeys.item(of: record, field: field, item: item), fields)
    }

    private func remove(_ field: UInt32, _ value: Value, _ document: RecordDocument?, _ draft: inout Draft) throws {
        let known = document?.set(field) ?? []
        let schema = schema[field]
        func text(_ value: Value) -> String { schema.map { ValueText.text(value, $0) } ?? "" }
        let wanted = value.text?.lowercased()
        guard let found = known.first(where: { $0 == value }) ?? known.first(where: { text($0).lowercased() == wanted }) else {
            throw Self.notThere(value.text ?? "", schema, known.map(text))
        }
        try draft.remove(record, field, found)
    }

    private func removeItem(_ map: UInt32, _ name: String, _ document: RecordDocument?, _ draft: inout Draft) throws {
        let items = document?.items(map) ?? []
        let field = schema[map]
        let found = items.first { item in
            item.fields.contains { $0.values.contains { $0.text.map { ByteOrder.same($0.lowercased(), name.lowercased()) } ?? false } }
                || item.key?.description.hasPrefix(name.lowercased()) ?? false
        }
        guard let key = found?.key else {
            throw Self.notThere(name, field, items.compactMap { $0.fields.first?.values.first?.text })
        }
        try draft.removeItem(record, map, key: key, fields: field?.itemFields.map(\.number) ?? [])
    }

    private func clear(_ field: FieldSchema, _ document: RecordDocument?, _ draft: inout Draft) throws {
        switch field.kind {
        case .register, .quiet, .strictest, .text:
            if document?[field.number] != nil { try draft.assign(record, field.number, .nothing) }
        case .set:
            for value in document?.set(field.number) ?? [] { try draft.remove(record, field.number, value) }
        case .map:
            for key in (document?.items(field.number) ?? []).compactMap(\.key) {
                try draft.removeItem(record, field.number, key: key, fields: field.itemFields.map(\.number))
            }
        case .log, .counter:
            throw SyncError(
                .usage, "The \(field.label) are what people reported; they are retracted one by one.", safe: Failure.unchanged,
                next: "Use  sync \(kind.rawValue) retract ID ENTRY.")
        }
    }

    private static func notThere(_ text: String, _ field: FieldSchema?, _ known: [String]) -> SyncError {
        SyncError(
            .usage, "“\(text)” is not among the \(field?.label ?? "values") of this record.", safe: Failure.unchanged,
            next: known.isEmpty ? nil : "There are: \(known.joined(separator: ", ")).")
    }
}

/// What a link, a batch or a milestone points at: a record's id, or anything else as it is.
enum RecordReference {
    /// The whole id where the text is the beginning of one; else the text.
    static func resolve(_ text: String, _ session: Session) throws -> String {
        let isID = (6...26).contains(text.utf8.count) && text.utf8.allSatisfy { Base32.digit($0) != nil }
        guard isID, let id = try? session.find(text) else { return text }
        return id.text
    }
}
