/// How the registry becomes tables, and a document rows.
struct ViewRows {
    let schema: Schema
    /// Of a view: it changes with the schema, and with the tables.
    let version: Int
    let layout: ViewLayout
    private let tablesByKind: [RecordKind: [ViewLayout.Table]]
    private let plans: [RecordKind: RowPlan]

    init(_ schema: Schema) {
        self.schema = schema
        plans = Dictionary(uniqueKeysWithValues: schema.kinds.compactMap { kind in schema[kind].map { (kind, RowPlan($0)) } })
        version = schema.version * 1000 + Self.layoutVersion
        tablesByKind = Dictionary(
            uniqueKeysWithValues: schema.kinds.compactMap { kind in schema[kind].map { (kind, Self.tables(of: $0)) } })
        layout = ViewLayout(tables: schema.kinds.flatMap { [tablesByKind] kind in tablesByKind[kind] ?? [] })
    }

    /// Raised when the tables change although the registry did not.
    static let layoutVersion = 6

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

    /// Where the fields of a kind stand.
    func plan(_ kind: RecordKind) -> RowPlan? { plans[kind] }

    func tables(_ kind: RecordKind) -> [ViewLayout.Table] { tablesByKind[kind] ?? [] }

    private static func childRows(_ document: RecordDocument, _ field: FieldSchema) -> [[ViewCell]] {
        switch field.kind {
        case .map: document.items(field.number).map { shown in item(shown.key, field.itemFields) { shown.value($0) } }
        case .log: document.entries(field.number).map { entry($0.key, $0.values.first, field.type) }
        default: document.set(field.number).map { element($0, field.type) }
        }
    }

    private static func cells(_ value: Value?, _ type: FieldType) -> [ViewCell] {
        var cells: [ViewCell] = []
        eachCell(of: value, type) { cells.append($0) }
        return cells
    }
}

extension ViewRows {
    /// The row of a map's item.
    static func item(_ key: ItemKey?, _ fields: [FieldSchema], _ value: (UInt32) -> Value?) -> [ViewCell] {
        var row = [ViewCell.text(key?.description ?? "")]
        for field in fields { eachCell(of: value(field.number), field.type) { row.append($0) } }
        return row
    }

    /// The row of a log's entry.
    static func entry(_ key: ItemKey?, _ value: Value?, _ type: FieldType) -> [ViewCell] {
        var row = [ViewCell.text(key?.description ?? "")]
        eachCell(of: value, type) { row.append($0) }
        return row
    }

    /// The row of a set's element.
    static func element(_ value: Value, _ type: FieldType) -> [ViewCell] {
        var row: [ViewCell] = []
        if case .tuple = type { row.append(.text(Hex.encode(Digest.plain(value.encoded).bytes.prefix(8)))) }
        eachCell(of: value, type) { row.append($0) }
        return row
    }

    /// The columns that a value takes, in order: NULL in each where it says nothing.
    static func eachCell(of value: Value?, _ type: FieldType, _ body: (ViewCell) -> Void) {
        if case .tuple(let parts) = type {
            for part in parts { eachCell(of: value?[part: part.number], part.type, body) }
            return
        }
        switch value {
        case .text(let text): body(.text(text))
        case .integer(let number):
            if case .degrees = type { body(.real(Double(number) / 1e7)) } else { body(.integer(number)) }
        case .bytes(let bytes):
            if case .record = type { body(RecordID(bytes).map { .text($0.text) } ?? .null) } else { body(.bytes(bytes)) }
        default: body(.null)
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
