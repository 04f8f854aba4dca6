/// How the registry becomes tables, and a document rows.
struct ViewRows {
    let schema: Schema
    /// Of a view: it changes with the schema, and with the tables.
    let version: Int
    let layout: ViewLayout
    private let tablesByKind: [RecordKind: [ViewLayout.Table]]

    init(_ schema: Schema) {
        self.schema = schema
        version = schema.version * 1000 + Self.layoutVersion
        tablesByKind = Dictionary(
            uniqueKeysWithValues: schema.kinds.compactMap { kind in schema[kind].map { (kind, Self.tables(of: $0)) } })
        layout = ViewLayout(tables: schema.kinds.flatMap { [tablesByKind] kind in tablesByKind[kind] ?? [] })
    }

    /// Raised when the tables change although the registry did not.
    static let layoutVersion = 5

    private static func tables(of schema: RecordSchema) -> [ViewLayout.Table] {
        let single = schema.fields.filter { $0.kind.isSingle || $0.kind == .counter }
        let mainColumns = [ViewLayout.Column("id", "TEXT NOT NULL")] + single.flatMap { columns($0.name, $0.type) }
        let main = ViewLayout.Table(name: schema.kind.rawValue, columns: mainColumns, isMain: true, indexed: [sortColumn(of: schema)])
        let children = schema.fields.filter { !$0.kind.isSingle && $0.kind != .counter }.map { field in
            ViewLayout.Table(name: "\(schema.kind.rawValue)_\(field.name)", columns: childColumns(field), isMain: false)
        }
        return [main] + children
    }

    /// Events by when they start, others by title.
    static func sortColumn(of schema: RecordSchema) -> String { schema["starts"] == nil ? "title" : "starts" }

    private static func childColumns(_ field: FieldSchema) -> [ViewLayout.Column] {
        let key = ViewLayout.Column("key", "TEXT NOT NULL")
        if field.kind == .map { return [key] + field.itemFields.flatMap { columns($0.name, $0.type) } }
        if case .tuple = field.type { return [key] + columns("", field.type) }
        return [ViewLayout.Column("value", "TEXT NOT NULL")]
    }

    private static func columns(_ name: String, _ type: FieldType) -> [ViewLayout.Column] {
        guard case .tuple(let parts) = type else { return [ViewLayout.Column(quoted(name), sqlType(type))] }
        return parts.flatMap { part in columns(name.isEmpty ? part.name : "\(name)_\(part.name)", part.type) }
    }

    /// `to` and `on` are field names and SQL words.
    private static func quoted(_ name: String) -> String { "\"\(name)\"" }

    private static func sqlType(_ type: FieldType) -> String {
        switch type {
        case .text, .when, .choice, .record, .tuple: "TEXT"
        case .integer, .flag: "INTEGER"
        case .degrees: "REAL"
        case .hash: "BLOB"
        }
    }

    /// The rows of a record, table by table, in the order of the layout.
    func rows(of document: RecordDocument) -> [(table: ViewLayout.Table, rows: [[ViewCell]])] {
        guard let tables = tablesByKind[document.kind], let schema = schema[document.kind], let id = document.id else { return [] }
        var main: [ViewCell] = [.text(id.text)]
        var children: [[[ViewCell]]] = []
        for field in schema.fields {
            if field.kind.isSingle {
                main += Self.cells(document.value(field.number), field.type)
            } else if field.kind == .counter {
                if case .counter(let sum) = document[field.number] { main.append(.integer(sum)) } else { main.append(.null) }
            } else {
                children.append(Self.childRows(document, field))
            }
        }
        return [(tables[0], [main])] + zip(tables.dropFirst(), children).map { ($0, $1) }
    }

    func tables(_ kind: RecordKind) -> [ViewLayout.Table] { tablesByKind[kind] ?? [] }

    private static func childRows(_ document: RecordDocument, _ field: FieldSchema) -> [[ViewCell]] {
        switch field.kind {
        case .map:
            document.items(field.number).map { item in
                [.text(item.key?.description ?? "")]
                    + field.itemFields.flatMap { cells(item.value($0.number), $0.type) }
            }
        case .log:
            document.entries(field.number).map { entry in
                [.text(entry.key?.description ?? "")] + cells(entry.values.first, field.type)
            }
        default:
            document.set(field.number).map { value in
                guard case .tuple = field.type else { return cells(value, field.type) }
                return [.text(Hex.encode(Digest.plain(value.encoded).bytes.prefix(8)))] + cells(value, field.type)
            }
        }
    }

    private static func cells(_ value: Value?, _ type: FieldType) -> [ViewCell] {
        if case .tuple(let parts) = type { return parts.flatMap { cells(value?[part: $0.number], $0.type) } }
        switch value {
        case .text(let text): return [.text(text)]
        case .integer(let number):
            if case .degrees = type { return [.real(Double(number) / 1e7)] }
            return [.integer(number)]
        case .bytes(let bytes):
            if case .record = type { return [RecordID(bytes).map { .text($0.text) } ?? .null] }
            return [.bytes(bytes)]
        default: return [.null]
        }
    }
}

extension MergeKind {
    /// Whether readers see one value.
    public var isSingle: Bool {
        switch self {
        case .register, .quiet, .strictest, .text: true
        case .set, .log, .map, .counter: false
        }
    }
}
