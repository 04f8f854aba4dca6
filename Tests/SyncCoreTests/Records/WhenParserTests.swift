import Testing

@testable import SyncCore

@Suite struct WhenParserTests {
    /// A Tuesday.
    let parser = WhenParser(today: CivilDate(year: 2017, month: 5, day: 2)!, defaultZone: nil)

    @Test(arguments: [
        ("22 April 2017", "2017-04-22"), ("April 22, 2017", "2017-04-22"), ("April 22nd 2017", "2017-04-22"),
        ("22nd of April 2017", "2017-04-22"), ("Sat 22 Apr 2017", "2017-04-22"), ("Saturday, April 22, 2017", "2017-04-22"),
        ("22 April", "2017-04-22?"), ("22 APRIL", "2017-04-22?"), ("Sat 22 Apr", "2017-04-22?"),
        ("13 April 19h00", "2017-04-13?T19:00"), ("13 avril 2017 à 19h30", "2017-04-13T19:30"),
        ("jeudi 13 avril 2017 19:00", "2017-04-13T19:00"), ("13. April 2017, 19:00 Uhr", "2017-04-13T19:00"),
        ("7 Apr 2018 7pm", "2018-04-07T19:00"), ("7 Apr 2018 7 p.m.", "2018-04-07T19:00"), ("7 Apr 2018 7:30 PM", "2018-04-07T19:30"),
        ("7 Apr 2018 12am", "2018-04-07T00:00"), ("7 Apr 2018 12pm", "2018-04-07T12:00"), ("7 Apr 2018 noon", "2018-04-07T12:00"),
        ("7pm, 7 Apr 2018", "2018-04-07T19:00"), ("at 19:00 on 7 April 2018", "2018-04-07T19:00"),
        ("2017-04-13", "2017-04-13"), ("2017-04-13T19:00", "2017-04-13T19:00"), ("2017-04-13 19:00", "2017-04-13T19:00"),
        ("2017-04-13 19:00 Europe/Paris", "2017-04-13T19:00[Europe/Paris]"),
        ("13 April 2017 19:00 (Europe/Paris)", "2017-04-13T19:00[Europe/Paris]"),
        ("2017-04-13T19:00:00Z", "2017-04-13T19:00[UTC]"), ("2017-04-13T19:00:00.000Z", "2017-04-13T19:00[UTC]"),
        ("2017-04-13T19:00:59+00:00", "2017-04-13T19:00[UTC]"), ("2017-04-13 19:00 UTC", "2017-04-13T19:00[UTC]"),
        ("2017-04", "2017-04"), ("April 2017", "2017-04"), ("avril 2017", "2017-04"), ("04/2017", "2017-04"), ("2019", "2019"),
        ("April", "2017-04?"), ("December", "2016-12?"), ("October", "2017-10?"),
        ("about 2019", "2019~"), ("~2019", "2019~"), ("early 2019", "2019-01~"), ("mid-2019", "2019-07~"), ("late 2019", "2019-12~"),
        ("around April 2017", "2017-04~"), ("ca. April 2017", "2017-04~"), ("about 5 January 2019", "2019-01-05~"),
        ("early April 2017", "2017-04-05~"), ("Mitte April 2017", "2017-04-15~"), ("fin avril 2017", "2017-04-25~"),
        ("Anfang 2019", "2019-01~"), ("début 2019", "2019-01~"), ("в начале 2019 года", "2019-01~"),
        ("22/04/2017", "2017-04-22"), ("04/22/2017", "2017-04-22"), ("22-04-2017", "2017-04-22"), ("22/04", "2017-04-22?"),
        ("04/04/2017", "2017-04-04"), ("2017/04/13", "2017-04-13"), ("13.04.2017", "2017-04-13"), ("13.4.2017", "2017-04-13"),
        ("03.04.2017", "2017-04-03"), ("13.04.17", "2017-04-13"), ("13.04.98", "1998-04-13"), ("13. 4. 2017", "2017-04-13"),
        ("13.4.", "2017-04-13?"), ("Do, 13.04.2017, 19.30 Uhr", "2017-04-13T19:30"), ("13.04.2017 19 Uhr", "2017-04-13T19:00"),
        ("19 Uhr am 13. April 2017", "2017-04-13T19:00"), ("um 19 am 13.04.2017", "2017-04-13T19:00"),
        ("Donnerstag, 13. April 2017 um 19 Uhr", "2017-04-13T19:00"), ("19h 13 avril 2017", "2017-04-13T19:00"),
        ("1er mai 2017", "2017-05-01"), ("le 1er mai 2017 à 14 h 30", "2017-05-01T14:30"), ("14 de julho de 2016", "2016-07-14"),
        ("a 14 de julho de 2016 às 18h", "2016-07-14T18:00"), ("sexta-feira, 14 de abril de 2017", "2017-04-14"),
        ("martes 4 de abril de 2017 a las 19:00", "2017-04-04T19:00"), ("mar 4 abr 2017", "2017-04-04"), ("mar. 4 avril 2017", "2017-04-04"),
        ("mar 14 mar 2017", "2017-03-14"), ("4 mar 2017", "2017-03-04"), ("mar 14/03/2017", "2017-03-14"),
        ("venerdì 7 aprile 2017 ore 18.30", "2017-04-07T18:30"), ("7 apr 2017 alle 18", "2017-04-07T18:00"),
        ("lördag 22 april 2017 kl 13.00", "2017-04-22T13:00"), ("kl. 13 den 22 april 2017", "2017-04-22T13:00"),
        ("четверг, 13 апреля 2017 г. в 19:00", "2017-04-13T19:00"), ("12 МАЯ 2016", "2016-05-12"), ("3 März 2017", "2017-03-03"),
        ("3 Ma\u{308}rz 2017", "2017-03-03"), ("3 Maerz 2017", "2017-03-03"), ("3 MARZ 2017", "2017-03-03"), ("3 août 2016", "2016-08-03"),
        ("today", "2017-05-02"), ("yesterday", "2017-05-01"), ("Tomorrow", "2017-05-03"), ("yesterday 19:00", "2017-05-01T19:00"),
        ("hier à 19h", "2017-05-01T19:00"), ("aujourd’hui", "2017-05-02"), ("i går", "2017-05-01"), ("gestern", "2017-05-01"),
        ("morgen um 19 Uhr", "2017-05-03T19:00"), ("mañana", "2017-05-03"), ("amanhã", "2017-05-03"), ("вчера", "2017-05-01"),
        ("last Saturday", "2017-04-29"), ("next Saturday", "2017-05-06"), ("last Tuesday", "2017-04-25"), ("next Tuesday", "2017-05-09"),
        ("samedi dernier", "2017-04-29"), ("letzten Samstag", "2017-04-29"), ("sábado passado", "2017-04-29"),
        ("22\u{A0}April\u{202F}2017", "2017-04-22"), ("\u{200F}22 April 2017\u{200F}", "2017-04-22"), ("٢٢ April ٢٠١٧", "2017-04-22"),
        ("2019~", "2019~"), ("2017-04-22?", "2017-04-22?"), ("29 February", "2016-02-29?"), ("  22   April,2017  ", "2017-04-22"),
    ])
    func reads(text: String, iso: String) throws {
        let when = try parser.parse(text)
        #expect(when.isoText == iso, "\(text)")
    }

    @Test(arguments: [
        ("", WhenParseError.empty), ("   ", .empty), ("31 April", .noSuchDay(year: nil, month: 4, day: 31)),
        ("31 April 2017", .noSuchDay(year: nil, month: 4, day: 31)), ("29 Feb 2019", .noSuchDay(year: 2019, month: 2, day: 29)),
        ("29.2.2019", .noSuchDay(year: 2019, month: 2, day: 29)), ("30/02/2017", .noSuchDay(year: nil, month: 2, day: 30)),
        ("02/30/2017", .noSuchDay(year: nil, month: 2, day: 30)), ("45/13/2017", .noSuchMonth(45)), ("2017-13-01", .noSuchMonth(13)),
        ("13.13.2017", .noSuchMonth(13)), ("0 April 2017", .noSuchDay(year: nil, month: 4, day: 0)), ("0000", .noSuchYear(0)),
        ("13 April 2017 25:00", .noSuchTime(hour: 25, minute: 0)), ("13 April 2017 24:00", .noSuchTime(hour: 24, minute: 0)),
        ("13 April 2017 19:60", .noSuchTime(hour: 19, minute: 60)), ("13 April 2017 13pm", .noSuchTime(hour: 13, minute: 0)),
        ("13 April 2017 0 am", .noSuchTime(hour: 0, minute: 0)), ("13 April 2017 25h", .noSuchTime(hour: 25, minute: 0)),
        ("13 April 2017 at 7", .hourUnclear(7)), ("13 April 17", .shortYear(17)), ("22/04/17", .shortYear(17)),
        ("19:00", .noDate), ("19h", .noDate), ("Europe/Paris", .noDate), ("Saturday", .bareWeekday(.saturday)),
        ("this Saturday", .bareWeekday(.saturday)), ("the 22nd", .noMonth(day: 22)), ("last", .noDate),
        ("13 April 14 April", .severalDates), ("13-15 April 2017", .severalDates), ("13 April 2017 19:00-21:00", .severalDates),
        ("13 April 2017 and 2018", .unreadable("and")), ("2017 2018", .severalDates), ("yesterday 13 April", .severalDates),
        ("2017-04-13T19:00+02:00", .notAZone), ("2017-04-13T19:00-05:00", .notAZone), ("2017-04-13 19:00 CET", .notAZone),
        ("2017-04-13 19:00 Europe/Paris Europe/Rome", .severalDates), ("2017-04-13 Europe/Paris", .timeWithoutDay),
        ("April 2017 19:00", .timeWithoutDay), ("around 13 April 2017 19:00", .timeWithoutDay), ("tomorow", .unreadable("tomorow")),
        ("22 Apirl 2017", .unreadable("apirl")), ("a few weeks ago", .unreadable("few")), ("🎉", .unreadable("🎉")),
        ("22 April 2017\u{0}", .unreadable("\u{FFFD}")), (String(repeating: "1 ", count: 101), .tooLong), ("May/June 2017", .severalDates),
    ])
    func refuses(text: String, error: WhenParseError) {
        #expect(throws: error, "\(text)") { try parser.parse(text) }
    }

    @Test func weekdayMustFit() throws {
        let date = try civilDay("2017-04-22")
        #expect(throws: WhenParseError.wrongWeekday(said: .sunday, was: .saturday, date: date)) {
            try parser.parse("Sunday 22 April 2017")
        }
        #expect(throws: WhenParseError.wrongWeekday(said: .tuesday, was: .monday, date: try civilDay("2017-05-01"))) {
            try parser.parse("Tuesday, yesterday")
        }
        let message = WhenParseError.wrongWeekday(said: .sunday, was: .saturday, date: date).message
        #expect(message == "22 April 2017 is a Saturday, not a Sunday. Correct the date, or leave the weekday out.")
    }

    @Test func ambiguousNumbersNameBothReadings() throws {
        let error = try WhenParseError.ambiguous(civilDay("2017-04-03"), civilDay("2017-03-04"))
        for text in ["03/04/2017", "3/4/2017", "03-04-2017"] {
            #expect(throws: error) { try parser.parse(text) }
        }
        #expect(throws: WhenParseError.ambiguous(try civilDay("2017-04-03"), try civilDay("2017-03-04"))) { try parser.parse("03/04") }
        #expect(
            error.message
                == "This could be 3 April 2017 or 4 March 2017. Write the month as a word, or 2017-04-03 or 2017-03-04.")
    }

    @Test func impossibleDatesSayWhatIsImpossible() {
        #expect(
            WhenParseError.noSuchDay(year: nil, month: 4, day: 31).message
                == "There is no 31 April: April has 30 days. Check the day and the month.")
        #expect(WhenParseError.noSuchDay(year: 2019, month: 2, day: 29).message.contains("February 2019 has 28 days"))
        #expect(WhenParseError.noSuchTime(hour: 25, minute: 0).message.contains("25:00"))
        #expect(WhenParseError.hourUnclear(7).message == "7 could be morning or evening. Write 07:00 or 19:00.")
        #expect(WhenParseError.hourUnclear(12).message == "12 could be morning or evening. Write 00:00 or 12:00.")
    }

    /// The year that is concluded is the latest that is not more than 183 days ahead.
    @Test(arguments: [
        ("2017-05-02", "22 April", "2017"), ("2017-04-22", "22 April", "2017"), ("2017-01-10", "22 April", "2017"),
        ("2017-01-10", "12 July", "2017"), ("2017-01-10", "13 July", "2016"), ("2017-12-31", "1 January", "2018"),
        ("2017-10-20", "22 April", "2017"), ("2017-10-21", "22 April", "2018"),
        ("2017-03-01", "29 Feb", "2016"), ("1903-03-01", "29 Feb", "1896"),
    ])
    func missingYear(today: String, text: String, year: String) throws {
        let when = try WhenParser(today: civilDay(today), defaultZone: nil).parse(text)
        #expect("\(when.date.year)" == year)
        #expect(when.yearAssumed)
    }

    @Test func zones() throws {
        let paris = WhenParser(today: try civilDay("2017-05-02"), defaultZone: "Europe/Paris")
        #expect(try paris.parse("13 April 2017 19:00").isoText == "2017-04-13T19:00[Europe/Paris]")
        #expect(try paris.parse("2017-04-13T19:00").isoText == "2017-04-13T19:00[Europe/Paris]")
        #expect(try paris.parse("13 April 2017 19:00 Europe/London").zone == "Europe/London")
        #expect(try paris.parse("13 April 2017").zone == nil)
        #expect(WhenParser(today: try civilDay("2017-05-02"), defaultZone: "Mars").defaultZone == nil)
    }

    /// What is echoed to a person is what they may type again.
    @Test func displayReadsBack() throws {
        var random = TinyGenerator(seed: 7)
        for _ in 0..<5_000 {
            let made = random.when()
            let when = try #require(made)
            guard when.date.year > 1000, !when.yearAssumed else { continue }
            try #require(parser.parse(when.displayText) == when, "\(when.displayText)")
        }
    }

    /// Every name in every language, upper case too.
    @Test func everyName() throws {
        for (index, line) in MonthNames.months.enumerated() {
            for name in WordTable.words(line) {
                #expect(MonthNames.number(of: name) == index + 1, "\(name) stands under two months")
                #expect(try parser.parse("5 \(name.uppercased()) 2016").date.month == index + 1, "\(name)")
            }
        }
        for (index, line) in WeekdayNames.weekdays.enumerated() {
            for name in WordTable.words(line) {
                // 2 to 8 May 2016 are Monday to Sunday.
                #expect(try parser.parse("\(name.uppercased()) \(index + 2) May 2016").date.day == index + 2, "\(name)")
            }
        }
    }

    /// The tables are written in folded form; a word that is not could never match.
    @Test func tablesAreFolded() {
        for word in (MonthNames.months + WeekdayNames.weekdays).flatMap(WordTable.words) {
            #expect(String(String.UnicodeScalarView(TextFold.folded(word))).utf8.elementsEqual(word.utf8), "\(word)")
        }
        for set in [WhenWords.last, WhenWords.next, WhenWords.about, WhenWords.filler, WhenWords.beforeTime, WhenWords.hour, WhenWords.noon] {
            for word in set {
                #expect(String(String.UnicodeScalarView(TextFold.folded(word))).utf8.elementsEqual(word.utf8), "\(word)")
            }
        }
    }

    @Test(arguments: hostileTexts)
    func hostile(text: String) {
        // "1.", "h" and their like are refused; nothing traps, and a message is never empty.
        do throws(WhenParseError) {
            let when = try parser.parse(text)
            #expect(text == "1900-01-10 00:00:00.000.000", "read as \(when.isoText)")
        } catch {
            #expect(!error.message.isEmpty)
            #expect(error.message.utf8.count < 400)
            #expect(!error.message.unicodeScalars.contains("\u{202E}"))
        }
    }

    @Test func nothingTraps() {
        var random = TinyGenerator(seed: 42)
        let pieces = [
            "22", "April", "2017", "19:00", "19h", "/", "-", ".", ":", "pm", "Uhr", "last", "Saturday", "about", "early", "31", "02", "Feb",
            "T", "Z", "+", "00", "Europe/Paris", "mar", "i", "gar", "~", "?", "[", "]", "a", "m", "0", "9999", "feira", "à", "kl", "13.4.",
        ]
        var read = 0
        for turn in 0..<20_000 {
            let text = random.text(of: pieces, count: 8)
            let today = CivilDate(daysSinceEpoch: turn % 3 == 0 ? -719_162 : turn % 3 == 1 ? 2_932_896 : 17_288)
            guard let today else { continue }
            do throws(WhenParseError) {
                let when = try WhenParser(today: today, defaultZone: "UTC").parse(text)
                #expect(When(isoText: when.isoText) == when, "\(text)")
                read += 1
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
        // A generator whose texts never make a date would test little.
        #expect(read > 250)
    }
}
