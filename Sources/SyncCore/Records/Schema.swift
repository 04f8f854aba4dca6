/// The kinds of records and their fields, as one version of the program knows them. What it does not know it skips, keeps and passes on.
public struct Schema: Sendable {
    /// A view of another version is rebuilt.
    public let version: Int
    /// What merging needs of it.
    public let rules: FieldRules
    private let records: [RecordKind: RecordSchema]

    /// Fields that several kinds of record have are the same in all of them.
    public init(version: Int, _ records: [RecordSchema]) {
        self.version = version
        self.records = Dictionary(records.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        rules = FieldRules(records.flatMap { $0.fields + $0.decisions })
    }

    /// What this version knows.
    public static let current = Schema(version: RecordSchema.version, RecordKind.allCases.map(RecordSchema.of))

    public var kinds: [RecordKind] { RecordKind.allCases.filter { records[$0] != nil } }

    public subscript(kind: RecordKind) -> RecordSchema? { records[kind] }

    /// The kind with a number, if it is known.
    public func kind(_ number: Int64?) -> RecordKind? {
        number.flatMap(RecordKind.init(number:)).flatMap { records[$0] == nil ? nil : $0 }
    }

    /// What a build one version older knew, that came before these fields and kinds.
    public func before(fields: Set<UInt32>, kinds: Set<RecordKind> = []) -> Schema {
        Schema(
            version: version - 1,
            self.kinds.filter { !kinds.contains($0) }.compactMap { records[$0] }.map { record in
                RecordSchema(
                    record.kind, record.fields.compactMap { $0.before(fields) }, decisions: record.decisions.compactMap { $0.before(fields) })
            })
    }
}

extension FieldSchema {
    fileprivate func before(_ fields: Set<UInt32>) -> FieldSchema? {
        if fields.contains(number) { return nil }
        return FieldSchema(number, name, kind, type, items: itemFields.filter { !fields.contains($0.number) })
    }
}
