/// A text format that records come in.
public enum InterchangeFormat: String, Hashable, Sendable, CaseIterable {
    /// Native: one record a line, without loss.
    case ndjson
    /// Native tables; the header says which (`CSVTable`).
    case csv

    /// By the extension, whatever its case: `.ndjson` and `.jsonl`, `.csv` and `.tsv`. Nil for any other.
    public static func detect(fileName: String) -> InterchangeFormat? {
        guard let dot = fileName.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        switch String(fileName[fileName.utf8.index(after: dot)...]).lowercased() {
        case "ndjson", "jsonl": return .ndjson
        case "csv", "tsv": return .csv
        default: return nil
        }
    }
}
