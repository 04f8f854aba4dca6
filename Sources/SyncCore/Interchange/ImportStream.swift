/// Reads a file of records that arrives in pieces.
///
/// ```swift
/// var stream = ImportStream(format: .ndjson, dates: WhenParser(today: today, defaultZone: "Europe/Paris"))
/// while let chunk = try read() {
///     stream.append(chunk)
///     while let item = stream.next() { … }
/// }
/// stream.finish()
/// while let item = stream.next() { … }
/// ```
///
/// A line that says one wrong thing is one problem and no record: nothing is half applied. The stream holds the bytes that were
/// appended and not yet read, and one line or row (16 MiB, 8 MiB): take all items after each piece. It never throws, and reading
/// the same bytes again gives the same documents, whatever the pieces.
public struct ImportStream: Sendable {
    private var reader: any RecordReader
    /// What was read so far.
    public private(set) var summary = ImportSummary()

    /// `dates` reads what people write where a date is expected.
    public init(format: InterchangeFormat, dates: WhenParser) {
        switch format {
        case .ndjson: reader = NDJSONReader(dates: dates)
        case .csv: reader = CSVTableReader(dates: dates)
        }
    }

    public mutating func append(_ bytes: some Sequence<UInt8>) { reader.append(Array(bytes)) }

    /// No more bytes will come; what is left is read by `next()`.
    public mutating func finish() { reader.finish() }

    /// Nil when more bytes are needed, or at the end.
    public mutating func next() -> ImportItem? {
        guard let item = reader.next() else { return nil }
        summary.rows += 1
        switch item {
        case .record: summary.records += 1
        case .problem: summary.problems += 1
        }
        summary.cellsReadAsLatin1 = reader.cellsReadAsLatin1
        return item
    }
}

/// One format's reader behind an `ImportStream`. Gives an item for each line or row that says something.
protocol RecordReader: Sendable {
    mutating func append(_ bytes: [UInt8])
    mutating func finish()
    mutating func next() -> ImportItem?
    var cellsReadAsLatin1: Int { get }
}
