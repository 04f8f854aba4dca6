/// Reads dates as people write them, in eight European languages.
///
/// ```swift
/// let parser = WhenParser(today: today, defaultZone: "Europe/Paris")
/// try parser.parse("jeudi 13 avril 2017 à 19h30").displayText   // Thu 13 Apr 2017 19:30 Europe/Paris
/// try parser.parse("22 April").displayText                      // Sat 22 Apr 2017 (year assumed)
/// ```
///
/// What could mean two things is refused rather than guessed; the one guess is a missing year, which the result marks. Numbers
/// between dots are day first ("13.04.2017"), as everywhere where dots are used; between slashes or hyphens they are
/// refused if both could be the month. "Early", "mid" and "late" make an `about`: of a year 1 January, 1 July, 1 December, of
/// a month the 5th, 15th, 25th. A missing year is the latest that puts the date no more than 183 days after `today`.
/// Seconds are dropped: no precision below the minute is kept.
public struct WhenParser: Sendable {
    /// The day on which the text was written: what "yesterday" and a missing year are counted from.
    public let today: CivilDate
    /// The zone of a time that names none; IANA identifier. One of the wrong shape is not used.
    public let defaultZone: String?

    public init(today: CivilDate, defaultZone: String?) {
        self.today = today
        self.defaultZone = defaultZone.flatMap { ZoneName.isWellFormed($0) ? $0 : nil }
    }

    /// Reads one date. Also takes the form of `When.isoText`.
    ///
    /// Throws `WhenParseError`, whose `message` says what is wrong and what to write instead.
    public func parse(_ text: String) throws(WhenParseError) -> When {
        guard text.utf8.count <= 200 else { throw .tooLong }
        if let exact = When(isoText: text) { return withDefaultZone(exact) }
        let (rest, zone) = try Self.takeZone(text)
        let tokens = WhenToken.tokens(of: TextFold.folded(rest))
        guard !tokens.isEmpty else { throw zone == nil ? .empty : .noDate }
        var reader = WhenReader(tokens: tokens, today: today)
        reader.parts.zone = zone
        try reader.read()
        return try WhenResolver(today: today, defaultZone: defaultZone, parts: reader.parts).resolved()
    }

    private func withDefaultZone(_ when: When) -> When {
        guard when.time != nil, when.zone == nil, let defaultZone else { return when }
        return When(
            date: when.date, time: when.time, zone: defaultZone, precision: when.precision, yearAssumed: when.yearAssumed) ?? when
    }

    /// Takes out a zone before the text is folded: identifiers are case-sensitive, and their slash is no date.
    private static func takeZone(_ text: String) throws(WhenParseError) -> (rest: String, zone: String?) {
        var rest = String.UnicodeScalarView()
        var zone: String?
        for chunk in text.unicodeScalars.split(whereSeparator: { $0.properties.isWhitespace || "[](),;".unicodeScalars.contains($0) }) {
            let piece = String(chunk)
            if ZoneName.isZoneInFreeText(piece) {
                guard zone == nil else { throw .severalDates }
                zone = piece
            } else {
                rest.append(contentsOf: chunk)
                rest.append(" ")
            }
        }
        return (String(rest), zone)
    }
}
