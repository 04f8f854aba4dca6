/// What an import did, or would do.
public struct ImportReport: Hashable, Sendable {
    public var created = 0
    public var changed = 0
    public var unchanged = 0
    /// Rows about a record that is not here, such as a count for an event that was never imported. Nothing was made of them.
    public var orphans: [RecordID] = []
    /// Documents of which nothing was made, by their place in what was given, with the reason.
    public var refused: [Refused] = []

    public struct Refused: Hashable, Sendable {
        public var place: Int
        public var why: String
    }

    public init() {}
}

extension Replica {
    /// Brings documents from outside into the store, in changes of at most 1,000 records.
    ///
    /// A field is set only where the source differs from what was last imported from it: importing again changes nothing, and never
    /// replaces what a person wrote since. Documents without an id become new records.
    public func importDocuments(_ documents: [RecordDocument], source: String, dryRun: Bool = false) throws -> ImportReport {
        var report = ImportReport()
        for start in stride(from: 0, to: documents.count, by: Self.importBatch) {
            let page = documents[start..<min(start + Self.importBatch, documents.count)]
            try importPage(page, source, dryRun, &report)
        }
        return report
    }

    private static let importBatch = 1000

    private func importPage(
        _ page: ArraySlice<RecordDocument>, _ source: String, _ dryRun: Bool, _ report: inout ImportReport
    ) throws {
        // A page whose canonical bytes exceed a change is split: documents may be long.
        do {
            try importChange(page, source, dryRun, &report)
        } catch let error as SyncError where error.kind == .usage {
            guard page.count > 1 else { return report.refused.append(.init(place: page.startIndex, why: error.what)) }
            let middle = page.startIndex + page.count / 2
            try importPage(page[..<middle], source, dryRun, &report)
            try importPage(page[middle...], source, dryRun, &report)
        }
    }

    private func importChange(
        _ page: ArraySlice<RecordDocument>, _ source: String, _ dryRun: Bool, _ report: inout ImportReport
    ) throws {
        var step = ImportReport()
        var imported: [(RecordID, [UInt8])] = []
        let result: (inout Draft) throws -> Void = { draft in
            var created: Set<RecordID> = []
            for document in page {
                let outcome = try DocumentImport(source: source).apply(document, to: &draft, created: &created)
                switch outcome.effect {
                case .created: step.created += 1
                case .changed: step.changed += 1
                case .unchanged: step.unchanged += 1
                case .orphan:
                    step.orphans.append(outcome.id)
                    continue
                }
                imported.append((outcome.id, outcome.fingerprint))
            }
            if dryRun { throw DryRun() }
        }
        do {
            _ = try commit(result)
        } catch is DryRun {}
        report.created += step.created
        report.changed += step.changed
        report.unchanged += step.unchanged
        report.orphans += step.orphans
        guard !dryRun else { return }
        try locked {
            try log.write { log in
                for (id, fingerprint) in imported where try log.imported(id, from: source) != fingerprint {
                    try log.setImported(id, from: source, fingerprint)
                }
            }
        }
    }

    private struct DryRun: Error {}
}

/// Compares one document with what was last imported from its source, and writes the difference.
private struct DocumentImport {
    enum Effect { case created, changed, unchanged, orphan }

    let source: String

    func apply(
        _ document: RecordDocument, to draft: inout Draft, created: inout Set<RecordID>
    ) throws -> (id: RecordID, effect: Effect, fingerprint: [UInt8]) {
        let before = draft.operations.count
        let known = try document.id.flatMap { id in
            try draft.session.state(of: id).flatMap { $0.life.exists ? $0 : nil }
        }
        let isNew = known == nil && !(document.id.map(created.contains) ?? false)
        let id: RecordID
        if isNew, let unknown = document.id, !document.describesRecord { return (unknown, .orphan, []) }
        if isNew { id = draft.create(document.kind, id: document.id) } else { id = document.id ?? draft.create(document.kind) }
        created.insert(id)
        let fields = document.fields.map { (number: $0.number, bytes: Fingerprint.bytes($0.content), content: $0.content) }
        let last = try draft.session.log.imported(id, from: source).map(Fingerprint.fields) ?? [:]
        for field in fields where last[field.number] != field.bytes {
            try write(field.content, field.number, id, isNew: isNew, &draft)
        }
        var merged = last
        for field in fields { merged[field.number] = field.bytes }
        let effect: Effect = isNew ? .created : draft.operations.count > before ? .changed : .unchanged
        return (id, effect, Fingerprint.encode(merged))
    }

    private func write(
        _ content: RecordDocument.Content, _ field: UInt32, _ id: RecordID, isNew: Bool, _ draft: inout Draft
    ) throws {
        switch content {
        case .values(let values):
            try assign(values, id, field, nil, isNew: isNew, &draft)
        case .set(let values) where field == Field.same:
            for other in values.compactMap(\.recordID) { try draft.noteSame(id, other) }
        case .set(let values):
            for value in values { try draft.add(id, field, value) }
        case .log(let entries):
            for entry in entries {
                for value in isNew ? entry.values : Array(entry.values.prefix(1)) { try draft.enter(id, field, key: entry.key, value) }
            }
        case .map(let items):
            for item in items {
                let key = try draft.put(id, field, key: item.key, [])
                for part in item.fields { try assign(part.values, id, part.number, key, isNew: isNew, &draft) }
            }
        case .counter(let sum):
            if isNew, sum != 0 { try draft.increment(id, field, by: sum) }
        }
    }

    /// A new record gets every alternative, the shown one last: no write of a draft replaces another of it, and of equals the last is
    /// shown. Of a record that is here the first value is what the file says; where people disagree and it is among what they say,
    /// nobody chose.
    private func assign(
        _ values: [Value], _ id: RecordID, _ field: UInt32, _ key: ItemKey?, isNew: Bool, _ draft: inout Draft
    ) throws {
        if isNew {
            for value in values.reversed() { try draft.assign(id, field, key: key, value) }
        } else if let value = values.first {
            let merged = try draft.session.merged(of: id)
            if key == nil, merged?.isSeveral == true, merged?.document(graph: draft.session.index)?.value(field) == value { return }
            let live = merged?.state.live(field, key) ?? []
            if live.count > 1, live.contains(where: { $0.value == value }) { return }
            try draft.assign(id, field, key: key, value)
        }
    }
}

extension RecordDocument {
    /// Whether it says what the record is, and is not merely an entry about one that should be here.
    fileprivate var describesRecord: Bool {
        fields.contains { field in
            switch field.content {
            case .log, .counter: false
            default: field.number != Field.codes
            }
        }
    }
}

/// Short hashes of a document's fields: what was imported last, without keeping it twice.
private enum Fingerprint {
    static func bytes(_ content: RecordDocument.Content) -> [UInt8] {
        var writer = ByteWriter()
        append(content, to: &writer)
        return Array(Digest.plain(writer.bytes).bytes.prefix(8))
    }

    private static func append(_ content: RecordDocument.Content, to writer: inout ByteWriter) {
        switch content {
        case .values(let values), .set(let values):
            for value in values { value.append(to: &writer) }
        case .log(let entries):
            for entry in entries {
                writer.raw(entry.key?.bytes ?? [])
                for value in entry.values { value.append(to: &writer) }
            }
        case .map(let items):
            for item in items {
                writer.raw(item.key?.bytes ?? [])
                for field in item.fields {
                    writer.varint(UInt64(field.number))
                    for value in field.values { value.append(to: &writer) }
                }
            }
        case .counter(let sum): writer.zig(sum)
        }
    }

    static func encode(_ fields: [UInt32: [UInt8]]) -> [UInt8] {
        var writer = ByteWriter()
        for (number, bytes) in fields.sorted(by: { $0.key < $1.key }) {
            writer.varint(UInt64(number))
            writer.raw(bytes)
        }
        return writer.bytes
    }

    static func fields(_ bytes: [UInt8]) -> [UInt32: [UInt8]] {
        var reader = ByteReader(bytes)
        var fields: [UInt32: [UInt8]] = [:]
        while let number = try? reader.number32(), let hash = try? reader.raw(8) { fields[number] = Array(hash) }
        return fields
    }
}
