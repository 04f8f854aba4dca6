import SyncCore
import Testing

@Suite struct CivilDateTests {
    @Test func knownDaysSinceEpoch() throws {
        let known: [(Int, Int, Int, Int, Weekday)] = [
            (1970, 1, 1, 0, .thursday), (1969, 12, 31, -1, .wednesday), (2000, 2, 29, 11_016, .tuesday),
            (2017, 4, 13, 17_269, .thursday), (2018, 4, 7, 17_628, .saturday), (1, 1, 1, -719_162, .monday),
            (9999, 12, 31, 2_932_896, .friday), (1600, 2, 29, -135_081, .tuesday),
        ]
        for (year, month, day, days, weekday) in known {
            let date = try #require(CivilDate(year: year, month: month, day: day))
            #expect(date.daysSinceEpoch == days)
            #expect(date.weekday == weekday)
            #expect(CivilDate(daysSinceEpoch: days) == date)
        }
    }

    @Test func everyDayFollowsTheOneBefore() throws {
        var before = try #require(CivilDate(year: 1, month: 1, day: 1))
        var count = 1
        while let date = before.adding(days: 1) {
            // `#require` on each of 3.6 million days takes ten seconds.
            let holds = date > before && date.weekday.rawValue == before.weekday.rawValue % 7 + 1
                && (date.day == before.day + 1 || date.day == 1) && CivilDate(daysSinceEpoch: date.daysSinceEpoch) == date
            if !holds { try #require(Bool(false), "\(date.isoText)") }
            before = date
            count += 1
        }
        #expect(before.isoText == "9999-12-31")
        #expect(count == 3_652_059)
    }

    @Test(arguments: [
        (2019, 2, 29), (1900, 2, 29), (2017, 4, 31), (2017, 13, 1), (2017, 0, 1), (2017, 1, 0), (0, 1, 1), (10_000, 1, 1),
        (Int.max, 1, 1), (2017, Int.min, 1), (2017, 1, Int.max),
    ])
    func daysThatDoNotExist(year: Int, month: Int, day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    @Test func arithmeticStopsAtTheEnds() throws {
        let date = try #require(CivilDate(year: 2017, month: 4, day: 13))
        #expect(date.adding(days: .max) == nil)
        #expect(date.adding(days: .min) == nil)
        #expect(date.adding(days: 0) == date)
        #expect(date.adding(days: -13)?.isoText == "2017-03-31")
        #expect(CivilDate(daysSinceEpoch: .max) == nil)
        #expect(CivilDate(daysSinceEpoch: .min) == nil)
    }

    @Test func isoTextIsReadStrictly() {
        #expect(CivilDate(isoText: "2017-04-13")?.isoText == "2017-04-13")
        #expect(CivilDate(isoText: "0001-01-01")?.isoText == "0001-01-01")
        for bad in ["2017-4-13", "2017-04-31", "2017-04-13 ", "+017-04-13", "2017/04/13", "２０17-04-1", "17-04-13"] + hostileTexts {
            #expect(CivilDate(isoText: bad) == nil, "\(bad)")
        }
    }

    @Test func clockTimes() {
        #expect(ClockTime(hour: 0, minute: 0)?.isoText == "00:00")
        #expect(ClockTime(hour: 23, minute: 59)?.isoText == "23:59")
        for (hour, minute) in [(24, 0), (-1, 0), (0, 60), (0, -1), (Int.max, Int.min)] {
            #expect(ClockTime(hour: hour, minute: minute) == nil)
        }
    }
}
