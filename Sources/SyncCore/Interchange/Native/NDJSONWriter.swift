/// Writes records as native NDJSON: one object a line, fields by number, all live alternatives (`docs/formats.md`).
public struct NDJSONWriter: ExportWriter {
    /// What `schema` says. A reader refuses a greater one.
    public static let version: Int64 = 1

    public private(set) var summary = ExportSummary()
    private var alternatives: [JSONMember] = []

    public init() {}

    public mutating func append(_ document: RecordDocument) -> [UInt8] {
        summary.records += 1
        var out = JSONText.bytes(node(document))
        out.append(0x0A)
        return out
    }

    public mutating func finish() -> [UInt8] { [] }

    private mutating func node(_ document: RecordDocument) -> JSONNode {
        let schema = RecordSchema.of(document.kind)
        var members = [JSONMember("schema", .integer(Self.version)), JSONMember("type", .string(document.kind.rawValue))]
        if let id = document.id { members.append(JSONMember("id", .string(id.text))) }
        alternatives = []
        var last: UInt32?
        for content in document.fields.sorted(by: { $0.number < $1.number }) {
            guard content.number != last, let field = schema.fields.first(where: { $0.number == content.number }) else {
                summary.omit("field \(content.number)")
                continue
            }
            last = content.number
            if let node = node(content.content, of: field) { members.append(JSONMember(field.name, node)) }
        }
        if !alternatives.isEmpty { members.append(JSONMember("alternatives", .object(alternatives))) }
        return .object(members)
    }

    private mutating func node(_ content: RecordDocument.Content, of field: FieldSchema) -> JSONNode? {
        switch (content, field.kind) {
        case (.values(let values), .register), (.values(let values), .quiet), (.values(let values), .strictest),
            (.values(let values), .text):
            guard let (shown, others) = nodes(values, of: field) else { return nil }
            if !others.isEmpty { alternatives.append(JSONMember(field.name, .array(others))) }
            return shown
        case (.set(let values), .set): return .array(values.compactMap { node($0, of: field) })
        case (.log(let entries), .log): return list(entries, of: field)
        case (.map(let items), .map): return list(items, of: field)
        case (.counter(let number), .counter): return .integer(number)
        default:
            summary.omit(field.name)
            return nil
        }
    }

    private mutating func node(_ value: Value, of field: FieldSchema) -> JSONNode? {
        let node = JSONValues.node(value, as: field.type)
        if node == nil { summary.omit(field.name) }
        return node
    }

    private mutating func nodes(_ values: [Value], of field: FieldSchema) -> (shown: JSONNode, others: [JSONNode])? {
        let nodes = values.compactMap { node($0, of: field) }
        return nodes.first.map { ($0, Array(nodes.dropFirst())) }
    }

    // MARK: Entries and items

    private mutating func list(_ entries: [RecordDocument.Entry], of field: FieldSchema) -> JSONNode {
        var list: [JSONNode] = []
        var others: [JSONMember] = []
        for entry in entries {
            guard let (shown, rest) = nodes(entry.values, of: field) else { continue }
            let id = entry.key.map { [JSONMember("id", .string($0.description))] } ?? []
            if case .object(let parts) = shown {
                list.append(.object(id + parts))
            } else {
                list.append(.object(id + [JSONMember("value", shown)]))
            }
            appendAlternatives(.array(rest), if: !rest.isEmpty, of: entry.key, in: field, to: &others)
        }
        if !others.isEmpty { alternatives.append(JSONMember(field.name, .object(others))) }
        return .array(list)
    }

    private mutating func list(_ items: [RecordDocument.Item], of field: FieldSchema) -> JSONNode {
        var list: [JSONNode] = []
        var others: [JSONMember] = []
        for item in items {
            var members = item.key.map { [JSONMember("id", .string($0.description))] } ?? []
            var rest: [JSONMember] = []
            for (number, values) in item.fields {
                guard let part = field.itemFields.first(where: { $0.number == number }) else {
                    members += values.prefix(1).map { JSONValues.unknown(number, $0) }
                    if values.count > 1 { summary.omit("\(field.name), field \(number)") }
                    continue
                }
                guard let (shown, alternatives) = nodes(values, of: part) else { continue }
                members.append(JSONMember(part.name, shown))
                if !alternatives.isEmpty { rest.append(JSONMember(part.name, .array(alternatives))) }
            }
            list.append(.object(members))
            appendAlternatives(.object(rest), if: !rest.isEmpty, of: item.key, in: field, to: &others)
        }
        if !others.isEmpty { alternatives.append(JSONMember(field.name, .object(others))) }
        return .array(list)
    }

    private mutating func appendAlternatives(
        _ node: JSONNode, if exist: Bool, of key: ItemKey?, in field: FieldSchema, to others: inout [JSONMember]
    ) {
        guard exist else { return }
        if let key { others.append(JSONMember(key.description, node)) } else { summary.omit(field.name) }
    }
}
