import GRDB

@testable import SyncCore

/// A value of a column.
func databaseValue(_ vector: Vector) throws -> DatabaseValue {
    if let text = try vector["text"].optional({ try $0.text() }) { return text.databaseValue }
    if let number = try vector["integer"].optional({ try $0.integer() }) { return number.databaseValue }
    return Blob(try vector["bytes"].bytes()).databaseValue
}
