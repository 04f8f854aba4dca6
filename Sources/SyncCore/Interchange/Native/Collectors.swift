/// Gathers the entries of one log and gives keys to those that come without.
struct EntryCollector {
    let record: RecordID
    let field: FieldSchema
    private(set) var entries: [RecordDocument.Entry] = []
    private var places: [ItemKey: Int] = [:]

    init(record: RecordID, field: FieldSchema) {
        self.record = record
        self.field = field
    }

    /// The same entry given twice is one; a key with two contents is refused. A count without a key is one of attendance unless
    /// it says otherwise.
    mutating func add(key: ItemKey?, _ value: Value) throws(ImportFailure) {
        let value = key == nil && field.number == Field.counts ? Self.withSubject(value) : value
        let key = key ?? DerivedKeys.entry(of: record, field: field, value: value)
        if let place = places[key] {
            guard entries[place].values == [value] else { throw ImportFailure("two different entries have the id \(key)") }
            return
        }
        places[key] = entries.count
        entries.append(RecordDocument.Entry(key: key, values: [value]))
    }

    private static func withSubject(_ value: Value) -> Value {
        guard case .tuple(let parts) = value, !parts.contains(where: { $0.number == Part.Count.what }) else { return value }
        let subject = Value.Part(Part.Count.what, .text(CountSubject.attendance.rawValue))
        return .tuple(([subject] + parts).sorted { $0.number < $1.number })
    }
}

/// Gathers the items of one map and gives keys to those that come without.
struct ItemCollector {
    let record: RecordID
    let field: FieldSchema
    private(set) var items: [RecordDocument.Item] = []
    private var keys: Set<ItemKey> = []
    private var keyless: Set<RecordDocument.Item> = []
    private var occurrences: [ItemKey: Int] = [:]

    init(record: RecordID, field: FieldSchema) {
        self.record = record
        self.field = field
    }

    /// The same item given twice without a key is one; those that differ but would have one key are told apart by their order.
    mutating func add(_ item: RecordDocument.Item) throws(ImportFailure) {
        var item = item
        if item.key == nil {
            guard keyless.insert(item).inserted else { return }
            item.key = newKey(for: item)
        }
        guard let key = item.key, keys.insert(key).inserted else {
            throw ImportFailure("two items of \(field.name) have the same id")
        }
        items.append(item)
    }

    private mutating func newKey(for item: RecordDocument.Item) -> ItemKey {
        let first = DerivedKeys.item(of: record, field: field, item: item)
        let occurrence = occurrences[first, default: 0] + 1
        occurrences[first] = occurrence
        return occurrence == 1 ? first : DerivedKeys.item(of: record, field: field, item: item, occurrence: occurrence)
    }
}
