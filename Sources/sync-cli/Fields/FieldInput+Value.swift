import SyncCore

extension FieldInput {
    /// One value of any field, as `--set` takes it. Of a tuple, `part=value; part=value`.
    func value(_ text: String, _ field: FieldSchema) throws -> Value {
        if field.number == Field.geo { return try position(text) }
        if field.number == Field.counts, !text.contains("=") { return try CountDetails().value(text, self) }
        return try value(text, field.type, "--set")
    }

    /// Of a field in parts, those that `part=value; part=value` names; nil where a value is given whole.
    func parts(_ text: String, _ field: FieldSchema) throws -> ValueParts? {
        guard field.number != Field.geo, text.contains("="), case .tuple(let parts) = field.type else { return nil }
        return try self.parts(text, parts, "--set")
    }

    private func value(_ text: String, _ type: FieldType, _ option: String) throws -> Value {
        switch type {
        case .text: return try self.text(text, option)
        case .integer: return .integer(try integer(text, option))
        case .when: return .text(try date(text, option).isoText)
        case .choice: return .text(try Choice.checked(text, type, option: option))
        case .degrees:
            guard let degrees = Double(text), abs(degrees) <= 180 else { throw Self.unreadable(text, option, "degrees") }
            return .integer(Int64((degrees * 1e7).rounded()))
        case .hash:
            guard let hash = Hash32(hex: text) else { throw Self.unreadable(text, option, "64 hexadecimal digits") }
            return .bytes(hash.bytes)
        case .record:
            guard let id = RecordID(text: text) else { throw Self.unreadable(text, option, "the whole id of a record") }
            return .bytes(id.bytes)
        case .flag:
            guard let flag = ["no": 0, "yes": 1][text.lowercased()] else { throw Self.unreadable(text, option, "yes or no") }
            return .integer(Int64(flag))
        case .tuple(let parts): return try tuple(text, parts, option)
        }
    }

    private func tuple(_ text: String, _ schema: [PartSchema], _ option: String) throws -> Value {
        try parts(text, schema, option).merged(into: .tuple([]))
    }

    private func parts(_ text: String, _ schema: [PartSchema], _ option: String) throws -> ValueParts {
        var values: [UInt32: Value?] = [:]
        for piece in text.split(separator: ";") {
            guard let sign = piece.firstIndex(of: "="),
                case let name = Choice.trimmed(String(piece[..<sign])), let part = schema.first(where: { $0.name == name })
            else {
                throw SyncError(
                    .usage, "\(option): “\(text)” does not name the parts of this field.", safe: Failure.unchanged,
                    next: "Write it as part=value; part=value. Parts are: \(schema.map(\.name).joined(separator: ", ")).")
            }
            let text = Choice.trimmed(String(piece[piece.index(after: sign)...]))
            values[part.number] = .some(text.isEmpty ? nil : try value(text, part.type, option))
        }
        return ValueParts(parts: values)
    }

    private static func unreadable(_ text: String, _ option: String, _ expected: String) -> SyncError {
        SyncError(.usage, "\(option): “\(text)” is not \(expected).", safe: Failure.unchanged)
    }
}

/// Some parts of a value; nil for one that is taken away.
struct ValueParts {
    var parts: [UInt32: Value?]

    /// The value with these in place of its own.
    func merged(into value: Value) -> Value {
        var all: [UInt32: Value] = [:]
        if case .tuple(let old) = value { for part in old { all[part.number] = part.value } }
        for (number, value) in parts { all[number] = value }
        return all.isEmpty ? .nothing : .tuple(all.sorted { $0.key < $1.key }.map { Value.Part($0.key, $0.value) })
    }
}
