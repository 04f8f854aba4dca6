/// The typed tables of the view, as the registry makes them. Names are ours, never input.
public struct ViewLayout: Hashable, Sendable {
    /// Shared, not copied: every row that is written names one.
    public final class Table: Hashable, Sendable {
        public let name: String
        public let columns: [Column]
        /// One row a record, or several that are told apart by their first column.
        public let isMain: Bool
        /// Columns that lists are sorted or narrowed by.
        public let indexed: [String]
        /// The statements that put a row in, and that take a record's rows out.
        let insertion: String
        let deletion: String

        public init(name: String, columns: [Column], isMain: Bool, indexed: [String] = []) {
            self.name = name
            self.columns = columns
            self.isMain = isMain
            self.indexed = indexed
            let names = columns.map(\.name).joined(separator: ", ")
            let marks = String(repeating: ", ?", count: columns.count)
            insertion = "INSERT OR REPLACE INTO \(name) (record, \(names)) VALUES (?\(marks))"
            deletion = "DELETE FROM \(name) WHERE record = ?"
        }

        public static func == (a: Table, b: Table) -> Bool {
            a.name == b.name && a.columns == b.columns && a.isMain == b.isMain && a.indexed == b.indexed
        }

        public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    }

    public struct Column: Hashable, Sendable {
        public var name: String
        public var type: String

        public init(_ name: String, _ type: String) {
            self.name = name
            self.type = type
        }
    }

    public var tables: [Table]

    public init(tables: [Table]) { self.tables = tables }

    /// The statements that make the tables. A main table is keyed by the record's number, a child table by it and its first column.
    var sql: String {
        tables.map { table in
            let columns = table.columns.map { ", \($0.name) \($0.type)" }.joined()
            let key = table.isMain ? "record INTEGER PRIMARY KEY" : "record INTEGER NOT NULL"
            let rest = table.isMain ? ")" : ", PRIMARY KEY (record, \(table.columns[0].name))) WITHOUT ROWID"
            let indexes = table.indexed.map { "CREATE INDEX \(table.name)_\($0) ON \(table.name) (\($0));" }.joined()
            return "CREATE TABLE \(table.name) (\(key)\(columns)\(rest);\(indexes)"
        }.joined(separator: "\n")
    }
}

/// One value in a typed table.
public enum ViewCell: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
    case real(Double)
}
