import SyncCore

extension FieldSchema {
    /// What stands in front of its value: `first serial`.
    var label: String { name.replacing("_", with: " ") }
}

extension RecordSchema {
    /// The map or log that an item's field belongs to; nil for a field of the record itself.
    func map(of field: FieldSchema) -> FieldSchema? {
        fields.first { $0.itemFields.contains { $0.number == field.number } }
    }

    /// The field that people call so.
    ///
    /// - Throws: `usage`, with the names that there are.
    func field(named name: String) throws -> FieldSchema {
        let wanted = name.lowercased().replacing("-", with: "_").replacing(" ", with: "_")
        if let field = self[wanted] { return field }
        throw SyncError(
            .usage, "There is no field “\(name)”.", safe: Failure.unchanged,
            next: "Fields are: \(fields.map(\.name).joined(separator: ", ")).")
    }

    /// The number of a part of a tuple, or of a map's item field.
    func inner(_ field: UInt32, _ name: String) -> UInt32 {
        let schema = self[field]
        if let item = schema?.itemField(named: name) { return item.number }
        return schema?.type.tupleParts.first { $0.name == name }?.number ?? 0
    }
}

/// A choice that must be one of the registry's names.
enum Choice {
    /// - Throws: `usage`, with the names that there are.
    static func checked(_ text: String, _ type: FieldType?, option: String) throws -> String {
        guard case .choice(let names)? = type else { return text }
        if names.contains(where: { ByteOrder.same($0, text) }) { return text }
        let close = text.lowercased().replacing("-", with: " ")
        if let name = names.first(where: { $0.replacing("-", with: " ") == close }) { return name }
        throw SyncError(
            .usage, "\(option): “\(text)” is not known.", safe: Failure.unchanged, next: "Known are: \(names.joined(separator: ", ")).")
    }
}

extension FieldType {
    /// The parts of a tuple; none of any other type.
    var tupleParts: [PartSchema] {
        if case .tuple(let parts) = self { parts } else { [] }
    }
}
