/// The shape of IANA time zone identifiers. Whether a zone exists is a question for a time zone database, which this layer
/// does not have.
public enum ZoneName {
    /// Whether a text has the shape of an identifier: `UTC`, or two or three parts such as `Europe/Paris`.
    ///
    /// Each part begins with a letter and holds ASCII letters, digits, `_`, `+` and `-`; 64 bytes at most.
    public static func isWellFormed(_ text: String) -> Bool {
        let bytes = Array(text.utf8.prefix(65))
        if bytes.elementsEqual("UTC".utf8) { return true }
        guard bytes.count <= 64 else { return false }
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return (2...3).contains(parts.count) && parts.allSatisfy(isPart)
    }

    private static func isPart(_ part: ArraySlice<UInt8>) -> Bool {
        guard let first = part.first, isLetter(first) else { return false }
        return part.allSatisfy { isLetter($0) || Digits.isDigit($0) || "_+-".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }

    /// In free text only the areas of the database count, so that `May/June` is no zone.
    static func isZoneInFreeText(_ text: String) -> Bool {
        guard isWellFormed(text) else { return false }
        let area = text.utf8.prefix { $0 != UInt8(ascii: "/") }
        return areas.contains { $0.utf8.elementsEqual(area) }
    }

    private static let areas = [
        "UTC", "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
        "Etc", "US", "Canada",
    ]
}
