import SyncCore

/// The keys of entries and items, as short as they can be told apart.
enum EntryKeys {
    static func short(_ key: ItemKey?, among keys: [ItemKey]) -> String {
        guard let text = key?.description else { return "" }
        let shared = keys.map(\.description).filter { $0 != text }.map { other in
            zip(other.utf8, text.utf8).prefix { $0 == $1 }.count
        }
        return String(text.prefix(max(4, (shared.max() ?? 0) + 1)))
    }

    /// An entry of a log of the record by the beginning of its key.
    ///
    /// - Throws: `usage` where none or several begin so.
    static func find(_ prefix: String, in document: RecordDocument) throws -> (field: FieldSchema, key: ItemKey, text: String) {
        let wanted = prefix.lowercased()
        var found: [(field: FieldSchema, key: ItemKey, text: String)] = []
        for field in RecordSchema.of(document.kind).fields where field.kind == .log {
            for entry in document.entries(field.number) {
                guard let key = entry.key, key.description.hasPrefix(wanted), let value = entry.values.first else { continue }
                found.append((field, key, ValueText.text(value, field)))
            }
        }
        return try only(found, prefix, "entry", next: "See the keys in  sync \(document.kind.rawValue) show ID.") {
            "\($0.key)  \($0.text)"
        }
    }

    /// A batch of a petition by the beginning of its key.
    static func batch(_ prefix: String, in document: RecordDocument) throws -> RecordDocument.Item {
        let found = document.items(Field.batches).filter { $0.key?.description.hasPrefix(prefix.lowercased()) ?? false }
        return try only(found, prefix, "batch", next: "See the keys in  sync petition show ID.") {
            "\($0.key?.description ?? "")  \(BatchText($0).line)"
        }
    }

    private static func only<Found>(
        _ found: [Found], _ prefix: String, _ what: String, next: String, text: (Found) -> String
    ) throws -> Found {
        guard found.count == 1 else {
            let message = found.isEmpty
                ? "No \(what) of this record has a key that begins with “\(prefix)”."
                : "Several keys begin with “\(prefix)”:\n\(found.map { "  \(text($0))" }.joined(separator: "\n"))"
            throw SyncError(.usage, message, safe: Failure.unchanged, next: found.isEmpty ? next : "Type more of the key.")
        }
        return found[0]
    }
}
