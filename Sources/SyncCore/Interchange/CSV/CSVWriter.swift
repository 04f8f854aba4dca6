/// Writes CSV (RFC 4180) in UTF-8, quoting only where it must.
public struct CSVWriter: Sendable {
    public enum LineEnd: Sendable { case lf, crlf }

    private let lineEnd: [UInt8]
    private let forSpreadsheet: Bool

    /// `forSpreadsheet` puts an apostrophe before cells that a spreadsheet would take for a formula: such a file is for reading,
    /// since the apostrophe stays when it is imported.
    public init(lineEnd: LineEnd = .lf, forSpreadsheet: Bool = false) {
        self.lineEnd = lineEnd == .crlf ? [0x0D, 0x0A] : [0x0A]
        self.forSpreadsheet = forSpreadsheet
    }

    public func row(_ cells: [String]) -> [UInt8] {
        var out = [UInt8]()
        for (index, cell) in cells.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            append(forSpreadsheet && Self.looksLikeFormula(cell) ? "'" + cell : cell, isOnly: cells.count == 1, to: &out)
        }
        out += lineEnd
        return out
    }

    /// An empty row would be taken for no row, so its one cell is quoted.
    private func append(_ cell: String, isOnly: Bool, to out: inout [UInt8]) {
        let bytes = cell.utf8
        let quote = UInt8(ascii: "\"")
        guard
            bytes.contains(where: { $0 == UInt8(ascii: ",") || $0 == quote || $0 == 0x0A || $0 == 0x0D })
                || (isOnly && bytes.isEmpty)
        else { return out.append(contentsOf: bytes) }
        out.append(quote)
        for byte in bytes {
            if byte == quote { out.append(quote) }
            out.append(byte)
        }
        out.append(quote)
    }

    /// Begins with `=`, `+`, `-`, `@`, a tab or a carriage return, and is no plain negative number.
    static func looksLikeFormula(_ cell: String) -> Bool {
        guard let first = cell.utf8.first, "=+-@\t\r".utf8.contains(first) else { return false }
        guard first == UInt8(ascii: "-") else { return true }
        let parts = cell.utf8.dropFirst().split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count > 2 || !parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }
    }
}
