/// One number as a phrase has it.
struct CrowdAmount: Hashable, Sendable {
    /// In people; nil where the rule gives the word no number.
    var value: Int?
    /// So many or more: "hundreds", "several".
    var isOpenAbove = false
    /// The last unit of a number such as "3 thousand", and what stood before it.
    var unit: Int?
    var count: Int?

    /// In "2 to 3 thousand" the 2 is two thousand.
    ///
    /// Only if it is a bare number, not above the other's and below the unit: "100 to 1 thousand" stays as it is.
    mutating func borrowUnit(of other: CrowdAmount) {
        guard unit == nil, !isOpenAbove, let value, value > 0, let unit = other.unit, let count = other.count, value <= count, value < unit
        else { return }
        let (product, overflow) = value.multipliedReportingOverflow(by: unit)
        if !overflow { self.value = product }
    }
}

// MARK: What the sides state together

extension CrowdReader {
    static func reading(_ side: Side) -> CrowdReading {
        guard let value = side.amount.value else { return CrowdReading(low: nil, high: nil, lowOpen: true, highOpen: true) }
        if side.bound == .atMost { return CrowdReading(low: nil, high: value, lowOpen: true) }
        if side.bound == .atLeast || side.amount.isOpenAbove { return CrowdReading(low: value, high: nil, highOpen: true) }
        return CrowdReading(low: value, high: value)
    }

    /// Nil for a range that runs backwards.
    static func reading(_ first: Side, _ second: Side) -> CrowdReading? {
        if let a = first.amount.value, let b = second.amount.value, a > b { return nil }
        let lowOpen = first.amount.value == nil || first.bound == .atMost
        // "At least 50, possibly up to 60" has a top; "over 50 to 60" has none.
        let isTopless = first.bound == .atLeast && second.bound != .atMost
        let highOpen = second.amount.value == nil || second.amount.isOpenAbove || second.bound == .atLeast || isTopless
        return CrowdReading(
            low: first.bound == .atMost ? nil : first.amount.value, high: second.amount.value, lowOpen: lowOpen, highOpen: highOpen)
    }
}
