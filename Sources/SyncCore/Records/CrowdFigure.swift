/// A number in digits, held as a whole number of decimal parts: "1.5" is 15 with one decimal.
struct CrowdFigure: Hashable, Sendable {
    let mantissa: Int
    let decimals: Int

    /// Takes a figure from `index` on, with thousands grouped by `,` `.` `'` or a blank, and decimals after `.` or `,`.
    ///
    /// Three digits after a separator are a group ("1.000" is a thousand); another number of digits is decimals. Nil for
    /// more than twelve digits.
    init?(_ scalars: [Unicode.Scalar], _ index: inout Int) {
        var digits = Self.takeDigits(scalars, &index)
        if digits.count <= 3, digits.first != 0 { Self.takeGroups(scalars, &index, into: &digits) }
        var decimals = 0
        let next = index + 1
        if index < scalars.count, scalars[index] == "." || scalars[index] == ",", next < scalars.count, Self.isDigit(scalars[next]) {
            index = next
            let fraction = Self.takeDigits(scalars, &index)
            decimals = fraction.count
            digits += fraction
        }
        guard digits.count <= 12 else { return nil }
        mantissa = digits.reduce(0) { $0 * 10 + $1 }
        self.decimals = decimals
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

    private static func takeDigits(_ scalars: [Unicode.Scalar], _ index: inout Int) -> [Int] {
        var digits = [Int]()
        while index < scalars.count, isDigit(scalars[index]) {
            digits.append(Int(scalars[index].value) - 0x30)
            index += 1
        }
        return digits
    }

    /// All groups of one figure have the same separator.
    private static func takeGroups(_ scalars: [Unicode.Scalar], _ index: inout Int, into digits: inout [Int]) {
        guard index < scalars.count, [",", ".", "'", " "].contains(scalars[index]) else { return }
        let separator = scalars[index]
        while index < scalars.count, scalars[index] == separator {
            var end = index + 1
            let group = takeDigits(scalars, &end)
            guard group.count == 3 else { return }
            digits += group
            index = end
        }
    }

    /// The figure times a unit, in whole people: nil if it is no whole number ("1.5 people") or too great.
    func times(_ unit: Int) -> Int? {
        var divisor = 1
        // At most twelve decimals, so this cannot overflow.
        for _ in 0..<decimals { divisor *= 10 }
        let (product, overflow) = mantissa.multipliedReportingOverflow(by: unit)
        guard !overflow, product.isMultiple(of: divisor) else { return nil }
        let value = product / divisor
        return value <= CrowdPhrase.greatest ? value : nil
    }
}
