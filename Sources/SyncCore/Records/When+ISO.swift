extension When {
    /// A compact form that `init(isoText:)` reads back without loss.
    ///
    /// ```
    /// date [mark] ["T" hh:mm] ["[" zone "]"]
    /// 2017-04-13T19:00[Europe/Paris]   2017-04-13   2017-04   2017
    /// ```
    ///
    /// The marks are those of EDTF (ISO 8601-2, level 1): `~` about, `?` year assumed, `%` both. They stand right after the
    /// date: `2019~`, `2019-01~`, `2019-01-05~`, `2017-04-22?`, `2017-04-13?T19:00`.
    public var isoText: String {
        var text = statedISO
        switch (precision == .about, yearAssumed) {
        case (true, true): text += "%"
        case (true, false): text += "~"
        case (false, true): text += "?"
        case (false, false): break
        }
        if let time { text += "T" + time.isoText }
        if let zone { text += "[" + zone + "]" }
        return text
    }

    private var statedISO: String {
        let day = date.isoText
        if precision == .year || isAboutYear { return String(day.prefix(4)) }
        if precision == .month || isAboutMonth { return String(day.prefix(7)) }
        return day
    }

    /// Reads exactly what `isoText` writes; nil for anything else, so that one value has one text.
    public init?(isoText text: String) {
        // 10 (date) + 1 (mark) + 6 (time) + 66 (zone in brackets)
        var rest = Array(text.utf8.prefix(84))[...]
        guard rest.count <= 83 else { return nil }
        var zone: String?
        if rest.last == UInt8(ascii: "]"), let open = rest.firstIndex(of: UInt8(ascii: "[")) {
            zone = String(decoding: rest[(open + 1)..<(rest.endIndex - 1)], as: UTF8.self)
            rest = rest[..<open]
        }
        var time: ClockTime?
        if let mark = rest.firstIndex(of: UInt8(ascii: "T")) {
            time = ClockTime(isoBytes: rest[(mark + 1)...])
            if time == nil { return nil }
            rest = rest[..<mark]
        }
        let (about, assumed) = Self.takeMark(&rest)
        guard let (date, precision) = Self.stated(rest, about: about, timed: time != nil) else { return nil }
        self.init(date: date, time: time, zone: zone, precision: precision, yearAssumed: assumed)
        guard isoText.utf8.elementsEqual(text.utf8) else { return nil }
    }

    private static func takeMark(_ bytes: inout ArraySlice<UInt8>) -> (about: Bool, assumed: Bool) {
        let marks: (Bool, Bool)
        switch bytes.last {
        case UInt8(ascii: "~"): marks = (true, false)
        case UInt8(ascii: "?"): marks = (false, true)
        case UInt8(ascii: "%"): marks = (true, true)
        default: return (false, false)
        }
        bytes.removeLast()
        return marks
    }

    private static func stated(_ bytes: ArraySlice<UInt8>, about: Bool, timed: Bool) -> (CivilDate, Precision)? {
        let filled: String
        let precision: Precision
        switch (bytes.count, about) {
        case (4, false): (filled, precision) = ("-01-01", .year)
        case (4, true): (filled, precision) = ("-07-02", .about)
        case (7, _): (filled, precision) = ("-01", about ? .about : .month)
        default: (filled, precision) = ("", about ? .about : timed ? .minute : .day)
        }
        return CivilDate(isoBytes: (Array(bytes) + filled.utf8)[...]).map { ($0, precision) }
    }
}
