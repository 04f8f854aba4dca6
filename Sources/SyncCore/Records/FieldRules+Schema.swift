extension FieldRules {
    /// What merging needs of the fields that this version knows.
    public static var registry: FieldRules { Schema.current.rules }

    init(_ fields: [FieldSchema]) {
        var rules: [UInt32: Rule] = [:]
        for field in fields {
            rules[field.number] = Self.rule(field, map: nil)
            for item in field.itemFields { rules[item.number] = Self.rule(item, map: field.number) }
        }
        self.init(rules)
    }

    /// Which records are one says nothing of what a record says: no deletion is undone by it.
    private static let standing: Set = [Field.same, Field.different]

    private static func rule(_ field: FieldSchema, map: UInt32?) -> Rule {
        let type = field.type
        return Rule(kind: field.kind, map: map, isEdit: !standing.contains(field.number), accepts: { type.accepts($0) })
    }
}
