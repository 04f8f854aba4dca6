/// The elements of a set, and organisers, as they stand in one cell of native CSV.
enum CSVCells {
    private static let colon = UInt8(ascii: ":")

    // MARK: Sets

    /// Nil for an element that would not be read back as it is.
    static func element(_ value: Value, as type: FieldType) -> String? {
        guard let text = unchecked(value, as: type) else { return nil }
        let elements = CellList.elements(text)
        guard elements.count == 1, let back = try? self.value(elements[0], as: type, nil), back == value else { return nil }
        return text
    }

    private static func unchecked(_ value: Value, as type: FieldType) -> String? {
        guard case .tuple(let schema) = type, schema.count == 2 else {
            return CellValues.text(value, as: type).map { CellList.escaped($0) }
        }
        guard type.accepts(value) else { return nil }
        let first = value[part: schema[0].number]?.text.map { CellList.escaped($0, ":") + ": " } ?? ""
        let second = value[part: schema[1].number]?.text.map { CellList.escaped($0, first.isEmpty ? ":" : "") } ?? ""
        return first + second
    }

    /// `relation: target`, `stance: text`, or the second part alone.
    static func value(_ element: Substring, as type: FieldType, _ dates: WhenParser?) throws(ImportFailure) -> Value {
        guard case .tuple(let schema) = type, schema.count == 2 else {
            return try CellValues.value(CellList.unescaped(element), as: type, dates)
        }
        guard let (first, second) = CellList.halves(element, at: colon) else {
            return .tuple([
                Value.Part(schema[1].number, try CellValues.value(CellList.unescaped(element), as: schema[1].type, dates))
            ])
        }
        var parts: [Value.Part] = []
        for (text, part) in [(first, schema[0]), (second, schema[1])] where !text.isEmpty {
            parts.append(Value.Part(part.number, try CellValues.value(CellList.unescaped(text), as: part.type, dates)))
        }
        return .tuple(parts)
    }

    // MARK: Organisers

    /// `name (role)`. Nil if it would not be read back as it is.
    static func organiser(_ item: RecordDocument.Item) -> String? {
        guard case .text(let name)? = item.value(Part.Organiser.name) else { return nil }
        var text = CellList.escaped(name, "(")
        if case .text(let role)? = item.value(Part.Organiser.role) { text += " (" + CellList.escaped(role, "()") + ")" }
        let said = item.fields.filter { $0.values.first?.isNothing == false }
        let shown = RecordDocument.Item(key: nil, fields: said.map { ($0.number, Array($0.values.prefix(1))) })
        let elements = CellList.elements(text)
        guard elements.count == 1, organiser(elements[0]) == shown else { return nil }
        return text
    }

    /// Parentheses at the end that hold no role of the schema belong to the name.
    static func organiser(_ element: Substring) -> RecordDocument.Item {
        let (name, role) = nameAndRole(element)
        var fields = [(number: Part.Organiser.name, values: [Value.text(CellList.unescaped(name))])]
        if let role { fields.append((Part.Organiser.role, [.text(role)])) }
        return RecordDocument.Item(key: nil, fields: fields)
    }

    private static func nameAndRole(_ element: Substring) -> (Substring, String?) {
        guard element.utf8.last == UInt8(ascii: ")"),
            let open = element.utf8.lastIndex(of: UInt8(ascii: "(")), open > element.startIndex
        else { return (element, nil) }
        let name = CellList.trimmed(Substring(element.utf8[..<open]))
        let role = String(Substring(element.utf8[element.utf8.index(after: open)...].dropLast()))
        guard name.utf8.last != UInt8(ascii: "\\"), !name.isEmpty, roles.contains(where: { ByteOrder.same($0, role) }) else {
            return (element, nil)
        }
        return (name, role)
    }

    private static let roles: [String] = {
        let type = RecordSchema.event[Field.organisers]?.itemFields.first { $0.number == Part.Organiser.role }?.type
        if case .choice(let names)? = type { return names }
        return []
    }()
}
