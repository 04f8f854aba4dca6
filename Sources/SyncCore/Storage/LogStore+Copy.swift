import GRDB

extension LogTransaction {
    func edition() throws -> Edition? { try row("SELECT mark FROM edition").flatMap { Edition($0.bytes(0)) } }

    func set(_ edition: Edition) throws {
        try run("DELETE FROM edition")
        try run("INSERT INTO edition (mark) VALUES (?)", [Blob(edition.bytes)])
    }
}

extension LogStore {
    /// Writes the whole log into a new file, under another cipher, as another edition. When this returns, the file is on the disk.
    ///
    /// - Parameter adjust: Writes what differs in the copy.
    func copy(to path: String, cipher: StoreCipher?, edition: Edition, adjust: (LogTransaction) throws -> Void) throws {
        try read { source in
            try DatabaseFile.fill(path, applicationID: Self.applicationID) { db in
                try Self.create(db)
                let target = LogTransaction(db, cipher)
                try target.set(edition)
                for table in try source.tables() where table != "edition" { try source.copy(table, to: target) }
                try adjust(target)
            }
        }
        try FileSystem.sync(path)
    }

    /// Shuts other processes out until it is closed.
    func claim() throws { try DatabaseFile.claim(queue) }
}

extension LogTransaction {
    fileprivate func tables() throws -> [String] {
        try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    }

    fileprivate func copy(_ table: String, to target: LogTransaction) throws {
        let names = try db.columns(in: table).map(\.name)
        let translation = try Translation(table, names)
        let list = names.joined(separator: ", ")
        let marks = names.map { _ in "?" }.joined(separator: ", ")
        let insert = try target.db.makeStatement(sql: "INSERT INTO \(table) (\(list)) VALUES (\(marks))")
        let rows = try Row.fetchCursor(db, sql: "SELECT \(list) FROM \(table)")
        while let row = try rows.next() {
            let values = try translation.apply(Array(row.databaseValues), from: cipher, to: target.cipher)
            try insert.execute(arguments: StatementArguments(values))
        }
    }
}

/// Opens the sealed columns of a row and seals them anew.
private struct Translation {
    private struct Step {
        var column: SealedColumn
        var index: Int
        var row: [Int]
    }

    private let steps: [Step]

    init(_ table: String, _ names: [String]) throws {
        // What rows are found by comes first: it is part of the place of the rest.
        let columns = SealedColumn.all.filter { $0.table == table }.sorted { $0.isLookup && !$1.isLookup }
        steps = columns.compactMap { column in
            guard let index = names.firstIndex(of: column.name) else { return nil }
            return Step(column: column, index: index, row: column.row.compactMap { names.firstIndex(of: $0) })
        }
    }

    func apply(_ stored: [DatabaseValue], from old: StoreCipher?, to new: StoreCipher?) throws -> [DatabaseValue] {
        var values = stored
        for step in steps {
            let plain = try old?.open(stored[step.index], step.column, row: step.row.map { stored[$0] }) ?? stored[step.index]
            values[step.index] = try new?.seal(plain, step.column, row: step.row.map { values[$0] }) ?? plain
        }
        return values
    }
}
