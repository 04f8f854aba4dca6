extension WhenReader {
    /// `2017-04-13`, `13.04.2017`, `22/04/2017`, `22/04`, `04/2017`.
    mutating func readNumericDate(_ first: Int, _ digits: Int) throws(WhenParseError) -> Bool {
        guard let separator = numericSeparator, let second = number(2, atMost: 4) else { return false }
        guard digits <= 4 else { return false }
        let third = isMark(separator, 3) ? number(4, atMost: 4) : nil
        if digits == 4 {
            return try readYearFirst(first, second, third)
        }
        guard digits <= 2, parts.month == nil else { return false }
        if let third, isDigits(4, 4) || isDigits(4, 2) {
            guard isDigits(2, 1) || isDigits(2, 2) else { return false }
            index += 5
            try setDayAndMonth(first, second, separator, year: try year(third, isShort: isDigitsBehind(2), separator))
        } else if isDigits(2, 4), separator != "-" {
            index += 3
            try setMonth(first)
            try setYear(second)
        } else if separator != "-", isDigits(2, 1) || isDigits(2, 2) {
            index += 3
            try setDayAndMonth(first, second, separator, year: nil)
        } else {
            return false
        }
        return true
    }

    private var numericSeparator: Unicode.Scalar? {
        for separator: Unicode.Scalar in ["-", "/", "."] where isMark(separator, 1) { return separator }
        return nil
    }

    private func isDigits(_ ahead: Int, _ count: Int) -> Bool {
        if case .number(_, let digits) = peek(ahead) { return digits == count }
        return false
    }

    private func isDigitsBehind(_ count: Int) -> Bool { isDigits(-1, count) }

    private mutating func readYearFirst(_ year: Int, _ month: Int, _ day: Int?) throws(WhenParseError) -> Bool {
        guard isDigits(2, 1) || isDigits(2, 2), day == nil || isDigits(4, 1) || isDigits(4, 2) else { return false }
        index += day == nil ? 3 : 5
        try setYear(year)
        try setMonth(month)
        if let day { try parts.set(\.day, day) }
        return true
    }

    private mutating func setMonth(_ month: Int) throws(WhenParseError) {
        guard month >= 1, month <= 12 else { throw .noSuchMonth(month) }
        try parts.set(\.month, month)
    }

    /// Two digits are a year only in dotted dates, whose order is settled: the latest not ten years after today.
    private func year(_ value: Int, isShort: Bool, _ separator: Unicode.Scalar) throws(WhenParseError) -> Int {
        guard isShort else { return value }
        guard separator == "." else { throw .shortYear(value) }
        let latest = today.year + 10
        let candidate = latest - latest % 100 + value
        return candidate <= latest ? candidate : candidate - 100
    }

    private mutating func setDayAndMonth(
        _ a: Int, _ b: Int, _ separator: Unicode.Scalar, year: Int?
    ) throws(WhenParseError) {
        if let year { try setYear(year) }
        let isDayFirst = separator == "." ? true : try self.isDayFirst(a, b, year)
        try setMonth(isDayFirst ? b : a)
        try parts.set(\.day, isDayFirst ? a : b)
    }

    /// Throws `ambiguous` where both orders give a day that exists.
    private func isDayFirst(_ a: Int, _ b: Int, _ year: Int?) throws(WhenParseError) -> Bool {
        let dayFirst = WhenResolver.date(a, b, year, today)
        let monthFirst = WhenResolver.date(b, a, year, today)
        if let dayFirst, let monthFirst, a != b { throw .ambiguous(dayFirst, monthFirst) }
        // If neither exists, the order whose month exists gives the better message.
        return dayFirst != nil || (monthFirst == nil && (1...12).contains(b))
    }
}
