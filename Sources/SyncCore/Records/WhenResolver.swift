/// Puts together what was found in a text, or says why it does not go together.
struct WhenResolver {
    let today: CivilDate
    let defaultZone: String?
    let parts: WhenParts

    func resolved() throws(WhenParseError) -> When {
        let (date, precision) = try statedDate()
        if let said = parts.weekday, precision == .day, date.weekday != said {
            throw .wrongWeekday(said: said, was: date.weekday, date: date)
        }
        let isTimed = parts.time != nil
        guard !isTimed || (precision == .day && !parts.isAbout) else { throw .timeWithoutDay }
        if parts.zone != nil, !isTimed { throw .timeWithoutDay }
        let when = When(
            date: date, time: parts.time, zone: isTimed ? parts.zone ?? defaultZone : nil,
            precision: isTimed ? .minute : parts.isAbout ? .about : precision, yearAssumed: isYearAssumed)
        // The parts were checked above; should a rule be added to `When`, this is an error and no crash.
        guard let when else { throw .noDate }
        return when
    }

    private var isYearAssumed: Bool { parts.year == nil && parts.month != nil }

    private func statedDate() throws(WhenParseError) -> (CivilDate, When.Precision) {
        if let relative = parts.relative {
            guard parts.day == nil, parts.month == nil, parts.year == nil, parts.direction == nil, parts.part == nil
            else { throw .severalDates }
            return (relative, .day)
        }
        if let direction = parts.direction { return (try nearestWeekday(direction), .day) }
        switch (parts.year, parts.month, parts.day) {
        case (let year, let month?, let day?):
            guard parts.part == nil else { throw .severalDates }
            return (try existing(day, month, year), .day)
        case (let year, let month?, nil): return try statedMonth(month, year)
        case (let year?, nil, nil): return try statedYear(year)
        case (_, nil, let day?): throw .noMonth(day: day)
        case (nil, nil, nil):
            if let weekday = parts.weekday { throw .bareWeekday(weekday) }
            throw .noDate
        }
    }

    private func statedMonth(_ month: Int, _ year: Int?) throws(WhenParseError) -> (CivilDate, When.Precision) {
        guard parts.weekday == nil else { throw .noDate }
        let first = try existing(1, month, year)
        switch parts.part {
        case .early: return (first.adding(days: 4) ?? first, .about)
        case .mid: return (first.adding(days: 14) ?? first, .about)
        case .late: return (first.adding(days: 24) ?? first, .about)
        case nil: return (first, .month)
        }
    }

    private func statedYear(_ year: Int) throws(WhenParseError) -> (CivilDate, When.Precision) {
        guard parts.weekday == nil else { throw .noDate }
        switch parts.part {
        case .early: return (try existing(1, 1, year), .about)
        case .mid: return (try existing(1, 7, year), .about)
        case .late: return (try existing(1, 12, year), .about)
        case nil: return parts.isAbout ? (try existing(2, 7, year), .about) : (try existing(1, 1, year), .year)
        }
    }

    /// "Last Saturday" is before today and "next Saturday" after it, never today itself.
    private func nearestWeekday(_ direction: Int) throws(WhenParseError) -> CivilDate {
        guard let weekday = parts.weekday else { throw .noDate }
        guard parts.day == nil, parts.month == nil, parts.year == nil else { throw .severalDates }
        let ahead = (weekday.rawValue - today.weekday.rawValue + 7) % 7
        let days = direction > 0 ? (ahead == 0 ? 7 : ahead) : ahead - 7
        guard let date = today.adding(days: days) else { throw .outOfRange }
        return date
    }

    private func existing(_ day: Int, _ month: Int, _ year: Int?) throws(WhenParseError) -> CivilDate {
        if let date = Self.date(day, month, year, today) { return date }
        // The leap year 2000: where it has no such day, no year has.
        let isInSomeYear = CivilDate(year: 2000, month: month, day: day) != nil
        if year == nil, isInSomeYear { throw .outOfRange }
        throw .noSuchDay(year: isInSomeYear ? year : nil, month: month, day: day)
    }

    /// The day in a year; without a year the latest such day that is no more than 183 days after `today`.
    static func date(_ day: Int, _ month: Int, _ year: Int?, _ today: CivilDate) -> CivilDate? {
        if let year { return CivilDate(year: year, month: month, day: day) }
        let latest = today.adding(days: 183) ?? today
        // Leap days are at most eight years apart.
        for back in 0...8 {
            if let date = CivilDate(year: latest.year - back, month: month, day: day), date <= latest { return date }
        }
        return nil
    }
}
