/// The words that say on which side of a number a crowd lies.
enum CrowdBound: Hashable, Sendable {
    case atLeast, atMost, near

    /// The bound that begins at a place in the words, and how many words it takes. The longest match counts.
    static func match(_ words: [String]) -> (bound: CrowdBound, count: Int)? {
        for count in stride(from: min(4, words.count), through: 1, by: -1) {
            if let bound = phrases[words.prefix(count).joined(separator: " ")] { return (bound, count) }
        }
        return nil
    }

    static let marks: [Unicode.Scalar: CrowdBound] = [
        ">": .atLeast, "≥": .atLeast, "+": .atLeast, "<": .atMost, "≤": .atMost, "~": .near, "±": .near,
    ]

    /// What may stand after a number: "30 or more", "200 or so".
    static func matchAfter(_ words: [String]) -> (bound: CrowdBound, count: Int)? {
        for count in stride(from: min(2, words.count), through: 1, by: -1) {
            if let bound = suffixes[words.prefix(count).joined(separator: " ")] { return (bound, count) }
        }
        return nil
    }

    private static let phrases: [String: CrowdBound] = table([
        (.atLeast, [
            "over", "more than", "at least", "upwards of", "upward of", "in excess of", "well over", "well more than", "not less than",
            "no fewer than", "no less than", "just over", "a little over", "slightly over", "exceeding", "above", "minimum", "min",
            "plus de", "plus d", "au moins", "mindestens", "uber", "ueber", "mehr als", "far more than", "greater than",
        ]),
        (.atMost, [
            "nearly", "almost", "close to", "just under", "under", "fewer than", "less than", "up to", "as many as", "at most", "max",
            "maximum", "no more than", "not more than", "below", "presque", "pres de", "moins de", "moins d", "jusqu a", "au plus",
            "fast", "knapp", "bis zu", "weniger als", "hochstens", "hoechstens", "maximal", "unter", "nearing", "approaching",
        ]),
        (.near, [
            "around", "about", "approximately", "approx", "roughly", "some", "estimated", "an estimated", "estimate", "circa", "ca", "c",
            "environ", "quelque", "rund", "etwa", "ungefahr", "ungefaehr", "zirka", "gut", "exactly", "only", "just", "total of",
            "a total of", "crowd of", "a crowd of", "group of", "a group of", "the", "maybe", "perhaps", "possibly", "probably",
        ]),
    ])

    private static let suffixes: [String: CrowdBound] = table([
        (.atLeast, ["or more", "and more", "plus", "oder mehr", "und mehr", "ou plus", "and counting"]),
        (.atMost, ["or less", "or fewer", "oder weniger", "ou moins", "at most", "max"]),
        (.near, ["or so", "ish", "approx", "approximately", "environ", "ca"]),
    ])

    private static func table(_ lines: [(CrowdBound, [String])]) -> [String: CrowdBound] {
        var table = [String: CrowdBound]()
        for (bound, phrases) in lines {
            for phrase in phrases { table[phrase] = bound }
        }
        return table
    }
}
