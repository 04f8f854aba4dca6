/// One row of a CSV file.
public struct CSVRow: Hashable, Sendable {
    /// Where it begins in the file, the first line being 1. A row with a line break in a cell has several lines.
    public var line: Int
    public var cells: [String]
    /// How many of the cells were not UTF-8.
    public var cellsReadAsLatin1: Int
}

/// Reads CSV (RFC 4180) that arrives in pieces, one row at a time.
///
/// ```swift
/// var reader = CSVReader()
/// reader.append(bytes)
/// reader.finish()
/// while let item = reader.next() { … }
/// ```
///
/// Takes CRLF, LF and CR, a byte order mark, and line breaks in quoted cells. The delimiter is the first of comma, semicolon and
/// tab that stands outside quotes in the first row. A quote inside an unquoted cell is a character like others; text after a
/// closing quote is an error. A cell that is not UTF-8 is read as Latin-1 in the wider sense of the web (Windows-1252). Empty
/// lines are left out. Holds one row: at most `cellLimit` bytes a cell, 8 MiB and 4,096 cells a row; what exceeds that is
/// reported and skipped.
public struct CSVReader: Sendable {
    public enum Item: Hashable, Sendable {
        case row(CSVRow)
        /// The row is skipped. `column` counts cells from 1.
        case problem(line: Int, column: Int?, message: String)
    }

    public static let cellLimit = 1 << 20
    static let rowLimit = 8 << 20
    static let cellsLimit = 4096

    private enum State { case cellStart, plain, quoted, afterQuote }

    private var feed = ByteFeed()
    private var delimiter: UInt8?
    private var isFirstRow = true
    private var state = State.cellStart
    private var cell: [UInt8] = []
    private var cells: [String] = []
    private var rowBytes = 0
    private var latin1 = 0
    private var failure: ImportFailure?
    private var hasContent = false
    private var rowLine = 1
    private var line = 1
    private var previous: UInt8 = 0
    private var rowEndedWithCR = false
    private var isDone = false

    /// `delimiter` overrides the first row.
    public init(delimiter: UInt8? = nil) { self.delimiter = delimiter }

    public mutating func append(_ bytes: some Sequence<UInt8>) { feed.append(Array(bytes)) }

    /// No more bytes will come.
    public mutating func finish() { feed.finish() }

    /// Nil when more bytes are needed, or at the end.
    public mutating func next() -> Item? {
        if isDone { return nil }
        if feed.isUTF16 {
            isDone = true
            return .problem(line: 1, column: nil, message: "The file is UTF-16. Save it as CSV in UTF-8.")
        }
        while let byte = feed.next() {
            if let item = take(byte) { return item }
        }
        return feed.isFinished ? last() : nil
    }

    private mutating func last() -> Item? {
        isDone = true
        if state == .quoted { fail("a quoted cell has no closing quote") }
        return hasContent ? endRow() : nil
    }

    private mutating func take(_ byte: UInt8) -> Item? {
        defer { previous = byte }
        if byte == 0x0D || (byte == 0x0A && previous != 0x0D) { line += 1 }
        if rowEndedWithCR {
            rowEndedWithCR = false
            if byte == 0x0A { return nil }
        }
        if state == .quoted {
            if byte == UInt8(ascii: "\"") { state = .afterQuote } else { keep(byte) }
            return nil
        }
        if byte == 0x0A || byte == 0x0D {
            rowEndedWithCR = byte == 0x0D
            return endRow()
        }
        hasContent = true
        if isDelimiter(byte) { endCell() } else { takeText(byte) }
        return nil
    }

    private mutating func takeText(_ byte: UInt8) {
        let isQuote = byte == UInt8(ascii: "\"")
        switch state {
        case .cellStart where isQuote: state = .quoted
        case .afterQuote where isQuote:
            keep(byte)
            state = .quoted
        case .afterQuote:
            fail("text follows a closing quote; a quote inside a cell is written twice")
            state = .plain
        default:
            state = .plain
            keep(byte)
        }
    }

    private mutating func isDelimiter(_ byte: UInt8) -> Bool {
        if let delimiter { return byte == delimiter }
        guard isFirstRow, byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == 0x09 else { return false }
        delimiter = byte
        return true
    }

    private mutating func keep(_ byte: UInt8) {
        guard failure == nil else { return }
        rowBytes += 1
        guard cell.count < Self.cellLimit else { return fail("a cell is longer than \(Self.cellLimit) bytes") }
        guard rowBytes <= Self.rowLimit else { return fail("a row is longer than \(Self.rowLimit) bytes") }
        cell.append(byte)
    }

    private mutating func fail(_ message: String) {
        guard failure == nil else { return }
        failure = ImportFailure(message, column: cells.count + 1)
        cell = []
        cells = []
    }

    private mutating func endCell() {
        state = .cellStart
        guard failure == nil else { return }
        guard cells.count < Self.cellsLimit else { return fail("a row has more than \(Self.cellsLimit) cells") }
        if let text = String(validating: cell, as: UTF8.self) {
            cells.append(text)
        } else {
            cells.append(Latin1.text(cell))
            latin1 += 1
        }
        cell.removeAll(keepingCapacity: true)
    }

    private mutating func endRow() -> Item? {
        defer { beginRow() }
        guard hasContent else { return nil }
        endCell()
        if let failure { return .problem(line: rowLine, column: failure.column, message: failure.message) }
        return .row(CSVRow(line: rowLine, cells: cells, cellsReadAsLatin1: latin1))
    }

    private mutating func beginRow() {
        if hasContent { isFirstRow = false }
        hasContent = false
        failure = nil
        cells = []
        rowBytes = 0
        latin1 = 0
        state = .cellStart
        rowLine = line
    }
}
