/// One field of the registry. Shared, not copied: merging and showing look at one for every value.
public final class FieldSchema: Hashable, Sendable {
    /// Never reused. The fields of a map's items are numbered among the others.
    public let number: UInt32
    /// As it stands in JSON, in CSV and on the command line.
    public let name: String
    public let kind: MergeKind
    public let type: FieldType
    /// The fields of a map's items: registers.
    public let itemFields: [FieldSchema]

    init(_ number: UInt32, _ name: String, _ kind: MergeKind, _ type: FieldType, items: [FieldSchema] = []) {
        self.number = number
        self.name = name
        self.kind = kind
        self.type = type
        itemFields = items
    }

    public static func == (a: FieldSchema, b: FieldSchema) -> Bool {
        a.number == b.number && a.name == b.name && a.kind == b.kind && a.type == b.type && a.itemFields == b.itemFields
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(number) }

    public func itemField(named name: String) -> FieldSchema? { itemFields.first { $0.name == name } }
}

/// Rally or petition.
public enum RecordKind: String, Hashable, Sendable, CaseIterable {
    case event, petition

    public init?(number: Int64) {
        switch number {
        case 1: self = .event
        case 2: self = .petition
        default: return nil
        }
    }

    public var number: Int64 {
        switch self {
        case .event: 1
        case .petition: 2
        }
    }
}

/// The fields of one kind of record.
public struct RecordSchema: Sendable {
    /// Raised whenever a field is added or changes its meaning: a view of another version is rebuilt.
    public static let version = 2

    public let kind: RecordKind
    public let fields: [FieldSchema]
    /// What people decided about the record's standing among others: merged like fields, and shown by no document.
    public let decisions: [FieldSchema]
    private let byNumber: [UInt32: FieldSchema]
    private let byName: [String: FieldSchema]

    init(_ kind: RecordKind, _ fields: [FieldSchema], decisions: [FieldSchema] = []) {
        self.kind = kind
        self.fields = fields
        self.decisions = decisions
        byNumber = Dictionary(
            (fields.flatMap { [$0] + $0.itemFields } + decisions).map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        byName = Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// A field, or a field of a map's items.
    public subscript(number: UInt32) -> FieldSchema? { byNumber[number] }
    /// A field of the record itself.
    public subscript(name: String) -> FieldSchema? { byName[name] }

    public static func of(_ kind: RecordKind) -> RecordSchema {
        switch kind {
        case .event: event
        case .petition: petition
        }
    }
}
