extension WhenReader {
    /// A number may begin a time, a numeric date, a day or a year.
    mutating func readNumber(_ value: Int, _ digits: Int) throws(WhenParseError) {
        let expected = expectsTime
        expectsTime = false
        if try readTime(value, digits, expected: expected) { return }
        if try readNumericDate(value, digits) { return }
        index += 1
        switch digits {
        case 4: try setYear(value)
        case 1, 2: try readDay(value, expectsTime: expected)
        default: throw .unreadable(WhenToken.number(value, digits: digits).shown)
        }
    }

    private mutating func readDay(_ value: Int, expectsTime: Bool) throws(WhenParseError) {
        if let next = word(0), WhenWords.ordinal.contains(next) {
            index += 1
        } else if expectsTime, !isMonthNext {
            guard value > 12 || value == 0 else { throw .hourUnclear(value) }
            return try setTime(value, 0)
        } else if parts.day != nil, parts.month != nil, parts.year == nil, !isMonthNext {
            throw .shortYear(value)
        }
        try parts.set(\.day, value)
    }

    /// Whether a month follows: "a 13 de abril" is no hour.
    private var isMonthNext: Bool {
        var ahead = 0
        while true {
            switch peek(ahead) {
            case .mark("."): ahead += 1
            case .word(let word) where WhenWords.betweenDayAndMonth.contains(word): ahead += 1
            case .word(let word): return MonthNames.number(of: word) != nil
            default: return false
            }
        }
    }

    mutating func setYear(_ value: Int) throws(WhenParseError) {
        guard value >= 1, value <= 9999 else { throw .noSuchYear(value) }
        try parts.set(\.year, value)
    }

    mutating func setTime(_ hour: Int, _ minute: Int) throws(WhenParseError) {
        guard let time = ClockTime(hour: hour, minute: minute) else { throw .noSuchTime(hour: hour, minute: minute) }
        try parts.set(\.time, time)
    }
}

// MARK: Times

extension WhenReader {
    /// `19:00`, `19h30`, `19 Uhr`, `7pm`, `7.30 p.m.`, `kl 19.30`.
    private mutating func readTime(_ hour: Int, _ digits: Int, expected: Bool) throws(WhenParseError) -> Bool {
        guard digits <= 2 else { return false }
        if isMark(":", 1) {
            guard let minute = number(2, atMost: 2) else { throw .unreadable("\(hour):") }
            index += 3
            try skipSeconds(hour, minute)
            try finishTime(hour, minute)
        } else if let word = word(1), WhenWords.hour.contains(word) {
            let minute = isMinuteAfterHourWord ? number(2, atMost: 2) : nil
            index += minute == nil ? 2 : 3
            try setTime(hour, minute ?? 0)
        } else if meridiem(1) != nil {
            index += 1
            try finishTime(hour, 0)
        } else if isMark(".", 1), let minute = number(2, atMost: 2), isDottedTime(expected) {
            index += 3
            try finishTime(hour, minute)
        } else {
            return false
        }
        return true
    }

    /// In "19h 13 April" the 13 is no minute.
    private var isMinuteAfterHourWord: Bool {
        guard number(2, atMost: 2) != nil else { return false }
        if isMark(".", 3) || isMark("/", 3) || isMark("-", 3) || isMark(":", 3) { return false }
        guard let next = word(3) else { return true }
        return MonthNames.number(of: next) == nil && !WhenWords.ordinal.contains(next)
            && !WhenWords.betweenDayAndMonth.contains(next)
    }

    private func isDottedTime(_ expected: Bool) -> Bool {
        // "um 13.4. 19 Uhr" has a second dot, a time has not.
        if let next = word(3), WhenWords.hour.contains(next) { return true }
        return meridiem(3) != nil || (expected && !(isMark(".", 3) && number(4, atMost: 4) != nil))
    }

    private mutating func skipSeconds(_ hour: Int, _ minute: Int) throws(WhenParseError) {
        guard isMark(":", 0) else { return }
        guard let seconds = number(1, atMost: 2), seconds <= 59 else { throw .noSuchTime(hour: hour, minute: minute) }
        index += 2
        if isMark(".", 0), number(1, atMost: 9) != nil, sawT { index += 2 }
    }

    /// After the figures: "am", "p.m.", "Uhr".
    private mutating func finishTime(_ hour: Int, _ minute: Int) throws(WhenParseError) {
        if let (isAfternoon, count) = meridiem(0) {
            guard hour >= 1, hour <= 12 else { throw .noSuchTime(hour: hour, minute: minute) }
            index += count
            return try setTime(hour % 12 + (isAfternoon ? 12 : 0), minute)
        }
        if let word = word(0), WhenWords.hour.contains(word) { index += 1 }
        try setTime(hour, minute)
    }

    private func meridiem(_ ahead: Int) -> (isAfternoon: Bool, count: Int)? {
        switch word(ahead) {
        // German "am" stands before a date: "19 Uhr am 13. April".
        case "am": return number(ahead + 1, atMost: 2) == nil || !isMark(".", ahead + 2) ? (false, 1) : nil
        case "pm": return (true, 1)
        case "a", "p":
            guard isMark(".", ahead + 1), word(ahead + 2) == "m" else { return nil }
            return (word(ahead) == "p", isMark(".", ahead + 3) ? 4 : 3)
        default: return nil
        }
    }
}
