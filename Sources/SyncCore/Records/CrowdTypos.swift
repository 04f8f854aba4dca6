/// Mends the typing errors that real counts are full of: "thousnad", "hundered".
enum CrowdTypos {
    /// The word, or the one long number word that is one slip away from it.
    ///
    /// A slip is a letter too many, too few or wrong, or two exchanged. Short words are left alone, and the first letter
    /// must be right: "billion" is no slip for "million".
    static func mended(_ word: String) -> String {
        let letters = Array(word.utf8.prefix(16))
        guard (6...14).contains(letters.count), CrowdWords.meaning(of: word) == nil else { return word }
        return targets.first { $0.utf8.first == letters.first && isOneSlip(Array($0.utf8), letters) } ?? word
    }

    private static let targets = [
        "hundred", "hundreds", "thousand", "thousands", "million", "dozens", "several", "approximately", "roughly", "nearly", "around",
        "almost",
    ]

    private static func isOneSlip(_ right: [UInt8], _ typed: [UInt8]) -> Bool {
        let start = zip(right, typed).prefix { $0 == $1 }.count
        let a = right[start...], b = typed[start...]
        switch a.count - b.count {
        case 1: return a.dropFirst().elementsEqual(b)
        case -1: return b.dropFirst().elementsEqual(a)
        case 0:
            if a.dropFirst().elementsEqual(b.dropFirst()) { return true }
            guard a.count >= 2 else { return false }
            return a.prefix(2).elementsEqual(b.prefix(2).reversed()) && a.dropFirst(2).elementsEqual(b.dropFirst(2))
        default: return false
        }
    }
}
