/// Values of the registry's types as JSON.
///
/// Degrees are decimal numbers, hashes hexadecimal, flags true and false, dates `When.isoText`, cleared fields null. A part that
/// this version does not know stands under `#` and its number, encoded as in the log, in hexadecimal.
enum JSONValues {
    /// Nil for a value that does not fit its field.
    static func node(_ value: Value, as type: FieldType) -> JSONNode? {
        guard type.accepts(value) else { return nil }
        switch (type, value) {
        case (_, .nothing): return .null
        case (.flag, .integer(let number)): return .bool(number == 1)
        case (.degrees, .integer(let units)): return degrees(units)
        case (_, .integer(let number)): return .integer(number)
        case (_, .text(let text)): return .string(text)
        case (.record, .bytes(let bytes)): return RecordID(bytes).map { .string($0.text) }
        case (_, .bytes(let bytes)): return .string(Hex.encode(bytes))
        case (.tuple(let schema), .tuple(let parts)): return .object(members(parts, schema))
        case (_, .tuple): return nil
        }
    }

    private static func degrees(_ units: Int64) -> JSONNode {
        units.isMultiple(of: 10_000_000) ? .integer(units / 10_000_000) : .decimal(FixedPoint.text(units))
    }

    /// The parts of a tuple that its type accepts.
    static func members(_ parts: [Value.Part], _ schema: [PartSchema]) -> [JSONMember] {
        parts.compactMap { part in
            guard let known = schema.first(where: { $0.number == part.number }) else { return unknown(part.number, part.value) }
            return node(part.value, as: known.type).map { JSONMember(known.name, $0) }
        }
    }

    static func unknown(_ number: UInt32, _ value: Value) -> JSONMember {
        JSONMember("#\(number)", .string(Hex.encode(value.encoded)))
    }
}

/// JSON as values of the registry's types.
struct JSONValueReader: Sendable {
    let dates: WhenParser

    func value(_ node: JSONNode, as type: FieldType) throws(ImportFailure) -> Value {
        switch (type, node) {
        case (_, .null): return .nothing
        case (.text, .string(let text)), (.choice, .string(let text)): return .text(text)
        case (.when, .string(let text)): return .text(try CellValues.date(text, dates))
        case (.integer, .integer(let number)): return .integer(number)
        case (.flag, .bool(let flag)): return .integer(flag ? 1 : 0)
        case (.degrees, .integer(let number)): return try degrees(String(number))
        case (.degrees, .decimal(let digits)): return try degrees(digits)
        case (.hash, .string(let text)):
            guard let hash = Hash32(hex: text) else { throw ImportFailure("expected a SHA-256 value: 64 hexadecimal digits") }
            return .bytes(hash.bytes)
        case (.record, .string(let text)):
            guard let id = RecordID(text: text) else { throw ImportFailure(CellValues.recordMessage) }
            return .bytes(id.bytes)
        case (.tuple(let schema), .object(let members)): return try tuple(members, schema)
        default: throw ImportFailure("expected \(Self.expectation(type)), found \(node.kindName)")
        }
    }

    private func degrees(_ text: String) throws(ImportFailure) -> Value {
        guard let units = FixedPoint.units(text) else { throw ImportFailure(CellValues.degreesMessage) }
        return .integer(units)
    }

    private static func expectation(_ type: FieldType) -> String {
        switch type {
        case .text, .choice: "a text"
        case .when: "a date in quotes"
        case .integer: "a whole number"
        case .degrees: "a number of degrees"
        case .hash: "64 hexadecimal digits in quotes"
        case .flag: "true or false"
        case .record: "the whole id of a record in quotes"
        case .tuple: "an object"
        }
    }

    /// The parts in the order of their numbers.
    func tuple(_ members: [JSONMember], _ schema: [PartSchema]) throws(ImportFailure) -> Value {
        var parts: [Value.Part] = []
        var hasUnknown = false
        for member in members {
            if let known = schema.first(where: { ByteOrder.same($0.name, member.name) }) {
                parts.append(Value.Part(known.number, try value(of: member, as: known.type)))
            } else {
                let (number, value) = try unknown(member) { number in schema.contains { $0.number == number } }
                parts.append(Value.Part(number, value))
                hasUnknown = true
            }
        }
        let tuple = Value.tuple(parts.sorted { $0.number < $1.number })
        if hasUnknown { try checkEncoding(of: tuple) }
        return tuple
    }

    /// A value in its member's column.
    func value(of member: JSONMember, as type: FieldType) throws(ImportFailure) -> Value {
        do {
            return try value(member.value, as: type)
        } catch {
            throw ImportFailure("\(Quoted.name(member.name)): \(error.message)", column: error.column ?? member.column)
        }
    }

    /// `"#12": "<hex>"`.
    func unknown(_ member: JSONMember, isKnown: (UInt32) -> Bool) throws(ImportFailure) -> (UInt32, Value) {
        guard member.name.utf8.first == UInt8(ascii: "#"), let number = UInt32(member.name.dropFirst()),
            ByteOrder.same("#\(number)", member.name), !isKnown(number), case .string(let hex) = member.value
        else { throw ImportFailure("unknown field \(Quoted.name(member.name))", column: member.column) }
        var reader = ByteReader(Hex.decode(hex) ?? [])
        guard let value = try? Value(from: &reader), reader.isAtEnd else {
            throw ImportFailure("\(Quoted.name(member.name)): damaged value", column: member.column)
        }
        return (number, value)
    }

    /// What came from outside may nest deeper than a log allows.
    private func checkEncoding(of value: Value) throws(ImportFailure) {
        var reader = ByteReader(value.encoded)
        guard let copy = try? Value(from: &reader), copy == value else { throw ImportFailure("a value is nested too deeply") }
    }
}

extension JSONNode {
    /// What kind of value it is, for messages.
    var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a flag"
        case .integer, .decimal: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
