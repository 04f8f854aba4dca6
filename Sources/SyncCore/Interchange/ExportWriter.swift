/// Turns records into the bytes of one file, in their order, holding none of them.
public protocol ExportWriter: Sendable {
    /// The bytes of one record, and before the first one the bytes with which the file begins.
    mutating func append(_ document: RecordDocument) -> [UInt8]
    /// The bytes with which the file ends; a file without records gets its beginning here.
    mutating func finish() -> [UInt8]
    /// What was written, and what the format has no place for.
    var summary: ExportSummary { get }
}

/// What an export wrote and what it had no place for.
public struct ExportSummary: Hashable, Sendable {
    /// Records that went into the file, whole or in part.
    public internal(set) var records = 0
    /// Records of a kind, or without anything, that this file has no row for.
    public internal(set) var recordsLeftOut = 0
    /// How many values had no place, by what they are ("counts", "alternatives of starts").
    public private(set) var omitted: [String: Int] = [:]

    public init() {}

    /// In a stable order, for printing.
    public var omissions: [(what: String, values: Int)] {
        omitted.sorted { ByteOrder.precedes($0.key, $1.key) }.map { ($0.key, $0.value) }
    }

    mutating func omit(_ what: String, _ count: Int = 1) {
        if count > 0 { omitted[what, default: 0] += count }
    }
}
