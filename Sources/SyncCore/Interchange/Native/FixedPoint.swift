/// Degrees in units of 10⁻⁷ as decimal text. No floating point: what was written is what is kept.
enum FixedPoint {
    private static let places = 7

    /// `48.8566`: no exponent, no zeros at the end.
    static func text(_ units: Int64) -> String {
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
        let whole = padded.dropLast(places)
        var fraction = padded.suffix(places)
        while fraction.last == "0" { fraction.removeLast() }
        return (units < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// Reads `-12`, `48.8566`. Digits after the seventh are rounded away, half from zero; nil for an exponent, for anything
    /// else, and outside ±180.
    static func units(_ text: String) -> Int64? {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
        let halves = bytes.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = halves.first, (1...3).contains(whole.count), whole.allSatisfy(Digits.isDigit) else { return nil }
        let fraction = halves.count == 2 ? halves[1] : []
        guard halves.count == 1 || !fraction.isEmpty, fraction.allSatisfy(Digits.isDigit) else { return nil }
        var units: Int64 = 0
        for byte in whole { units = units * 10 + Int64(byte - 0x30) }
        let kept = Array(fraction.prefix(places))
        for place in 0..<places { units = units * 10 + (place < kept.count ? Int64(kept[place] - 0x30) : 0) }
        if fraction.count > places, fraction[fraction.startIndex + places] >= 0x35 { units += 1 }
        guard units <= 1_800_000_000 else { return nil }
        return isNegative ? -units : units
    }
}
