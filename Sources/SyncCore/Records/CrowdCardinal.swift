/// A number built up from number words, from left to right.
struct CrowdCardinal {
    /// What is closed by "thousand" or "million".
    private var total = 0
    /// What is not.
    private var current = 0
    private(set) var isStarted = false
    private var isTooGreat = false
    /// The last "million" or "thousand": what follows it is smaller.
    private var leastGreatUnit = Int.max
    private(set) var lastUnit: Int?
    /// How many of `lastUnit`: the 2 of "two thousand".
    private(set) var countOfUnit: Int?

    var value: Int? {
        let sum = total + current
        return isTooGreat || sum > CrowdPhrase.greatest ? nil : sum
    }

    /// The number ends in "twenty" to "ninety".
    var endsInTens: Bool { (20...90).contains(current % 100) && current.isMultiple(of: 10) }

    /// The number ends in "hundred" or more.
    var endsInUnit: Bool { isStarted && current.isMultiple(of: 100) }

    /// Whether a cardinal below 100 may follow: "hundred" takes "five", "twenty" takes "five", "five" takes none.
    func takes(_ value: Int) -> Bool {
        if current.isMultiple(of: 100) { return !isStarted || current > 0 || total > 0 }
        return endsInTens && value < 10
    }

    /// Whether a unit may follow: "two" takes "hundred", "two hundred" takes "thousand", "two million" takes neither.
    func takes(unit: Int) -> Bool {
        guard isStarted else { return true }
        return current > 0 && (unit >= 1_000 ? unit < leastGreatUnit : current < 100)
    }

    mutating func add(_ value: Int) {
        isStarted = true
        current += value
        lastUnit = nil
        countOfUnit = nil
    }

    mutating func multiply(by unit: Int) {
        countOfUnit = max(current, 1)
        lastUnit = unit
        let (product, overflow) = max(current, 1).multipliedReportingOverflow(by: unit)
        isStarted = true
        guard !overflow, product <= CrowdPhrase.greatest else {
            isTooGreat = true
            return
        }
        if unit >= 1_000 {
            // Both are at most `greatest`, far from the end of Int; the sum is checked as it grows.
            leastGreatUnit = unit
            total += product
            current = 0
            if total > CrowdPhrase.greatest { (total, isTooGreat) = (0, true) }
        } else {
            current = product
        }
    }
}
