/// The serial numbers of consecutive paper sheets, both ends included.
public struct SerialRange: Hashable, Sendable {
    public let first: Int
    public let last: Int

    /// Nil unless 0 ≤ first ≤ last ≤ 10¹².
    public init?(first: Int, last: Int) {
        // The bound keeps every sum of counts below the end of Int.
        guard first >= 0, first <= last, last <= 1_000_000_000_000 else { return nil }
        self.first = first
        self.last = last
    }

    /// How many serials.
    public var count: Int { last - first + 1 }

    func overlap(with other: SerialRange) -> SerialRange? {
        SerialRange(first: max(first, other.first), last: min(last, other.last))
    }

    /// Sorted, without overlaps, neighbours joined.
    static func joined(_ ranges: [SerialRange]) -> [SerialRange] {
        var out = [SerialRange]()
        for range in ranges.sorted(by: { ($0.first, $0.last) < ($1.first, $1.last) }) {
            if let last = out.last, range.first <= last.last + 1, let longer = SerialRange(first: last.first, last: max(last.last, range.last)) {
                out[out.count - 1] = longer
            } else {
                out.append(range)
            }
        }
        return out
    }
}
