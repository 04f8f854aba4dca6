import GRDB

/// The view inside one open transaction.
public struct ViewTransaction {
    let db: Database
    let layout: ViewLayout

    init(_ db: Database, _ layout: ViewLayout) {
        self.db = db
        self.layout = layout
    }

    func run(_ sql: String, _ arguments: StatementArguments = []) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    func row(_ sql: String, _ arguments: StatementArguments = []) throws -> Row? {
        try Row.fetchOne(try db.cachedStatement(sql: sql), arguments: arguments)
    }

    func rows(_ sql: String, _ arguments: StatementArguments = []) throws -> [Row] {
        try Row.fetchAll(try db.cachedStatement(sql: sql), arguments: arguments)
    }

    /// For what is done with every record: bound through SQLite itself.
    func raw(_ sql: String) throws -> RawStatement { try RawStatement(db, sql) }

    // MARK: Position

    public func setting(_ key: String) throws -> [UInt8]? {
        try row("SELECT value FROM meta WHERE key = ?", [key])?.bytes(0)
    }

    public func set(_ key: String, _ value: [UInt8]) throws {
        try run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", [key, Blob(value)])
    }

    // MARK: Which change touches which records

    public func setTouched(_ change: Int64, runs: [UInt8]) throws {
        let insert = try raw("INSERT OR REPLACE INTO touched (change, runs) VALUES (?, ?)")
        insert.bind(1, change)
        insert.bind(2, runs)
        try insert.run()
    }

    public func touched(_ change: Int64) throws -> [UInt8]? {
        let query = try raw("SELECT runs FROM touched WHERE change = ?")
        defer { query.reset() }
        query.bind(1, change)
        return try query.step() ? query.blob(0) : nil
    }

    // MARK: Typed tables

    /// Replaces what a record has in one of the tables.
    public func replace(record: Int64, in table: ViewLayout.Table, isNew: Bool, rows: some Collection<[ViewCell]>) throws {
        if !isNew {
            let delete = try raw(table.deletion)
            delete.bind(1, record)
            try delete.run()
        }
        guard !rows.isEmpty else { return }
        let insert = try raw(table.insertion)
        for row in rows {
            insert.bind(1, record)
            for (place, cell) in row.enumerated() { insert.bind(Int32(place + 2), cell) }
            try insert.run()
        }
    }

    func values(_ cells: [ViewCell]) -> [DatabaseValue] {
        cells.map { cell in
            switch cell {
            case .null: .null
            case .integer(let number): number.databaseValue
            case .text(let text): text.databaseValue
            case .bytes(let bytes): Blob(bytes).databaseValue
            case .real(let number): number.databaseValue
            }
        }
    }
}

extension RawStatement {
    fileprivate func bind(_ number: Int32, _ cell: ViewCell) {
        switch cell {
        case .null: bindNull(number)
        case .integer(let value): bind(number, value)
        case .text(let text): bind(number, text)
        case .bytes(let bytes): bind(number, bytes)
        case .real(let value): bind(number, value)
        }
    }
}
