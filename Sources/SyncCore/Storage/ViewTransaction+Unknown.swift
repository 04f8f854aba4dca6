import GRDB

extension ViewTransaction {
    // MARK: What is of a newer version

    /// So many operations of a change say nothing to this version.
    func setUnknown(_ change: Int64, operations: Int) throws {
        try run("INSERT OR REPLACE INTO unknown (change, operations) VALUES (?, ?)", [change, operations])
    }

    func unknown() throws -> [(change: Int64, operations: Int)] {
        try rows("SELECT change, operations FROM unknown ORDER BY change").map { ($0[0], $0[1]) }
    }

    /// Records that are there and of a kind that this version has no tables for.
    func countOfKinds(beyond known: [Int64]) throws -> Int {
        let list = known.map(String.init).joined(separator: ", ")
        return try row("SELECT count(*) FROM record WHERE kind <> 0 AND kind NOT IN (\(list))")?[0] ?? 0
    }
}
