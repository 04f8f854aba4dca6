/// A number of bytes as people write it: `4GB`, `500 MB`, `1000000`.
struct ByteSize: Equatable, CustomStringConvertible {
    var bytes: Int64

    init(bytes: Int64) { self.bytes = bytes }

    private static let units: [(name: String, factor: Int64)] = [
        ("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10), ("B", 1), ("", 1),
    ]

    init?(_ text: String) {
        let text = text.uppercased().filter { $0 != " " }
        let digits = text.prefix(while: \.isNumber)
        guard let number = Int64(digits), let unit = Self.units.first(where: { $0.name == text.dropFirst(digits.count) }) else {
            return nil
        }
        let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: unit.factor)
        guard !isTooLarge else { return nil }
        self.bytes = bytes
    }

    var description: String {
        guard bytes > 0, let unit = Self.units.first(where: { bytes % $0.factor == 0 }) else { return "\(bytes)" }
        return "\(bytes / unit.factor)\(unit.name)"
    }
}
