/// What several counts of one event come to under a rule, in people. No count is changed by it.
///
/// An open bound is closed by the number that was stated: "nearly one hundred" closes to 100 to 100, and with "hundreds" the range
/// is 100 to 200 under `ccc3`. `lowOpen` and `highOpen` say which end was closed so.
public struct CountRange: Hashable, Sendable {
    public let rule: CountRule
    /// Under `ccc3` and `countlove` both bounds are there or neither; under `plain` only bounds that somebody stated.
    public let low: Int?
    public let high: Int?
    /// There may have been fewer than `low`, or more than `high`.
    public let lowOpen: Bool
    public let highOpen: Bool
    /// Half of low plus high, halves to the even neighbour as in the Consortium's files; nil unless the rule closes both bounds.
    public let mean: Int?
    /// 0 unknown, 1 below 100, 2 below 1,000, 3 below 10,000, 4 more; by the mean before it is rounded.
    public let category: Int

    /// The range over attendance counts: `expected` ones are left out. Nil if none is left.
    ///
    /// `ccc3`: lowest to highest. `countlove`: the smallest of the most precise, where an exact number is more precise than a
    /// range, and a range more than an open bound. `plain`: lowest to highest of what was stated. The order of the entries
    /// makes no difference.
    public init?(_ entries: [CountEntry], rule: CountRule) {
        let all = entries.filter { $0.stage?.isAttendance ?? true }.map { Bounds($0.reading) }
        guard !all.isEmpty else { return nil }
        let used = rule == .countlove ? Self.mostPrecise(all) : all
        let lowest = used.compactMap(\.least).min()
        let highest = used.compactMap(\.most).max()
        let isClosing = rule != .plain
        self.rule = rule
        low = isClosing || used.contains { $0.low != nil } ? lowest : nil
        high = isClosing || used.contains { $0.high != nil } ? (rule == .countlove ? lowest : highest) : nil
        lowOpen = used.contains { $0.lowOpen && (!isClosing || $0.least == nil || $0.least == lowest) }
        highOpen = used.contains { $0.highOpen && (!isClosing || $0.most == nil || $0.most == highest) }
        guard let low, let high, isClosing || !(lowOpen || highOpen) else {
            mean = nil
            category = 0
            return
        }
        mean = Self.halfEven(low + high)
        category = Self.category(ofSum: low + high)
    }

    /// `100–200`, `150`; with bounds that are left open `150 or more`, `100 or fewer`; `unknown`.
    public var text: String {
        switch (low, high) {
        case (let low?, let high?) where low == high: "\(low)"
        case (let low?, let high?): "\(low)–\(high)"
        case (let low?, nil): "\(low) or more"
        case (nil, let high?): "\(high) or fewer"
        case (nil, nil): "unknown"
        }
    }
}

extension CountRange {
    /// A reading with numbers that can be added without a check, and in the right order.
    private struct Bounds {
        let low, high: Int?
        let lowOpen, highOpen: Bool

        init(_ reading: CrowdReading) {
            low = reading.low.map { min(max($0, 0), CrowdPhrase.greatest) }
            high = reading.high.map { min(max($0, 0), CrowdPhrase.greatest) }
            lowOpen = reading.lowOpen
            highOpen = reading.highOpen
        }

        var least: Int? { [low, high].compactMap(\.self).min() }
        var most: Int? { [low, high].compactMap(\.self).max() }

        /// 3 an exact number, 2 a range, 1 an open bound, 0 nothing.
        var precision: Int {
            if low == nil && high == nil { return 0 }
            if lowOpen || highOpen || low == nil || high == nil { return 1 }
            return low == high ? 3 : 2
        }
    }

    private static func mostPrecise(_ all: [Bounds]) -> [Bounds] {
        let best = all.map(\.precision).max() ?? 0
        let candidates = all.filter { $0.precision == best }
        let least = candidates.compactMap(\.least).min()
        return candidates.filter { $0.least == least }
    }

    private static func halfEven(_ sum: Int) -> Int {
        let half = sum / 2
        return sum.isMultiple(of: 2) || half.isMultiple(of: 2) ? half : half + 1
    }

    private static func category(ofSum sum: Int) -> Int {
        switch sum {
        case ..<200: 1
        case ..<2_000: 2
        case ..<20_000: 3
        default: 4
        }
    }
}
