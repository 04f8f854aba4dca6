/// When something happens, as precisely as it was said and no more: the value of `starts`, `ends`, `opens` and their like.
///
/// ```swift
/// let when = When(isoText: "2017-04-13T19:00[Europe/Paris]")
/// when?.displayText   // Thu 13 Apr 2017 19:00 Europe/Paris
/// ```
///
/// Two values are equal if they say the same: what a precision does not say is set to one agreed value.
public struct When: Hashable, Sendable {
    /// How much of `date` was said.
    public enum Precision: String, Hashable, Sendable, CaseIterable {
        /// Date and time of day.
        case minute
        /// The day.
        case day
        /// The month; the day is held as 1.
        case month
        /// The year; month and day are held as 1.
        case year
        /// Near the date. A year alone ("about 2019") is held as its middle, 2 July; a month alone as its first day.
        case about
    }

    public let date: CivilDate
    /// Local time in `zone`, present exactly at precision `minute`.
    public let time: ClockTime?
    /// IANA identifier such as `Europe/Paris`, checked for shape only; present only with a time.
    public let zone: String?
    public let precision: Precision
    /// Whether the year was concluded from the day on which somebody wrote, not read.
    public let yearAssumed: Bool

    /// Nil if the parts contradict each other: a time without precision `minute` or the reverse, a zone without a time or of
    /// the wrong shape. What `month` and `year` do not say is set to 1.
    public init?(
        date: CivilDate, time: ClockTime? = nil, zone: String? = nil, precision: Precision, yearAssumed: Bool = false
    ) {
        guard (time != nil) == (precision == .minute) else { return nil }
        if let zone, time == nil || !ZoneName.isWellFormed(zone) { return nil }
        switch precision {
        case .minute, .day, .about: self.date = date
        case .month: self.date = date.firstOfMonth
        case .year: self.date = date.firstOfYear
        }
        self.time = time
        self.zone = zone
        self.precision = precision
        self.yearAssumed = yearAssumed
    }

    /// A whole day.
    public init(day: CivilDate) {
        date = day
        time = nil
        zone = nil
        precision = .day
        yearAssumed = false
    }
}

extension When {
    /// Whether an `about` value stands for its whole year.
    ///
    /// "About 2 July 2019" is the one day that reads as "about 2019": coarser than what was said, never finer.
    var isAboutYear: Bool { precision == .about && date.month == 7 && date.day == 2 }

    /// Whether an `about` value stands for its whole month; the first of a month reads so too.
    var isAboutMonth: Bool { precision == .about && date.day == 1 }
}
