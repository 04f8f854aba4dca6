/// SplitMix64: the same seed gives the same run on every machine.
struct TinyGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

    mutating func pick<Element>(_ items: [Element]) -> Element { items[below(items.count)] }

    /// A text made of the given pieces, of random scalars and of blanks.
    mutating func text(of pieces: [String], count: Int) -> String {
        var text = ""
        for _ in 0..<below(count + 1) {
            switch below(12) {
            case 0: text.unicodeScalars.append(Unicode.Scalar(UInt32(below(0xD800))) ?? " ")
            case 1: text.unicodeScalars.append(Unicode.Scalar(UInt32(below(0x80))) ?? " ")
            case 2: text += String(next())
            default: text += pick(pieces)
            }
            if below(3) > 0 { text += " " }
        }
        return text
    }
}

/// Texts that no reader may trap on or take for a date or a number of people.
let hostileTexts: [String] = [
    "", " ", "\u{0}", "\u{0}\u{0}", "🎉", "👩‍👩‍👧‍👦 marched", "مسيرة كبيرة", "\u{202E}0071 lirpA 22\u{202C}", "\u{FEFF}", "\r\n", "e\u{301}",
    String(repeating: "9", count: 5000), String(repeating: "-", count: 300), "99999999999999999999", "-1", "--", "::", "//", "..", "[]",
    "1:2:3:4:5", "1-", "1/", "1.", "h", "19h99h", "T", "2017-", "2017-13-45", "0000-00-00", "9223372036854775807",
    "1900-01-10 00:00:00.000.000", "\u{1D7D8}\u{1D7D9}", "½", "Ⅷ", "٣", "\u{301}\u{301}", "@TeslaTakedown", "=1+1", "NaN", "1e+05",
]
