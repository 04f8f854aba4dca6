/// Values of the registry's types as the text of one cell.
enum CellValues {
    static let degreesMessage = "expected degrees between -180 and 180, such as 48.8566"

    static let recordMessage = "expected the whole id of a record: 26 letters and digits"

    /// Empty for a cleared field; nil for a value that has no place in a cell.
    static func text(_ value: Value, as type: FieldType) -> String? {
        guard type.accepts(value) else { return nil }
        switch (type, value) {
        case (_, .nothing): return ""
        case (.flag, .integer(let number)): return number == 1 ? "true" : "false"
        case (.degrees, .integer(let units)): return FixedPoint.text(units)
        case (_, .integer(let number)): return String(number)
        case (_, .text(let text)): return text
        case (.record, .bytes(let bytes)): return RecordID(bytes)?.text
        case (_, .bytes(let bytes)): return Hex.encode(bytes)
        case (_, .tuple): return nil
        }
    }

    /// The value of a cell that is not empty. Without `dates` only `When.isoText` is a date. Texts are kept to the letter;
    /// blanks around anything else do not matter.
    static func value(_ cell: String, as type: FieldType, _ dates: WhenParser?) throws(ImportFailure) -> Value {
        switch type {
        case .text, .choice: return .text(cell)
        case .when: return .text(try date(CellList.trimmed(cell), dates))
        case .integer:
            guard let number = Int64(CellList.trimmed(cell)) else { throw ImportFailure("expected a whole number") }
            return .integer(number)
        case .degrees:
            guard let units = FixedPoint.units(CellList.trimmed(cell)) else { throw ImportFailure(degreesMessage) }
            return .integer(units)
        case .flag: return .integer(try flag(CellList.trimmed(cell)) ? 1 : 0)
        case .hash:
            guard let hash = Hash32(hex: CellList.trimmed(cell)) else {
                throw ImportFailure("expected a SHA-256 value: 64 hexadecimal digits")
            }
            return .bytes(hash.bytes)
        case .record:
            guard let id = RecordID(text: CellList.trimmed(cell)) else { throw ImportFailure(recordMessage) }
            return .bytes(id.bytes)
        case .tuple: throw ImportFailure("has no place in a cell")
        }
    }

    private static func flag(_ text: String) throws(ImportFailure) -> Bool {
        switch text.lowercased() {
        case "true", "yes", "1": true
        case "false", "no", "0": false
        default: throw ImportFailure("expected true or false")
        }
    }

    /// `When.isoText` as it is; everything else as people write it.
    static func date(_ text: String, _ dates: WhenParser?) throws(ImportFailure) -> String {
        if When(isoText: text) != nil { return text }
        guard let dates else { throw ImportFailure("expected a date such as 2017-04-22") }
        do {
            return try dates.parse(text).isoText
        } catch { throw ImportFailure(error.message) }
    }
}
