/// Why a text could not be read as a date, and what to write instead.
public enum WhenParseError: Error, Hashable, Sendable {
    /// There is no text.
    case empty
    /// The text is longer than any date: more than 200 bytes.
    case tooLong
    /// A part that means nothing in a date; shortened, without control characters.
    case unreadable(String)
    /// A time or a weekday, but no date.
    case noDate
    /// A day without a month.
    case noMonth(day: Int)
    /// A weekday alone: the last one or the next one?
    case bareWeekday(Weekday)
    /// Two dates, or two times, where one is expected.
    case severalDates
    /// A numeric date with two readings; where no year was written, with the years that would be assumed.
    case ambiguous(CivilDate, CivilDate)
    /// A year of two digits.
    case shortYear(Int)
    /// No such year: 1 to 9999 are known.
    case noSuchYear(Int)
    /// No such month.
    case noSuchMonth(Int)
    /// The month has no such day. `year` is nil where no year has one.
    case noSuchDay(year: Int?, month: Int, day: Int)
    /// No clock shows this time.
    case noSuchTime(hour: Int, minute: Int)
    /// An hour from 1 to 12 that may be morning or evening.
    case hourUnclear(Int)
    /// The weekday that was written is not the one that the day is.
    case wrongWeekday(said: Weekday, was: Weekday, date: CivilDate)
    /// A time of day beside a date that is only a month, a year or an "about".
    case timeWithoutDay
    /// An offset from UTC or an abbreviation such as CET, which is no time zone.
    case notAZone
    /// Outside the calendar: before the year 1 or after 9999.
    case outOfRange
}

extension WhenParseError {
    /// What happened and what to do, in one or two sentences.
    public var message: String {
        switch self {
        case .empty: "No date was given. Write one such as 22 April 2017."
        case .tooLong: "This is too long for a date. Write only the date, such as 22 April 2017 19:00."
        case .unreadable(let part): "Could not read \"\(part)\" in a date. Write it as 22 April 2017 or 2017-04-22."
        case .noDate: "The day is missing. Write the date too, such as 22 April 2017 19:00."
        case .noMonth(let day): "The month of day \(day) is missing. Write it as \(day) April 2017."
        case .bareWeekday(let day): "\(day.englishName): which one? Write last \(day.englishName), next \(day.englishName), or the date."
        case .severalDates: "There is more than one date or time here. Write one; the end goes into its own field."
        case .ambiguous, .shortYear, .hourUnclear: unclearMessage
        case .noSuchYear, .noSuchMonth, .noSuchDay, .noSuchTime, .wrongWeekday, .outOfRange: impossibleMessage
        case .timeWithoutDay: "A time or zone needs an exact day and a time. Leave it out, or write both, such as 22 April 2017 19:00."
        case .notAZone: "An offset or abbreviation is no time zone. Write UTC, or the zone's name such as Europe/Paris."
        }
    }

    private var unclearMessage: String {
        switch self {
        case .ambiguous(let a, let b):
            "This could be \(Self.words(a)) or \(Self.words(b)). Write the month as a word, or \(a.isoText) or \(b.isoText)."
        case .shortYear(let year):
            "The year \(Digits.padded(year, to: 2)) could be in more than one century. Write it with four digits."
        case .hourUnclear(let hour):
            "\(hour) could be morning or evening. Write \(Digits.padded(hour % 12, to: 2)):00 or \(hour % 12 + 12):00."
        default: ""
        }
    }

    private var impossibleMessage: String {
        switch self {
        case .noSuchYear(let year): "There is no year \(year) here: years go from 1 to 9999. Check the year."
        case .noSuchMonth(let month): "There is no month \(month). Write the month as a word, such as 22 April 2017."
        case .noSuchDay(let year, let month, let day): Self.noSuchDay(year, month, day)
        case .noSuchTime(let hour, let minute):
            "There is no time \(Digits.padded(hour, to: 2)):\(Digits.padded(minute, to: 2)). Times go from 00:00 to 23:59."
        case .wrongWeekday(let said, let was, let date):
            "\(Self.words(date)) is a \(was.englishName), not a \(said.englishName). Correct the date, or leave the weekday out."
        case .outOfRange: "This date lies outside the years 1 to 9999. Check the year."
        default: ""
        }
    }

    private static func noSuchDay(_ year: Int?, _ month: Int, _ day: Int) -> String {
        let name = MonthNames.english(month)
        let length = CivilDate.days(inMonth: month, of: year ?? 2000) ?? 31
        guard let year else { return "There is no \(day) \(name): \(name) has \(length) days. Check the day and the month." }
        return "There is no \(day) \(name) \(year): \(name) \(year) has \(length) days. Check the day, the month and the year."
    }

    private static func words(_ date: CivilDate) -> String { "\(date.day) \(MonthNames.english(date.month)) \(date.year)" }

    /// Something a terminal can show: at most 30 characters of what was typed, without controls and invisible characters.
    static func excerpt(_ text: some Sequence<Unicode.Scalar>) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text {
            if out.count == 30 {
                out.append("…")
                break
            }
            out.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
        }
        return String(out)
    }
}
