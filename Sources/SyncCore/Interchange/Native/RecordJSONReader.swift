/// Makes a document of one line of native NDJSON, or says why it cannot.
struct RecordJSONReader: Sendable {
    private let values: JSONValueReader

    init(dates: WhenParser) { values = JSONValueReader(dates: dates) }

    /// `line` is the text that `node` was read from: it names a record that has neither id nor code.
    func document(_ node: JSONNode, line: [UInt8]) throws(ImportFailure) -> RecordDocument {
        guard case .object(let members) = node else {
            throw ImportFailure("expected an object, found \(node.kindName)", column: 1)
        }
        let head = try RecordHead(members)
        let id = head.id ?? head.code.map { DerivedKeys.record(head.kind, code: $0) } ?? DerivedKeys.record(head.kind, row: line)
        let schema = RecordSchema.of(head.kind)
        var document = RecordDocument(kind: head.kind, id: id)
        for member in members where !RecordHead.names.contains(where: { ByteOrder.same($0, member.name) }) {
            guard let field = schema[member.name], ByteOrder.same(field.name, member.name) else {
                throw ImportFailure("unknown field \(Quoted.name(member.name))", column: member.column)
            }
            document.fields.append(.init(field.number, try content(member, of: field, in: id)))
        }
        if let code = head.code { document.add(code: code) }
        if let others = head.alternatives { try add(others, to: &document, schema) }
        document.fields.sort { $0.number < $1.number }
        return document
    }

    private func content(_ member: JSONMember, of field: FieldSchema, in id: RecordID) throws(ImportFailure)
        -> RecordDocument.Content
    {
        switch field.kind {
        case .register, .quiet, .strictest, .text: return .values([try values.value(of: member, as: field.type)])
        case .set:
            var set: [Value] = []
            for node in try list(member) { set.append(try value(node, of: field, member)) }
            return .set(set.uniqued())
        case .log: return .log(try entries(member, of: field, in: id))
        case .map: return .map(try items(member, of: field, in: id))
        case .counter:
            guard case .integer(let number) = member.value else {
                throw ImportFailure("\(Quoted.name(member.name)): expected a whole number", column: member.column)
            }
            return .counter(number)
        }
    }

    private func list(_ member: JSONMember) throws(ImportFailure) -> [JSONNode] {
        guard case .array(let nodes) = member.value else {
            throw ImportFailure(
                "\(Quoted.name(member.name)): expected a list, found \(member.value.kindName)", column: member.column)
        }
        return nodes
    }

    private func object(_ node: JSONNode, _ member: JSONMember) throws(ImportFailure) -> [JSONMember] {
        guard case .object(let members) = node else {
            throw ImportFailure(
                "\(Quoted.name(member.name)): expected an object, found \(node.kindName)", column: member.column)
        }
        return members
    }

    private func value(_ node: JSONNode, of field: FieldSchema, _ member: JSONMember) throws(ImportFailure) -> Value {
        try values.value(of: JSONMember(field.name, node, column: member.column), as: field.type)
    }

    // MARK: Entries

    private func entries(_ list: JSONMember, of field: FieldSchema, in id: RecordID) throws(ImportFailure) -> [RecordDocument
        .Entry]
    {
        var collector = EntryCollector(record: id, field: field)
        for node in try self.list(list) {
            let members = try object(node, list)
            let key = try key(in: members)
            let rest = members.filter { !ByteOrder.same($0.name, "id") }
            let value: Value
            if let only = rest.first, rest.count == 1, ByteOrder.same(only.name, "value") {
                value = try values.value(of: JSONMember(field.name, only.value, column: only.column), as: field.type)
            } else {
                value = try values.value(of: JSONMember(field.name, .object(rest), column: list.column), as: field.type)
            }
            do {
                try collector.add(key: key, value)
            } catch { throw error.at(list.column) }
        }
        return collector.entries
    }

    private func key(in members: [JSONMember]) throws(ImportFailure) -> ItemKey? {
        guard let member = members.first(where: { ByteOrder.same($0.name, "id") }) else { return nil }
        guard case .string(let text) = member.value, let key = ItemKey(text: text) else {
            throw ImportFailure(
                "'id' of an entry: expected 13 characters of base 32; leave it out for a new one", column: member.column)
        }
        return key
    }

    // MARK: Items

    private func items(_ list: JSONMember, of field: FieldSchema, in id: RecordID) throws(ImportFailure) -> [RecordDocument.Item]
    {
        var collector = ItemCollector(record: id, field: field)
        for node in try self.list(list) {
            let members = try object(node, list)
            var item = RecordDocument.Item(key: try key(in: members), fields: [])
            for member in members where !ByteOrder.same(member.name, "id") {
                let (number, value) = try itemField(member, of: field)
                item.fields.append((number, [value]))
            }
            item.fields.sort { $0.number < $1.number }
            do {
                try collector.add(item)
            } catch { throw error.at(list.column) }
        }
        return collector.items
    }

    private func itemField(_ member: JSONMember, of field: FieldSchema) throws(ImportFailure) -> (UInt32, Value) {
        if let part = field.itemField(named: member.name), ByteOrder.same(part.name, member.name) {
            return (part.number, try values.value(of: member, as: part.type))
        }
        return try values.unknown(member) { number in field.itemFields.contains { $0.number == number } }
    }

    // MARK: Alternatives

    private func add(_ others: JSONMember, to document: inout RecordDocument, _ schema: RecordSchema) throws(ImportFailure) {
        for member in try object(others.value, others) {
            guard let field = schema[member.name],
                let place = document.fields.firstIndex(where: { $0.number == field.number })
            else { throw Self.nothingBeside(member) }
            switch document.fields[place].content {
            case .values(var values):
                for node in try list(member) { values.append(try value(node, of: field, member)) }
                document.fields[place].content = .values(values)
            case .log(var entries):
                let places = Self.places(entries.map { $0.key })
                for other in try object(member.value, member) {
                    guard let index = places[ItemKey(text: other.name)] else { throw Self.nothingBeside(other) }
                    for node in try list(other) { entries[index].values.append(try value(node, of: field, other)) }
                }
                document.fields[place].content = .log(entries)
            case .map(var items):
                let places = Self.places(items.map { $0.key })
                for other in try object(member.value, member) {
                    guard let index = places[ItemKey(text: other.name)] else { throw Self.nothingBeside(other) }
                    for part in try object(other.value, other) { try add(part, to: &items[index], of: field) }
                }
                document.fields[place].content = .map(items)
            case .set, .counter: throw Self.nothingBeside(member)
            }
        }
    }

    private static func places(_ keys: [ItemKey?]) -> [ItemKey?: Int] {
        Dictionary(keys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private func add(_ part: JSONMember, to item: inout RecordDocument.Item, of field: FieldSchema) throws(ImportFailure) {
        guard let schema = field.itemField(named: part.name),
            let place = item.fields.firstIndex(where: { $0.number == schema.number })
        else { throw Self.nothingBeside(part) }
        for node in try list(part) { item.fields[place].values.append(try value(node, of: schema, part)) }
    }

    private static func nothingBeside(_ member: JSONMember) -> ImportFailure {
        ImportFailure("alternatives of \(Quoted.name(member.name)), of which the record has no value", column: member.column)
    }
}
