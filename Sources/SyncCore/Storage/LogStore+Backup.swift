import GRDB

extension LogStore {
    /// Writes a whole copy of the database into a new file while it is in use: what was committed until now, as one file. The caller
    /// holds the store's lock, and puts the file on the disk.
    func copy(into path: String) throws {
        do {
            try queue.writeWithoutTransaction { db in try db.execute(sql: "VACUUM INTO ?", arguments: [path]) }
        } catch let error as DatabaseError {
            throw DatabaseFile.damaged(path, error)
        }
    }
}
