package import GRDB

extension DatabaseQueue {
    /// One consistent look at the database, which must not change it.
    ///
    /// GRDB's `read` forbids writing for as long as it runs, by a pragma that has SQLite compile every cached statement again, twice for
    /// each read: a third of what a small command did. While we develop, it is what holds us to reading.
    package func look<Result>(_ body: (Database) throws -> Result) throws -> Result {
        #if DEBUG
        return try read(body)
        #else
        return try lookOnTrust(body)
        #endif
    }

    /// The same where nothing keeps `body` from writing.
    package func lookOnTrust<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try unsafeRead { db in
            try db.cachedStatement(sql: "BEGIN DEFERRED TRANSACTION").execute()
            do {
                let result = try body(db)
                try db.cachedStatement(sql: "COMMIT TRANSACTION").execute()
                return result
            } catch {
                // After some errors SQLite has ended it already.
                if db.isInsideTransaction { try db.cachedStatement(sql: "ROLLBACK TRANSACTION").execute() }
                throw error
            }
        }
    }
}
