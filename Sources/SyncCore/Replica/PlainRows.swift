/// The rows of a record about which nobody disagrees: it is there, by itself, and every field of it has one value. Almost every record is
/// such a one, and its rows are read off its state without making a document of it.
struct PlainRows: Hashable {
    /// Of the kind's main table.
    fileprivate(set) var main: [ViewCell]
    /// Of its other tables, in the order of the layout.
    fileprivate(set) var children: [[[ViewCell]]]
}

/// Where the fields of one kind of record stand in its tables.
struct RowPlan {
    enum Place {
        /// From this column of the main table on.
        case main(column: Int, FieldType)
        case counter(column: Int)
        /// A child table: of a set, of a log's entries, of a map's items.
        case set(table: Int, FieldType)
        case log(table: Int, FieldType)
        case map(table: Int, [FieldSchema])
        /// It stands with its item.
        case itemField
        /// The record may be one with others.
        case decision
    }

    private let places: [Place?]
    private let mainColumns: Int
    /// What each child table tells, in the order of the layout: a field, and the fields of its items.
    let children: [Set<UInt32>]

    init(_ schema: RecordSchema) {
        var places: [UInt32: Place] = [:]
        var column = 1
        var children: [Set<UInt32>] = []
        for field in schema.fields {
            switch field.kind {
            case .register, .quiet, .strictest, .text:
                places[field.number] = .main(column: column, field.type)
                column += Self.width(field.type)
            case .counter:
                places[field.number] = .counter(column: column)
                column += 1
            case .set, .log, .map:
                let table = children.count
                switch field.kind {
                case .set: places[field.number] = .set(table: table, field.type)
                case .log: places[field.number] = .log(table: table, field.type)
                default:
                    places[field.number] = .map(table: table, field.itemFields)
                    for item in field.itemFields { places[item.number] = .itemField }
                }
                children.append(Set([field.number] + field.itemFields.map(\.number)))
            }
        }
        for field in schema.decisions { places[field.number] = .decision }
        (mainColumns, self.children) = (column, children)
        self.places = (0...(places.keys.max() ?? 0)).map { places[$0] }
    }

    /// The number of columns that a value takes.
    private static func width(_ type: FieldType) -> Int {
        if case .tuple(let parts) = type { parts.reduce(0) { $0 + width($1.type) } } else { 1 }
    }

    subscript(field: UInt32) -> Place? { Int(field) < places.count ? places[Int(field)] : nil }
}

extension RowPlan {
    /// The rows of `state`; nil where only a document can tell them.
    func rows(of state: RecordState, id: RecordID) -> PlainRows? {
        guard state.life.isAlive else { return nil }
        var rows = empty(id)
        for index in state.slots.indices {
            guard fill(&rows, state.slots[index].slot, state.slots[index].content, state) else { return nil }
        }
        return rows
    }

    /// False where people disagree, or several records may be one.
    private func fill(
        _ rows: inout PlainRows, _ slot: RecordState.Slot, _ content: RecordState.Content, _ state: RecordState
    ) -> Bool {
        guard let place = self[slot.field] else { return true }
        switch (content, place) {
        case (.writes(let writes), .main(let column, let type)):
            guard let write = writes.live.first else { return true }
            guard writes.live.count == 1, write.text?.isContested != true else { return false }
            rows.fill(column, write.value, type)
        case (.writes(let writes), .set(let table, let type)):
            guard let write = writes.live.first else { return true }
            guard writes.live.count == 1 else { return false }
            rows.children[table].append(ViewRows.element(write.value, type))
        case (.writes(let writes), .itemField): return writes.live.count <= 1
        case (.writes(let writes), .decision): return writes.live.isEmpty
        case (.entry(let entry), .log(let table, let type)):
            if entry.isRetracted { return true }
            guard entry.writes.count == 1 else { return false }
            rows.children[table].append(ViewRows.entry(slot.key, entry.writes[0].value, type))
        case (.life(let life), .map(let table, let fields)):
            guard life.isAlive, let key = slot.key else { return false }
            rows.children[table].append(ViewRows.item(key, fields) { state.live($0, key).first?.value })
        case (.tally(let tally), .counter(let column)): rows.main[column] = .integer(tally.value)
        default: return false
        }
        return true
    }
}

extension RowPlan {
    /// The rows of a record that one change makes; nil where it may be one with others.
    func rows(of fresh: FreshState, id: RecordID) -> PlainRows? {
        var rows = empty(id)
        for place in fresh.places {
            switch (place.content, self[place.slot.field]) {
            case (_, nil), (_, .itemField): continue
            case (.write(let value, _), .main(let column, let type)): rows.fill(column, value, type)
            case (.write(let value, _), .set(let table, let type)): rows.children[table].append(ViewRows.element(value, type))
            case (.entry(let value), .log(let table, let type)):
                rows.children[table].append(ViewRows.entry(place.slot.key, value, type))
            case (.item, .map(let table, let fields)):
                guard let key = place.slot.key else { return nil }
                rows.children[table].append(ViewRows.item(key, fields) { fresh.value($0, key) })
            default: return nil
            }
        }
        return rows
    }

    private func empty(_ id: RecordID) -> PlainRows {
        var rows = PlainRows(
            main: [ViewCell](repeating: .null, count: mainColumns), children: [[[ViewCell]]](repeating: [], count: children.count))
        rows.main[0] = .text(id.text)
        return rows
    }
}

extension PlainRows {
    fileprivate mutating func fill(_ column: Int, _ value: Value, _ type: FieldType) {
        var column = column
        ViewRows.eachCell(of: value, type) { cell in
            main[column] = cell
            column += 1
        }
    }
}
