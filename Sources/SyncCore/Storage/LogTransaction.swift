import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The log inside one open transaction. Functions that work on the log take one of these and never open their own.
public struct LogTransaction {
    let db: Database

    init(_ db: Database) { self.db = db }

    func run(_ sql: String, _ arguments: StatementArguments = []) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    func row(_ sql: String, _ arguments: StatementArguments = []) throws -> Row? {
        try Row.fetchOne(try db.cachedStatement(sql: sql), arguments: arguments)
    }

    func rows(_ sql: String, _ arguments: StatementArguments = []) throws -> [Row] {
        try Row.fetchAll(try db.cachedStatement(sql: sql), arguments: arguments)
    }

    // MARK: Settings

    public func setting(_ key: String) throws -> [UInt8]? {
        try row("SELECT value FROM meta WHERE key = ?", [key])?.bytes(0)
    }

    public func set(_ key: String, _ value: [UInt8]) throws {
        try run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", [key, Blob(value)])
    }

    // MARK: What was last imported

    /// The document that was last imported for a record from a source: what tells an importer's change from a person's.
    public func imported(_ record: RecordID, from source: String) throws -> [UInt8]? {
        try row("SELECT document FROM import WHERE source = ? AND record = ?", [source, Blob(record.bytes)])?.bytes(0)
    }

    public func setImported(_ record: RecordID, from source: String, _ document: [UInt8]) throws {
        try run(
            "INSERT OR REPLACE INTO import (source, record, document) VALUES (?, ?, ?)",
            [source, Blob(record.bytes), Blob(document)])
    }
}

/// Bytes as a SQL value, without going through Foundation's Data.
struct Blob: DatabaseValueConvertible {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var databaseValue: DatabaseValue { Data(bytes).databaseValue }

    static func fromDatabaseValue(_ value: DatabaseValue) -> Blob? {
        Data.fromDatabaseValue(value).map { Blob(Array($0)) }
    }
}

extension Row {
    /// The bytes of a column; empty for an empty or missing one.
    func bytes(_ column: Int) -> [UInt8] { (try? withUnsafeData(atIndex: column) { $0.map(Array.init) ?? [] }) ?? [] }

    func optionalBytes(_ column: Int) -> [UInt8]? { hasNull(atIndex: column) ? nil : bytes(column) }

    private func hasNull(atIndex column: Int) -> Bool { (self[column] as DatabaseValue).isNull }
}
