/// What an importer gives for each line or row that says something: the record, or why there is none.
public enum ImportItem: Hashable, Sendable {
    /// `line` is where it begins in the file, the first line being 1.
    case record(RecordDocument, line: Int)
    /// The line is skipped whole. `column` is a byte of the line in NDJSON and a cell of the row in CSV, the first being 1.
    case problem(line: Int, column: Int?, message: String)
}

/// What was read so far.
public struct ImportSummary: Hashable, Sendable {
    /// Lines of NDJSON or rows of CSV that said something; a header only if it could not be used.
    public var rows = 0
    public var records = 0
    public var problems = 0
    /// Cells that were not UTF-8 and were read as Latin-1.
    public var cellsReadAsLatin1 = 0

    public init() {}
}

/// Why one line or row cannot become a record.
struct ImportFailure: Error, Hashable, Sendable {
    var column: Int?
    var message: String

    init(_ message: String, column: Int? = nil) {
        self.message = message
        self.column = column
    }

    /// The same failure, in this column unless it names its own.
    func at(_ column: Int) -> ImportFailure { ImportFailure(message, column: self.column ?? column) }
}
