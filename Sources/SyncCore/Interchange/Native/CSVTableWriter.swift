/// Writes one of the native CSV tables. Records of the other kind are left out and counted.
public struct CSVTableWriter: ExportWriter {
    public private(set) var summary = ExportSummary()
    private let table: CSVTable
    private let columns: [CSVTable.Column]
    private let writer: CSVWriter
    private var hasHeader = false

    public init(_ table: CSVTable, lineEnd: CSVWriter.LineEnd = .lf, forSpreadsheet: Bool = false) {
        self.table = table
        columns = table.columns
        writer = CSVWriter(lineEnd: lineEnd, forSpreadsheet: forSpreadsheet)
    }

    public mutating func append(_ document: RecordDocument) -> [UInt8] {
        let start = finish()
        let rows = document.kind == table.kind ? rows(of: document) : []
        if rows.isEmpty { summary.recordsLeftOut += 1 } else { summary.records += 1 }
        return rows.reduce(into: start) { $0 += writer.row($1) }
    }

    public mutating func finish() -> [UInt8] {
        if hasHeader { return [] }
        hasHeader = true
        return writer.row(table.header)
    }

    private mutating func rows(of document: RecordDocument) -> [[String]] {
        guard let log = table.log else { return [recordRow(document)] }
        let entries = document.entries(log.number)
        guard let reference = Self.reference(document) else {
            summary.omit("\(log.name) of a record without an id", entries.count)
            return []
        }
        return entries.compactMap { row($0, of: reference, log) }
    }

    private static func reference(_ document: RecordDocument) -> String? {
        document.id?.text ?? document.set(Field.codes).lazy.compactMap(\.text).first
    }

    // MARK: Entries

    private mutating func row(_ entry: RecordDocument.Entry, of reference: String, _ log: FieldSchema) -> [String]? {
        guard case .tuple(let parts)? = entry.values.first else {
            summary.omit(log.name, entry.values.isEmpty ? 0 : 1)
            return nil
        }
        summary.omit("alternatives of \(log.name)", entry.values.count - 1)
        noteUnknown(parts, of: log)
        return columns.map { column in
            switch column.content {
            case .id: reference
            case .entryID: entry.key?.description ?? ""
            case .entryPart(let part):
                cell(parts.first { $0.number == part.number }?.value, as: part.type, "\(log.name).\(part.name)")
            case .codes, .field, .part: ""
            }
        }
    }

    private mutating func noteUnknown(_ parts: [Value.Part], of field: FieldSchema) {
        for part in parts where !field.type.parts.contains(where: { $0.number == part.number }) {
            summary.omit("\(field.name), part \(part.number)")
        }
    }

    private mutating func cell(_ value: Value?, as type: FieldType, _ name: String) -> String {
        guard let value else { return "" }
        guard let text = CellValues.text(value, as: type) else {
            summary.omit(name)
            return ""
        }
        return text
    }

    // MARK: Records

    private mutating func recordRow(_ document: RecordDocument) -> [String] {
        noteWhatHasNoColumn(document)
        return columns.map { column in
            switch column.content {
            case .id: document.id?.text ?? ""
            case .codes: RecordSchema.of(document.kind)[Field.codes].map { cell(document[Field.codes], of: $0) } ?? ""
            case .field(let field): cell(document[field.number], of: field)
            case .part(let field, let part):
                cell(document.value(field.number)?[part: part.number], as: part.type, "\(field.name).\(part.name)")
            case .entryID, .entryPart: ""
            }
        }
    }

    private mutating func noteWhatHasNoColumn(_ document: RecordDocument) {
        let schema = RecordSchema.of(document.kind)
        for content in document.fields {
            guard let field = schema.fields.first(where: { $0.number == content.number }) else {
                summary.omit("field \(content.number)")
                continue
            }
            switch content.content {
            case .values(let values):
                summary.omit("alternatives of \(field.name)", values.count - 1)
                if case .tuple(let parts)? = values.first { noteUnknown(parts, of: field) }
            case .log(let entries): summary.omit(field.name, entries.count)
            case .map(let items): if field.number != Field.organisers { summary.omit(field.name, items.count) }
            case .counter: summary.omit(field.name)
            case .set: break
            }
        }
    }

    private mutating func cell(_ content: RecordDocument.Content?, of field: FieldSchema) -> String {
        switch content {
        case .values(let values): return cell(values.first, as: field.type, field.name)
        case .set(let values):
            return joined(values.map { CSVCells.element($0, as: field.type) }, field.name)
        case .map(let items):
            for item in items {
                summary.omit("alternatives of \(field.name)", item.fields.reduce(0) { $0 + max(0, $1.values.count - 1) })
            }
            return joined(items.map { organiser($0, field.name) }, field.name)
        default: return ""
        }
    }

    private mutating func organiser(_ item: RecordDocument.Item, _ name: String) -> String? {
        if let text = CSVCells.organiser(item) { return text }
        let named = RecordDocument.Item(key: nil, fields: item.fields.filter { $0.number == Part.Organiser.name })
        guard let text = CSVCells.organiser(named) else { return nil }
        summary.omit("\(name).role")
        return text
    }

    private mutating func joined(_ elements: [String?], _ name: String) -> String {
        let kept = elements.compactMap(\.self).uniqued()
        summary.omit(name, elements.count - kept.count)
        return kept.joined(separator: "; ")
    }
}
