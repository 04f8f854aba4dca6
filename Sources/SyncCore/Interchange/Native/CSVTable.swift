/// The native CSV files: what their columns are called and what they hold.
public enum CSVTable: String, Hashable, Sendable, CaseIterable {
    /// One row a rally.
    case events
    /// One row a petition.
    case petitions
    /// One row a crowd count.
    case counts
    /// One row a reading of a petition's total.
    case readings

    /// Whose rows these are.
    public var kind: RecordKind {
        switch self {
        case .events, .counts: .event
        case .petitions, .readings: .petition
        }
    }

    /// The header, in the order of an export.
    public var header: [String] { columns.map(\.name) }

    struct Column: Sendable {
        enum Content: Sendable {
            case id
            case codes
            /// A single value that fits a cell, a set, or the organisers.
            case field(FieldSchema)
            /// A part of a single value.
            case part(FieldSchema, PartSchema)
            case entryID
            case entryPart(PartSchema)
        }

        let name: String
        let content: Content
    }

    /// The log that the rows are entries of; nil where a row is a record.
    var log: FieldSchema? {
        switch self {
        case .events, .petitions: nil
        case .counts: RecordSchema.event[Field.counts]
        case .readings: RecordSchema.petition[Field.readings]
        }
    }

    var columns: [Column] {
        guard let log else { return Self.recordColumns(kind) }
        let entry = self == .counts ? "count" : "reading"
        return [Column(name: kind.rawValue + "_id", content: .id), Column(name: entry + "_id", content: .entryID)]
            + log.type.parts.map { Column(name: renamed($0.name), content: .entryPart($0)) }
    }

    private func renamed(_ part: String) -> String {
        switch (self, part) {
        case (_, "source"): "source_url"
        case (.counts, "seen"): "observed_at"
        default: part
        }
    }

    private static func recordColumns(_ kind: RecordKind) -> [Column] {
        var columns = [Column(name: "id", content: .id), Column(name: "code", content: .codes)]
        for field in RecordSchema.of(kind).fields.sorted(by: { $0.number < $1.number }) where hasColumns(field) {
            if field.kind != .set, case .tuple(let parts) = field.type {
                columns += parts.map { Column(name: "\(field.name).\($0.name)", content: .part(field, $0)) }
            } else {
                columns.append(Column(name: field.name, content: .field(field)))
            }
        }
        return columns
    }

    private static func hasColumns(_ field: FieldSchema) -> Bool {
        switch field.kind {
        case .register, .quiet, .strictest, .text: true
        case .set: field.number != Field.codes
        case .map: field.number == Field.organisers
        case .log, .counter: false
        }
    }
}

extension FieldType {
    var parts: [PartSchema] {
        if case .tuple(let parts) = self { parts } else { [] }
    }
}

extension CSVTable {
    /// Which table a header belongs to, and the column of each of its cells.
    static func recognise(_ header: [String]) throws(ImportFailure) -> (table: CSVTable, columns: [Column]) {
        let names = header.map { CellList.trimmed($0).lowercased() }
        let table = try table(of: names)
        let known = table.columns
        var columns: [Column] = []
        var unknown: [String] = []
        for (index, name) in names.enumerated() {
            guard !names[..<index].contains(where: { ByteOrder.same($0, name) }) else {
                throw ImportFailure("the column \(Quoted.name(name)) stands twice in the header", column: index + 1)
            }
            if let column = known.first(where: { ByteOrder.same($0.name, name) }) {
                columns.append(column)
            } else {
                unknown.append(Quoted.name(header[index]))
            }
        }
        guard unknown.isEmpty else { throw unknownColumns(unknown, table) }
        guard columns.count > 1 else { throw ImportFailure("a header needs two columns at least") }
        return (table, columns)
    }

    private static func unknownColumns(_ names: [String], _ table: CSVTable) -> ImportFailure {
        let shown = names.prefix(8).joined(separator: ", ")
        let more = names.count > 8 ? " and \(names.count - 8) more" : ""
        return ImportFailure(
            "unknown columns for \(table.rawValue): \(shown)\(more). Nothing was read. Rename them, or take them out.")
    }

    /// By a column that only one table has: of several, the one with the most.
    private static func table(of names: [String]) throws(ImportFailure) -> CSVTable {
        if names.contains("event_id") { return .counts }
        if names.contains("petition_id") { return .readings }
        let events = Set(CSVTable.events.header)
        let petitions = Set(CSVTable.petitions.header)
        let asEvents = names.count { events.contains($0) && !petitions.contains($0) }
        let asPetitions = names.count { petitions.contains($0) && !events.contains($0) }
        guard asEvents != asPetitions else {
            throw ImportFailure(
                "the header does not say what the rows are. Give a column that only events have (starts), only petitions (state), "
                    + "only counts (event_id) or only readings (petition_id).")
        }
        return asEvents > asPetitions ? .events : .petitions
    }
}
