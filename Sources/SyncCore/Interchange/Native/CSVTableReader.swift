/// Reads the native CSV tables; the header says which one it is.
struct CSVTableReader: RecordReader {
    private let dates: WhenParser
    private var reader = CSVReader()
    private var shape: (table: CSVTable, columns: [CSVTable.Column])?
    private var isDone = false
    private(set) var cellsReadAsLatin1 = 0

    init(dates: WhenParser) { self.dates = dates }

    mutating func append(_ bytes: [UInt8]) { if !isDone { reader.append(bytes) } }

    mutating func finish() { reader.finish() }

    mutating func next() -> ImportItem? {
        while !isDone, let item = reader.next() {
            switch item {
            case .problem(let line, let column, let message):
                if shape == nil { isDone = true }
                return .problem(line: line, column: column, message: message)
            case .row(let row):
                cellsReadAsLatin1 += row.cellsReadAsLatin1
                if let item = take(row) { return item }
            }
        }
        return nil
    }

    private mutating func take(_ row: CSVRow) -> ImportItem? {
        do {
            guard let shape else {
                shape = try CSVTable.recognise(row.cells)
                return nil
            }
            guard row.cells.contains(where: { !CellList.trimmed($0).isEmpty }) else { return nil }
            return .record(try document(row, shape.table, shape.columns), line: row.line)
        } catch {
            if shape == nil { isDone = true }
            return .problem(line: row.line, column: error.column, message: error.message)
        }
    }

    private func document(_ row: CSVRow, _ table: CSVTable, _ columns: [CSVTable.Column]) throws(ImportFailure) -> RecordDocument
    {
        if let extra = row.cells.dropFirst(columns.count).firstIndex(where: { !$0.isEmpty }) {
            throw ImportFailure("the row has more cells than the header", column: extra + 1)
        }
        var draft = CSVDraft(table: table, dates: dates)
        for (index, (cell, column)) in zip(row.cells, columns).enumerated() where !cell.isEmpty {
            do {
                try draft.take(cell, column.content)
            } catch {
                throw ImportFailure("\(column.name): \(error.message)", column: index + 1)
            }
        }
        return try draft.document(row.cells)
    }
}

/// A record in the making: what the cells of one row said so far.
private struct CSVDraft {
    let table: CSVTable
    let dates: WhenParser
    private var id: RecordID?
    private var code: String?
    private var key: ItemKey?
    private var fields: [RecordDocument.FieldContent] = []
    private var tuples: [UInt32: [Value.Part]] = [:]
    private var organisers: [RecordDocument.Item] = []
    private var entry: [Value.Part] = []

    init(table: CSVTable, dates: WhenParser) {
        self.table = table
        self.dates = dates
    }

    mutating func take(_ cell: String, _ content: CSVTable.Column.Content) throws(ImportFailure) {
        switch content {
        case .id: try takeID(CellList.trimmed(cell))
        case .codes: takeCodes(cell)
        case .field(let field): try take(cell, field)
        case .part(let field, let part):
            tuples[field.number, default: []].append(Value.Part(part.number, try CellValues.value(cell, as: part.type, dates)))
        case .entryID:
            key = ItemKey(text: CellList.trimmed(cell))
            if key == nil { throw ImportFailure("expected 13 characters of base 32; leave it empty for a new one") }
        case .entryPart(let part): entry.append(Value.Part(part.number, try CellValues.value(cell, as: part.type, dates)))
        }
    }

    /// In a table of entries a text that is no id is a code.
    private mutating func takeID(_ text: String) throws(ImportFailure) {
        if text.isEmpty { return }
        id = text.utf8.count == 26 ? RecordID(text: text) : nil
        guard id == nil else { return }
        guard table.log != nil else {
            throw ImportFailure("expected 26 characters of base 32; an id of another system goes into 'code'")
        }
        code = text
    }

    private mutating func takeCodes(_ cell: String) {
        let codes = CellList.elements(cell).map { Value.text(CellList.unescaped($0)) }.uniqued()
        code = codes.first?.text
        if !codes.isEmpty { fields.append(.init(Field.codes, .set(codes))) }
    }

    private mutating func take(_ cell: String, _ field: FieldSchema) throws(ImportFailure) {
        switch field.kind {
        case .set:
            var values: [Value] = []
            for element in CellList.elements(cell) { values.append(try CSVCells.value(element, as: field.type, dates)) }
            if !values.isEmpty { fields.append(.init(field.number, .set(values.uniqued()))) }
        case .map: organisers = CellList.elements(cell).map(CSVCells.organiser)
        default: fields.append(.init(field.number, .values([try CellValues.value(cell, as: field.type, dates)])))
        }
    }

    // MARK: The whole row

    consuming func document(_ cells: [String]) throws(ImportFailure) -> RecordDocument {
        let id = try identity(cells)
        var document = RecordDocument(kind: table.kind, id: id, fields: fields)
        for (number, parts) in tuples {
            document.fields.append(.init(number, .values([.tuple(parts.sorted { $0.number < $1.number })])))
        }
        if let field = RecordSchema.of(table.kind)[Field.organisers], !organisers.isEmpty {
            var collector = ItemCollector(record: id, field: field)
            for item in organisers { try collector.add(item) }
            document.fields.append(.init(field.number, .map(collector.items)))
        }
        if let log = table.log { try add(entryOf: log, to: &document, id) }
        document.fields.sort { $0.number < $1.number }
        return document
    }

    private func identity(_ cells: [String]) throws(ImportFailure) -> RecordID {
        if let id { return id }
        if let code { return DerivedKeys.record(table.kind, code: code) }
        guard table.log == nil else { throw ImportFailure("\(table.kind.rawValue)_id is missing: whose entry is this?") }
        var row = ByteWriter()
        for cell in cells { row.text(cell) }
        return DerivedKeys.record(table.kind, row: row.bytes)
    }

    private func add(entryOf log: FieldSchema, to document: inout RecordDocument, _ id: RecordID) throws(ImportFailure) {
        guard !entry.isEmpty else { throw ImportFailure("the row says nothing: give 'text', or figures") }
        var collector = EntryCollector(record: id, field: log)
        try collector.add(key: key, .tuple(entry.sorted { $0.number < $1.number }))
        document.fields.append(.init(log.number, .log(collector.entries)))
        if let code { document.add(code: code) }
    }
}
