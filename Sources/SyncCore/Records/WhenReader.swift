/// Goes over the pieces of a text once and notes what each says. A value to be used once.
struct WhenReader {
    let tokens: [WhenToken]
    let today: CivilDate
    var parts = WhenParts()
    var index = 0
    /// The last word was one such as "at", after which a number is an hour.
    var expectsTime = false
    /// An ISO "T" was seen, so that a sign after the time is an offset.
    var sawT = false

    init(tokens: [WhenToken], today: CivilDate) {
        self.tokens = tokens
        self.today = today
    }

    mutating func read() throws(WhenParseError) {
        while let token = peek() {
            switch token {
            case .number(let value, let digits): try readNumber(value, digits)
            case .word(let word): try readWord(word)
            case .mark(let mark): try readMark(mark)
            }
        }
    }

    func peek(_ ahead: Int = 0) -> WhenToken? {
        let at = index + ahead
        return tokens.indices.contains(at) ? tokens[at] : nil
    }

    func isMark(_ mark: Unicode.Scalar, _ ahead: Int) -> Bool { peek(ahead) == .mark(mark) }

    func word(_ ahead: Int) -> String? {
        if case .word(let word) = peek(ahead) { return word }
        return nil
    }

    func number(_ ahead: Int, atMost most: Int) -> Int? {
        if case .number(let value, let digits) = peek(ahead), digits <= most { return value }
        return nil
    }

    private mutating func readMark(_ mark: Unicode.Scalar) throws(WhenParseError) {
        switch mark {
        case ",", ".", ";", "'", "(", ")", "[", "]", "·": index += 1
        case "~":
            parts.isAbout = true
            index += 1
        case "+" where parts.time != nil: try readOffset()
        case "-" where parts.time != nil && sawT: try readOffset()
        // "13-15 April", "19:00-21:00", "May/June".
        case "-" where isSomethingRead, "/" where isSomethingRead: throw .severalDates
        default: throw .unreadable(WhenToken.mark(mark).shown)
        }
    }

    private var isSomethingRead: Bool { parts.day != nil || parts.month != nil || parts.year != nil || parts.time != nil }

    /// `+00:00` is UTC; another offset does not say which zone's rules hold.
    private mutating func readOffset() throws(WhenParseError) {
        let hour = number(1, atMost: 4)
        let minute = isMark(":", 2) ? number(3, atMost: 2) : 0
        guard hour == 0, minute == 0 else { throw .notAZone }
        try parts.set(\.zone, "UTC")
        index += isMark(":", 2) ? 4 : 2
    }
}

// MARK: Words

extension WhenReader {
    private mutating func readWord(_ word: String) throws(WhenParseError) {
        let expected = expectsTime
        expectsTime = WhenWords.beforeTime.contains(word)
        if try readDayWord(word) { return }
        if try readDateWord(word) { return }
        if WhenWords.noon.contains(word) {
            try setTime(12, 0)
        } else if word == "t", parts.day != nil, number(1, atMost: 2) != nil {
            sawT = true
        } else if word == "z", parts.time != nil {
            try parts.set(\.zone, "UTC")
        } else if WhenWords.zoneAbbreviation.contains(word) {
            throw .notAZone
        } else if WhenWords.filler.contains(word) {
            expectsTime = expected
        } else if !expectsTime {
            throw .unreadable(WhenToken.word(word).shown)
        }
        index += 1
    }

    /// "Yesterday", "last", "about", "early".
    private mutating func readDayWord(_ word: String) throws(WhenParseError) -> Bool {
        if word == "i", let next = self.word(1), WhenWords.swedishDays.contains(next) {
            index += 1
            return try readDayWord("i" + next)
        }
        if let offset = WhenWords.offset(of: word) {
            guard let day = today.adding(days: offset) else { throw .outOfRange }
            try parts.set(\.relative, day)
        } else if WhenWords.last.contains(word) {
            try parts.set(\.direction, -1)
        } else if WhenWords.next.contains(word) {
            try parts.set(\.direction, 1)
        } else if WhenWords.about.contains(word) {
            parts.isAbout = true
        } else if let part = WhenWords.part(of: word) {
            try parts.set(\.part, part)
            if isMark("-", 1) { index += 1 }
        } else {
            return false
        }
        index += 1
        return true
    }

    /// Months and weekdays.
    private mutating func readDateWord(_ word: String) throws(WhenParseError) -> Bool {
        if word == "mar", parts.weekday == nil, hasAnotherMonth {
            try parts.set(\.weekday, .tuesday)
        } else if let month = MonthNames.number(of: word) {
            try parts.set(\.month, month)
        } else if let weekday = WeekdayNames.weekday(of: word) {
            try parts.set(\.weekday, weekday)
            // Portuguese "segunda-feira".
            if isMark("-", 1), self.word(2) == "feira" { index += 2 }
        } else if index == 0, let weekday = WeekdayNames.weekday(ofGermanAbbreviation: word), beginsDate {
            try parts.set(\.weekday, weekday)
        } else {
            return false
        }
        index += 1
        return true
    }

    private var beginsDate: Bool {
        switch peek(1) {
        case .number, .mark(","), .mark("."): true
        default: false
        }
    }

    /// "mar" is March, but also martes, mardi and martedì: beside another month it is the weekday.
    private var hasAnotherMonth: Bool {
        tokens.indices.contains { at in
            guard at != index, case .word(let word) = tokens[at] else { return false }
            return MonthNames.number(of: word) != nil
        } || isNumericDateAhead
    }

    private var isNumericDateAhead: Bool {
        var at = 1
        while case .mark = peek(at) { at += 1 }
        guard number(at, atMost: 4) != nil, number(at + 2, atMost: 2) != nil else { return false }
        return isMark("/", at + 1) || isMark("-", at + 1) || isMark(".", at + 1)
    }
}
