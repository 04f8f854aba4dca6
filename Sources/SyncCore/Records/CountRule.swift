/// A named table that says which numbers vague words stand for, and how several counts become one range.
///
/// A table never changes under its name and version: a number derived under `ccc3` must be derivable again. What is stored is
/// the phrase.
public enum CountRule: String, Hashable, Sendable, CaseIterable {
    /// Crowd Counting Consortium, phase 3: lowest to highest count.
    case ccc3
    /// Count Love (https://countlove.org/faq.html): the smallest among the most precise counts.
    case countlove
    /// Only what was said: a vague word has no number.
    case plain

    /// Raised whenever a number in the table changes.
    public var version: Int { 1 }

    /// What "a dozen" is.
    var dozen: Int { self == .countlove ? 10 : 12 }

    /// The number that a vague word stands for, nil under `plain`.
    ///
    /// In the Consortium's data "tens of thousands" is coded 10,000, so `tens` is 10 although "hundreds" is 200. Count Love
    /// publishes dozens and hundreds "and so forth"; for its small words the Consortium's are used.
    func number(_ word: CountWord) -> Int? {
        if self == .plain { return nil }
        switch word {
        case .couple: return 2
        case .few, .several: return 3
        case .handful: return 5
        case .tens: return 10
        case .dozens: return self == .ccc3 ? 24 : 20
        case .scores: return self == .ccc3 ? 40 : 20
        case .hundreds: return self == .ccc3 ? 200 : 100
        case .thousands: return self == .ccc3 ? 2_000 : 1_000
        case .millions: return self == .ccc3 ? 2_000_000 : 1_000_000
        }
    }
}
