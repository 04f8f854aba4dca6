@testable import SyncCore

/// Documents as a replica could give them, with texts as nobody would wish them.
struct DocumentMaker {
    var dice: InterchangeDice
    /// Alternatives, unknown parts, cleared values.
    var isRich = true

    init(seed: UInt64) { dice = InterchangeDice(seed: seed) }

    static let texts = [
        "", " ", "a", "Rally", "e\u{301}", "é", "\u{0}", "a\u{0}b", "\"", "\\", "\\\\", "a\\", ";", "a;b", "; ", ":", "a: b",
        "a\\:b", ",", "\n",
        "a\r\nb", "\r", "\t", "\u{1F3F3}\u{FE0F}\u{200D}\u{1F308}", "שלום", "\u{202E}gnp", "=1+1", "+1", "-1", "@x", "'=x",
        "x (caller)",
        "x \\(caller)", "(caller)", "a (b)", "\u{FEFF}", "\u{2028}", "null", "true", "1.0", "{}", "[", "\u{7F}", "\u{1}",
        "  spaced  ",
        "Ж", "日本語", "#12", "id", "\u{10FFFF}", "\u{FFFD}", "a\u{300}\u{301}\u{302}", ")", " )", "\\ ", "name (host) ",
    ]

    static let dates = [
        "2017-04-13T19:00[Europe/Paris]", "2017-04-22?", "2019-01~", "2018", "2018-04-07", "2019~", "2017-04-13T19:00",
    ]

    mutating func text() -> String {
        dice.happens(3) ? dice.pick(Self.texts) + dice.pick(Self.texts) : dice.pick(Self.texts)
    }

    mutating func document(_ kind: RecordKind) -> RecordDocument {
        let id = RecordID(high: dice.next(), low: dice.next())
        var document = RecordDocument(kind: kind, id: id)
        for field in RecordSchema.of(kind).fields.sorted(by: { $0.number < $1.number }) where !dice.happens(3) {
            document.fields.append(.init(field.number, content(field)))
        }
        return document
    }

    private mutating func content(_ field: FieldSchema) -> RecordDocument.Content {
        switch field.kind {
        case .register, .quiet, .strictest, .text: return .values(values(field.type))
        case .set: return .set((0..<dice.below(4)).map { _ in value(field.type) }.uniqued())
        case .log:
            return .log(keys().map { RecordDocument.Entry(key: $0, values: values(field.type)) })
        case .map:
            return .map(keys().map { key in RecordDocument.Item(key: key, fields: itemFields(field)) })
        case .counter: return .counter(Int64(truncatingIfNeeded: dice.next()))
        }
    }

    private mutating func itemFields(_ field: FieldSchema) -> [(number: UInt32, values: [Value])] {
        var fields: [(number: UInt32, values: [Value])] = []
        for part in field.itemFields.sorted(by: { $0.number < $1.number }) where !dice.happens(3) {
            fields.append((part.number, values(part.type)))
        }
        if isRich, dice.happens(8) { fields.append((4000, [.integer(-1)])) }
        return fields
    }

    private mutating func keys() -> [ItemKey] { (0..<dice.below(4)).map { _ in ItemKey(dice.next()) }.sorted() }

    private mutating func values(_ type: FieldType) -> [Value] {
        let first = value(type)
        guard isRich, dice.happens(4) else { return [first] }
        return [first, value(type), value(type)].uniqued()
    }

    private mutating func value(_ type: FieldType) -> Value {
        if isRich, dice.happens(10) { return .nothing }
        switch type {
        case .text: return .text(text())
        case .choice(let names): return .text(dice.happens(4) ? text() : dice.pick(names))
        case .integer: return .integer(Int64(truncatingIfNeeded: dice.next()) >> Int64(dice.below(63)))
        case .when: return .text(dice.pick(Self.dates))
        case .degrees: return .integer(Int64(dice.below(3_600_000_001)) - 1_800_000_000)
        case .hash: return .bytes((0..<32).map { _ in UInt8(dice.below(256)) })
        case .flag: return .integer(Int64(dice.below(2)))
        case .record: return .bytes(RecordID(high: dice.next(), low: dice.next()).bytes)
        case .tuple(let schema): return tuple(schema)
        }
    }

    private mutating func tuple(_ schema: [PartSchema]) -> Value {
        var parts: [Value.Part] = []
        for part in schema where !dice.happens(3) { parts.append(.init(part.number, value(part.type))) }
        if isRich, dice.happens(8) { parts.append(.init(900, .tuple([.init(1, .text(text())), .init(7, .bytes([0, 255]))]))) }
        return .tuple(parts)
    }
}
