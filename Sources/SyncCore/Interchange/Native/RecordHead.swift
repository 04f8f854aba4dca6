/// What a native line says about the record as a whole.
struct RecordHead {
    static let names = ["schema", "type", "id", "code", "alternatives"]

    let kind: RecordKind
    let id: RecordID?
    let code: String?
    let alternatives: JSONMember?

    init(_ members: [JSONMember]) throws(ImportFailure) {
        func member(_ name: String) -> JSONMember? { members.first { ByteOrder.same($0.name, name) } }
        try Self.checkVersion(member("schema"))
        kind = try Self.kind(member("type"))
        id = try Self.id(member("id"))
        code = try Self.code(member("code"))
        alternatives = member("alternatives")
    }

    private static func checkVersion(_ member: JSONMember?) throws(ImportFailure) {
        guard let member else { return }
        guard case .integer(let version) = member.value, version >= 1 else {
            throw ImportFailure("'schema': expected a whole number from 1", column: member.column)
        }
        guard version <= NDJSONWriter.version else {
            throw ImportFailure(
                "this line has format version \(version); this program reads up to \(NDJSONWriter.version). Use a newer one.",
                column: member.column)
        }
    }

    private static func kind(_ member: JSONMember?) throws(ImportFailure) -> RecordKind {
        guard let member else { throw ImportFailure("'type' is missing: \"event\" or \"petition\"") }
        guard case .string(let name) = member.value,
            let kind = RecordKind.allCases.first(where: { ByteOrder.same($0.rawValue, name) })
        else { throw ImportFailure("'type': expected \"event\" or \"petition\"", column: member.column) }
        return kind
    }

    private static func id(_ member: JSONMember?) throws(ImportFailure) -> RecordID? {
        guard let member else { return nil }
        guard case .string(let text) = member.value, let id = RecordID(text: text) else {
            throw ImportFailure(
                "'id': expected 26 characters of base 32; an id of another system goes into 'code'", column: member.column)
        }
        return id
    }

    private static func code(_ member: JSONMember?) throws(ImportFailure) -> String? {
        guard let member else { return nil }
        guard case .string(let text) = member.value, !text.isEmpty else {
            throw ImportFailure("'code': expected a text that is not empty", column: member.column)
        }
        return text
    }
}

extension RecordDocument {
    /// Adds a code unless it is there.
    mutating func add(code: String) {
        guard let place = fields.firstIndex(where: { $0.number == Field.codes }), case .set(let codes) = fields[place].content
        else {
            fields.insert(FieldContent(Field.codes, .set([.text(code)])), at: 0)
            return
        }
        fields[place].content = .set((codes + [.text(code)]).uniqued())
    }
}

extension Array where Element: Hashable {
    /// Each element once, in the order of first appearance.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
