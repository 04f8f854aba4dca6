import GRDB

/// What people look at, in order.
extension ViewTransaction {
    public enum Comparison: String, Sendable {
        case equal = "="
        case atLeast = ">="
        case atMost = "<="
        case like = "LIKE"
    }

    public struct Filter: Sendable {
        public var column: String
        public var comparison: Comparison
        public var value: ViewCell

        public init(_ column: String, _ comparison: Comparison, _ value: ViewCell) {
            self.column = column
            self.comparison = comparison
            self.value = value
        }
    }

    /// The visible records of a main table. Columns are names of the layout, never input.
    public func list(
        _ table: String, filters: [Filter], orderBy column: String, descending: Bool, limit: Int
    ) throws -> [StoredRecord] {
        let conditions = filters.map { " AND t.\($0.column) \($0.comparison.rawValue) ?" }.joined()
        return try rows(
            """
            SELECT \(Self.recordColumns) FROM \(table) t CROSS JOIN record r ON r.no = t.record
            WHERE r.visible = 1\(conditions) ORDER BY t.\(column) \(descending ? "DESC" : "ASC"), r.id LIMIT ?
            """, StatementArguments(values(filters.map(\.value)) + [limit.databaseValue])
        ).compactMap(record)
    }
}
