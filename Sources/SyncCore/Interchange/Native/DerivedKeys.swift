/// Ids that everybody who imports the same source arrives at.
public enum DerivedKeys {
    /// The id of the record that another system, or a seed, calls `code`.
    public static func record(_ kind: RecordKind, code: String) -> RecordID {
        identifier(Digest.hash("sync/v1/code", Array(kind.rawValue.utf8), [0], Array(code.utf8)))
    }

    /// The id of a record that its source gives no name: from the bytes of its line, or its cells.
    static func record(_ kind: RecordKind, row: [UInt8]) -> RecordID {
        identifier(Digest.hash("sync/v1/row", Array(kind.rawValue.utf8), [0], row))
    }

    private static func identifier(_ hash: Hash32) -> RecordID { RecordID(high: hash.first, low: hash.second) }

    /// The key of an entry that has none: equal reports are one entry.
    public static func entry(of record: RecordID, field: FieldSchema, value: Value) -> ItemKey {
        ItemKey(derivedFrom: record.bytes, Array(field.name.utf8), value.encoded)
    }

    /// The key of an item that has none: by what tells it from its neighbours (the organiser's name, the source's URL or else its
    /// title, the file's hash, the batch's serials), or by all of it where that is missing.
    ///
    /// `occurrence` counts from 1 the items of one document for which this would be the same.
    public static func item(
        of record: RecordID, field: FieldSchema, item: RecordDocument.Item, occurrence: Int = 1
    ) -> ItemKey {
        var identity: [UInt8] = []
        for value in identifyingValues(field.number, item) { identity += value.encoded }
        guard occurrence > 1 else { return ItemKey(derivedFrom: record.bytes, Array(field.name.utf8), identity) }
        return ItemKey(derivedFrom: record.bytes, Array(field.name.utf8), identity, Array(String(occurrence).utf8))
    }

    private static func identifyingValues(_ field: UInt32, _ item: RecordDocument.Item) -> [Value] {
        for numbers in identifyingFields(field) {
            let values = numbers.compactMap(item.value).filter { !$0.isNothing }
            if values.count == numbers.count { return values }
        }
        return [.tuple(item.fields.compactMap { field in field.values.first.map { Value.Part(field.number, $0) } })]
    }

    /// The first of these that is complete identifies an item.
    private static func identifyingFields(_ field: UInt32) -> [[UInt32]] {
        switch field {
        case Field.organisers: [[Part.Organiser.name]]
        case Field.speakers: [[Part.Speaker.name]]
        case Field.sources: [[Part.Source.url], [Part.Source.title]]
        case Field.media: [[Part.Media.sha256]]
        case Field.batches: [[Part.Batch.firstSerial, Part.Batch.lastSerial]]
        default: []
        }
    }
}

extension Part {
    enum Speaker { static let name: UInt32 = 48 }
    enum Media { static let sha256: UInt32 = 17 }
    enum Source {
        static let url: UInt32 = 10
        static let title: UInt32 = 60
    }
}
