/// What merging knows of a field: how concurrent edits come together, and which values are of its type. Made from the registry.
public struct FieldRules: Sendable {
    public struct Rule: Sendable {
        public var kind: MergeKind
        /// The map whose items have this field; nil for a field of the record itself.
        public var map: UInt32?
        /// Whether writing it edits the record: an edit that a deletion had not seen keeps the record visible.
        public var isEdit: Bool
        public var accepts: @Sendable (Value) -> Bool

        public init(kind: MergeKind, map: UInt32?, isEdit: Bool = true, accepts: @escaping @Sendable (Value) -> Bool) {
            self.kind = kind
            self.map = map
            self.isEdit = isEdit
            self.accepts = accepts
        }
    }

    private let rules: [Rule?]

    public init(_ rules: [UInt32: Rule]) {
        var table = [Rule?](repeating: nil, count: Int(rules.keys.max() ?? 0) + 1)
        for (number, rule) in rules { table[Int(number)] = rule }
        self.rules = table
    }

    public subscript(field: UInt32) -> Rule? {
        Int(field) < rules.count ? rules[Int(field)] : nil
    }
}
