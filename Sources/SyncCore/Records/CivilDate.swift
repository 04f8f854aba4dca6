/// A day of the proleptic Gregorian calendar, years 1 to 9999, without a time or a zone.
///
/// A value always names a day that exists. Day arithmetic is Howard Hinnant's `days_from_civil` and `civil_from_days`
/// (https://howardhinnant.github.io/date_algorithms.html).
public struct CivilDate: Hashable, Comparable, Sendable {
    /// 1 to 9999.
    public let year: Int
    /// 1 to 12.
    public let month: Int
    /// 1 to the length of the month.
    public let day: Int

    /// Nil where no such day exists, or where the year is outside 1 to 9999.
    public init?(year: Int, month: Int, day: Int) {
        guard let length = Self.days(inMonth: month, of: year), day >= 1, day <= length else { return nil }
        self.init(existing: year, month, day)
    }

    /// Only for days that are known to exist.
    private init(existing year: Int, _ month: Int, _ day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    public static func < (a: CivilDate, b: CivilDate) -> Bool {
        (a.year, a.month, a.day) < (b.year, b.month, b.day)
    }

    /// The length of a month in days; nil for a month outside 1 to 12 or a year outside 1 to 9999.
    public static func days(inMonth month: Int, of year: Int) -> Int? {
        guard year >= 1, year <= 9999 else { return nil }
        switch month {
        case 1, 3, 5, 7, 8, 10, 12: return 31
        case 4, 6, 9, 11: return 30
        case 2: return isLeap(year) ? 29 : 28
        default: return nil
        }
    }

    private static func isLeap(_ year: Int) -> Bool {
        year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    }

    /// The first day of the same month.
    public var firstOfMonth: CivilDate { CivilDate(existing: year, month, 1) }

    /// 1 January of the same year.
    public var firstOfYear: CivilDate { CivilDate(existing: year, 1, 1) }
}

// MARK: Day arithmetic

extension CivilDate {
    /// Whole days since 1970-01-01, negative before it.
    public var daysSinceEpoch: Int {
        // The year is taken to begin in March, so that a leap day is its last day.
        let y = month <= 2 ? year - 1 : year
        let era = y / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The day that is so many days after 1970-01-01; nil outside the years 1 to 9999.
    public init?(daysSinceEpoch days: Int) {
        // 0001-01-01 and 9999-12-31: what lies between cannot overflow below, and is never negative once shifted.
        guard days >= -719_162, days <= 2_932_896 else { return nil }
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        self.init(year: year, month: month, day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// The day so many days later, or earlier if negative; nil outside the years 1 to 9999.
    public func adding(days: Int) -> CivilDate? {
        let (sum, overflow) = daysSinceEpoch.addingReportingOverflow(days)
        return overflow ? nil : CivilDate(daysSinceEpoch: sum)
    }

    /// The day of the week.
    public var weekday: Weekday {
        // 1 January of the year 1 was a Monday; counted from there the number of days is never negative.
        Weekday(rawValue: (daysSinceEpoch + 719_162) % 7 + 1) ?? .monday
    }
}

// MARK: Text

extension CivilDate {
    /// `2017-04-13`: always ten characters, so that texts sort as days do.
    public var isoText: String {
        "\(Digits.padded(year, to: 4))-\(Digits.padded(month, to: 2))-\(Digits.padded(day, to: 2))"
    }

    /// Reads exactly what `isoText` writes; nil for anything else.
    public init?(isoText: String) {
        self.init(isoBytes: Array(isoText.utf8.prefix(11))[...])
    }

    init?(isoBytes bytes: ArraySlice<UInt8>) {
        let b = Array(bytes)
        guard b.count == 10, b[4] == UInt8(ascii: "-"), b[7] == UInt8(ascii: "-"),
            let year = Digits.value(b[0..<4]), let month = Digits.value(b[5..<7]), let day = Digits.value(b[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }
}
