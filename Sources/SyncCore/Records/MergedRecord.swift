/// One record, or several that people said are one: read as one, written member by member, so that parting them is exact.
public struct MergedRecord: Sendable {
    public struct Member: Sendable {
        public var id: RecordID
        public var state: RecordState

        public init(id: RecordID, state: RecordState) {
            self.id = id
            self.state = state
        }
    }

    /// In the order of ids, never empty.
    public let members: [Member]
    /// Of several, everything that each of them says. No change is ever applied to that one.
    public let state: RecordState

    private let schema: Schema

    /// Nil without members.
    public init?(_ members: [Member], graph: some BranchGraph, schema: Schema = .current) {
        guard let first = members.first else { return nil }
        self.schema = schema
        self.members = members.sorted { $0.id < $1.id }
        state = members.count == 1 ? first.state : RecordState(uniting: self.members.map(\.state), graph: graph, schema: schema)
    }

    /// The smallest: what lists show.
    public var id: RecordID { members[0].id }
    public var isSeveral: Bool { members.count > 1 }

    /// What readers see; nil while nothing says which kind of record it is.
    public func document(graph: some BranchGraph) -> RecordDocument? {
        guard isSeveral else { return RecordDocument(id: id, state: state, graph: graph, schema: schema) }
        let parts = members.compactMap { RecordDocument(id: $0.id, state: $0.state, graph: graph, schema: schema) }
        guard var document = RecordDocument(id: id, state: state, graph: graph, schema: schema), !parts.isEmpty else { return nil }
        for field in schema[document.kind]?.fields ?? [] {
            switch field.kind {
            case .text: document.set(Self.texts(parts.compactMap { $0[field.number] }), of: field.number)
            case .strictest: document.set(Self.strictest(document[field.number], parts, field), of: field.number)
            case .map: document.set(Self.items(document.items(field.number)), of: field.number)
            default: break
            }
        }
        document.set(.set(otherIDs.map { .bytes($0.bytes) }), of: Field.same)
        return document
    }

    /// The other ids that mean this record: of its members, and of whatever these name, be it here or not.
    private var otherIDs: [RecordID] {
        let named = members.flatMap { $0.state.live(Field.same) }.compactMap(\.value.recordID)
        return Set(named + members.map(\.id)).subtracting([id]).sorted()
    }

    /// Texts are shown one after the other, never woven. One that several members have is shown once.
    private static func texts(_ contents: [RecordDocument.Content]) -> RecordDocument.Content? {
        var shown: [String] = []
        var others: [Value] = []
        for case .values(let values) in contents {
            if let text = values.first?.text, !shown.contains(where: { ByteOrder.same($0, text) }) { shown.append(text) }
            for other in values.dropFirst() where !others.contains(other) { others.append(other) }
        }
        guard !shown.isEmpty || !others.isEmpty else { return nil }
        return .values((shown.isEmpty ? [] : [.text(shown.joined(separator: "\n\n"))]) + others)
    }

    /// A member of which nobody said who may see it is for the team: another one's word does not make it public.
    private static func strictest(
        _ content: RecordDocument.Content?, _ parts: [RecordDocument], _ field: FieldSchema
    ) -> RecordDocument.Content? {
        guard case .values(let values)? = content, let first = values.first?.text, let most = RecordSchema.visibilities.first,
            ByteOrder.same(first, most), parts.contains(where: { $0[field.number] == nil })
        else { return content }
        return .values([.text(RecordSchema.unsaidVisibility)])
    }

    /// Two members that name the same organiser in the same words name one.
    private static func items(_ items: [RecordDocument.Item]) -> RecordDocument.Content? {
        var shown: [RecordDocument.Item] = []
        for item in items where !shown.contains(where: { $0.says(item) }) { shown.append(item) }
        return shown.isEmpty ? nil : .map(shown)
    }

    /// The places that need a person. A record's own life stands as field 0.
    public func conflicts(kind: RecordKind, graph: some BranchGraph) -> [RecordState.Slot] {
        guard isSeveral else { return ConflictFinder.conflicts(in: state, kind: kind, graph: graph, schema: schema) }
        func isMembers(_ slot: RecordState.Slot) -> Bool { slot.field == 0 || schema[kind]?[slot.field]?.kind == .text }
        let own = members.flatMap { ConflictFinder.conflicts(in: $0.state, kind: kind, graph: graph, schema: schema) }.filter(isMembers)
        let common = ConflictFinder.conflicts(in: state, kind: kind, graph: graph, schema: schema).filter { !isMembers($0) }
        return Set(own + common).sorted()
    }

    /// The member in which a conflict about a text or a deletion stands; nil where it is between members, or of what all say together.
    public func member(disputing slot: RecordState.Slot, kind: RecordKind, graph: some BranchGraph) -> Member? {
        guard isSeveral else { return members[0] }
        guard slot.field == 0 || schema[kind]?[slot.field]?.kind == .text else { return nil }
        return members.first { ConflictFinder.conflicts(in: $0.state, kind: kind, graph: graph, schema: schema).contains(slot) }
    }
}

extension RecordDocument {
    /// Replaces the content of a field; nil takes it away.
    fileprivate mutating func set(_ content: Content?, of number: UInt32) {
        fields.removeAll { $0.number == number }
        guard let content else { return }
        fields.insert(FieldContent(number, content), at: fields.firstIndex { $0.number > number } ?? fields.endIndex)
    }
}

extension RecordDocument.Item {
    /// Whether another item says the same under another key.
    func says(_ other: Self) -> Bool {
        fields.elementsEqual(other.fields) { $0.number == $1.number && $0.values == $1.values }
    }
}

extension Value {
    /// The record that an element of `same` or `different` names.
    public var recordID: RecordID? {
        if case .bytes(let bytes) = self, bytes.count == 16 { RecordID(bytes) } else { nil }
    }
}
