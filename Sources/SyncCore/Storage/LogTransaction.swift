import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The log inside one open transaction. Functions that work on the log take one of these and never open their own.
public struct LogTransaction {
    let db: Database
    /// Of a store with a passphrase.
    let cipher: StoreCipher?

    init(_ db: Database, _ cipher: StoreCipher?) {
        self.db = db
        self.cipher = cipher
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

    // MARK: Settings

    public func setting(_ key: String) throws -> [UInt8]? {
        try row("SELECT value FROM meta WHERE key = ?", [key]).map { try open($0[0], .setting, key).bytes }
    }

    public func set(_ key: String, _ value: [UInt8]) throws {
        try run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", [key, seal(Blob(value), .setting, key)])
    }

    // MARK: What was last imported

    /// The document that was last imported for a record from a source: what tells an importer's change from a person's.
    public func imported(_ record: RecordID, from source: String) throws -> [UInt8]? {
        let place = try importPlace(record, source)
        return try row("SELECT document FROM import WHERE source = ? AND record = ?", [place.source, place.record]).map {
            try open($0[0], .importDocument, place.source, place.record).bytes
        }
    }

    public func setImported(_ record: RecordID, from source: String, _ document: [UInt8]) throws {
        let place = try importPlace(record, source)
        try run(
            "INSERT OR REPLACE INTO import (source, record, document) VALUES (?, ?, ?)",
            [place.source, place.record, seal(Blob(document), .importDocument, place.source, place.record)])
    }

    private func importPlace(_ record: RecordID, _ source: String) throws -> (source: DatabaseValue, record: DatabaseValue) {
        (try seal(source, .importSource), try seal(Blob(record.bytes), .importRecord))
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
