extension FieldRules {
    /// What merging needs of the registry. Fields that both kinds of record have are the same in both.
    public static let registry: FieldRules = {
        var rules: [UInt32: Rule] = [:]
        for field in RecordKind.allCases.flatMap({ RecordSchema.of($0).fields }) {
            rules[field.number] = rule(field, map: nil)
            for item in field.itemFields { rules[item.number] = rule(item, map: field.number) }
        }
        return FieldRules(rules)
    }()

    private static func rule(_ field: FieldSchema, map: UInt32?) -> Rule {
        let type = field.type
        return Rule(kind: field.kind, map: map, accepts: { type.accepts($0) })
    }
}
