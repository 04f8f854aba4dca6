import Testing

@testable import SyncCore

func civilDay(_ iso: String, _ location: SourceLocation = #_sourceLocation) throws -> CivilDate {
    try #require(CivilDate(isoText: iso), sourceLocation: location)
}

@Suite struct WhenTests {
    @Test(arguments: [
        ("2017-04-13T19:00[Europe/Paris]", "Thu 13 Apr 2017 19:00 Europe/Paris", "2017-04-13T19:00"),
        ("2017-04-13?T19:00", "Thu 13 Apr 2017 19:00 (year assumed)", "2017-04-13T19:00"),
        ("2017-04-22?", "Sat 22 Apr 2017 (year assumed)", "2017-04-22"),
        ("2017-04-22", "Sat 22 Apr 2017", "2017-04-22"),
        ("2017-04", "Apr 2017", "2017-04"),
        ("2019", "2019", "2019"),
        ("2019~", "about 2019", "2019-07-02"),
        ("2019-01~", "about Jan 2019", "2019-01-01"),
        ("2019-01-05~", "about 5 Jan 2019", "2019-01-05"),
        ("2019-01-05%", "about 5 Jan 2019 (year assumed)", "2019-01-05"),
        ("2017-04?", "Apr 2017 (year assumed)", "2017-04"),
        ("0099-12-31T23:59[America/Argentina/Buenos_Aires]", "Thu 31 Dec 99 23:59 America/Argentina/Buenos_Aires", "0099-12-31T23:59"),
        ("2017-04-13T19:00[UTC]", "Thu 13 Apr 2017 19:00 UTC", "2017-04-13T19:00"),
    ])
    func shown(iso: String, display: String, sortKey: String) throws {
        let when = try #require(When(isoText: iso))
        #expect(when.isoText == iso)
        #expect(when.displayText == display)
        #expect(when.sortKey == sortKey)
    }

    @Test(arguments: [
        "2017-04-13T19", "2017-04-13T24:00", "2017-04-13T19:00[]", "2017-04-13T19:00[Paris]", "2017-04-13T19:00[Europe/]",
        "2017-04-13T19:00[/Paris]", "2017-04-13T19:00[Europe/Paris", "2017-04-13[Europe/Paris]", "2017-04T19:00", "2017~T19:00",
        "2019-01-01~", "2019-07-02~", "2019-00", "2019-13", "0000", "2017-04-31", "2017-04-13 ", " 2017", "2017-04-13~?",
        "2017-04-13t19:00", "2017-04-13T19:00Z", "2017-04-13T19:00[Europe/Pa ris]", "2017-04-13T19:00[Europe/Páris]", "[UTC]", "T19:00",
        "~", "?", "2017-04-13T19:00[Europe/Paris]]", "2017-04-13T19:00[[Europe/Paris]",
    ] + hostileTexts)
    func notISO(text: String) {
        #expect(When(isoText: text) == nil)
    }

    @Test func partsThatContradictEachOther() throws {
        let date = try civilDay("2017-04-13")
        let time = try #require(ClockTime(hour: 19, minute: 0))
        for precision in When.Precision.allCases where precision != .minute {
            #expect(When(date: date, time: time, precision: precision) == nil)
            #expect(When(date: date, zone: "Europe/Paris", precision: precision) == nil)
        }
        #expect(When(date: date, precision: .minute) == nil)
        #expect(When(date: date, time: time, zone: "Paris", precision: .minute) == nil)
        #expect(When(date: date, time: time, zone: "Europe/Paris", precision: .minute) != nil)
    }

    @Test func whatIsNotSaidMakesNoDifference() throws {
        let one = try When(date: civilDay("2017-04-13"), precision: .month)
        let other = try When(date: civilDay("2017-04-30"), precision: .month)
        #expect(one == other)
        #expect(try When(date: civilDay("2017-04-13"), precision: .year) == When(date: civilDay("2017-01-01"), precision: .year))
        #expect(try When(day: civilDay("2017-04-13")) == When(date: civilDay("2017-04-13"), precision: .day))
    }

    @Test func rawValuesAreStored() {
        #expect(When.Precision.allCases.map(\.rawValue) == ["minute", "day", "month", "year", "about"])
    }

    @Test func zoneShapes() {
        for good in ["UTC", "Europe/Paris", "America/Port-au-Prince", "America/Argentina/Buenos_Aires", "Etc/GMT+5"] {
            #expect(ZoneName.isWellFormed(good), "\(good)")
        }
        for bad in ["", "/", "Paris", "utc", "Europe/", "/Paris", "a/b/c/d", "Europe//Paris", "1/2", "Europe/Par is", "Europe/Pari\u{301}s",
            "Europe/\u{0}", String(repeating: "a", count: 40) + "/" + String(repeating: "b", count: 40)]
        {
            #expect(!ZoneName.isWellFormed(bad), "\(bad)")
        }
    }

    /// Property: `isoText` reads back as the same value, and sort keys order as the stated times do.
    @Test func roundTripAndOrder() throws {
        var random = TinyGenerator(seed: 20_170_413)
        var last: When?
        for _ in 0..<20_000 {
            let made = random.when()
            let when = try #require(made)
            try #require(When(isoText: when.isoText) == when, "\(when.isoText)")
            if let last, when.precision != .about, last.precision != .about {
                let isBefore = when.sortKey.utf8.lexicographicallyPrecedes(last.sortKey.utf8)
                let a = (when.date, when.time), b = (last.date, last.time)
                if when.date != last.date {
                    try #require(isBefore == (when.date < last.date), "\(when.sortKey) \(last.sortKey)")
                } else if let one = a.1, let other = b.1 {
                    try #require(isBefore == (one < other))
                }
            }
            last = when
        }
    }
}

extension TinyGenerator {
    mutating func when() -> When? {
        let precision = pick(When.Precision.allCases)
        let zone: String? = pick([nil, "UTC", "Europe/Paris", "America/Argentina/Buenos_Aires"])
        // A narrow span of years, so that neighbours often share one.
        guard let date = CivilDate(daysSinceEpoch: 17_000 + below(800)),
            let far = CivilDate(daysSinceEpoch: below(3_652_059) - 719_162)
        else { return nil }
        let time = ClockTime(hour: below(24), minute: below(60))
        let isTimed = precision == .minute
        return When(
            date: below(2) == 0 ? date : far, time: isTimed ? time : nil, zone: isTimed ? zone : nil, precision: precision,
            yearAssumed: below(2) == 0)
    }
}
