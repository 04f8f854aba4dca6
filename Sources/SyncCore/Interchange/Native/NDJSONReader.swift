/// Reads native NDJSON (`docs/formats.md`).
struct NDJSONReader: RecordReader {
    static let lineLimit = 16 << 20

    private let records: RecordJSONReader
    private var lines = LineReader(limit: lineLimit)
    private var isDone = false

    init(dates: WhenParser) { records = RecordJSONReader(dates: dates) }

    var cellsReadAsLatin1: Int { 0 }

    mutating func append(_ bytes: [UInt8]) { lines.append(bytes) }

    mutating func finish() { lines.finish() }

    mutating func next() -> ImportItem? {
        if isDone { return nil }
        if lines.isUTF16 {
            isDone = true
            return .problem(line: 1, column: nil, message: "The file is UTF-16. Save it in UTF-8.")
        }
        return lines.next().map(item)
    }

    private func item(_ line: LineReader.Line) -> ImportItem {
        guard let bytes = line.bytes else {
            return .problem(line: line.number, column: nil, message: "a line is longer than \(Self.lineLimit) bytes")
        }
        do {
            return .record(try records.document(try node(bytes), line: bytes), line: line.number)
        } catch {
            return .problem(line: line.number, column: error.column, message: error.message)
        }
    }

    private func node(_ bytes: [UInt8]) throws(ImportFailure) -> JSONNode {
        do {
            return try JSONText.parse(bytes)
        } catch {
            throw ImportFailure("not JSON: \(error.message)", column: error.column)
        }
    }
}
