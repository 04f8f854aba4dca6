extension When {
    /// For people, in English: `Thu 13 Apr 2017 19:00 Europe/Paris`, `Sat 22 Apr 2017 (year assumed)`, `Apr 2017`, `2019`,
    /// `about Jan 2019`.
    public var displayText: String {
        var parts = [statedText]
        if let time { parts.append(time.isoText) }
        if let zone { parts.append(zone) }
        if yearAssumed { parts.append("(year assumed)") }
        return parts.joined(separator: " ")
    }

    private var statedText: String {
        let month = String(MonthNames.english(date.month).prefix(3))
        switch precision {
        case .minute, .day: return "\(date.weekday.shortName) \(date.day) \(month) \(date.year)"
        case .month: return "\(month) \(date.year)"
        case .year: return "\(date.year)"
        case .about where isAboutYear: return "about \(date.year)"
        case .about where isAboutMonth: return "about \(month) \(date.year)"
        case .about: return "about \(date.day) \(month) \(date.year)"
        }
    }

    /// Text whose byte order is time order: `2017`, `2017-04`, `2017-04-13`, `2017-04-13T19:00`. What says less sorts first.
    ///
    /// Times are local: two values in different zones sort by what their clocks show.
    public var sortKey: String {
        switch precision {
        case .year: Digits.padded(date.year, to: 4)
        case .month: String(date.isoText.prefix(7))
        case .day, .about: date.isoText
        case .minute: date.isoText + "T" + (time?.isoText ?? "00:00")
        }
    }
}
