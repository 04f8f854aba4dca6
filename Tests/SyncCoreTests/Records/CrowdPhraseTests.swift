import Testing

@testable import SyncCore

@Suite struct CrowdPhraseTests {
    /// `400` exact, `150..` open above, `..100` open below, `50..60` a range, `50..60+` a range with an open top.
    static func shown(_ reading: CrowdReading?) -> String {
        guard let reading else { return "unread" }
        if reading.low == reading.high, let low = reading.low, !reading.lowOpen, !reading.highOpen { return "\(low)" }
        let low = reading.low.map { "\($0)" } ?? "", high = reading.high.map { "\($0)" } ?? ""
        let flags = (reading.low != nil && reading.lowOpen ? "-" : "") + (reading.high != nil && reading.highOpen ? "+" : "")
        // An open flag must stand wherever no number does.
        let isConsistent = (reading.low != nil || reading.lowOpen) && (reading.high != nil || reading.highOpen)
        return "\(low)..\(high)\(flags)\(isConsistent ? "" : " inconsistent")"
    }

    @Test(arguments: [
        ("400", "400"), ("around 400", "400"), ("Around 400", "400"), ("Over 150", "150.."), ("more than 100", "100.."),
        ("at least 30", "30.."), ("3000+", "3000.."), ("30 or more", "30.."), (">50", "50.."), (">= 50", "50.."), ("≥50", "50.."),
        ("nearly 100", "..100"), ("nearly one hundred", "..100"), ("almost 100", "..100"), ("<100", "..100"), ("up to 500", "..500"),
        ("as many as 150", "..150"), ("fewer than 100", "..100"), ("close to a dozen", "..12"), ("no more than 20", "..20"),
        ("50-60", "50..60"), ("50 – 60", "50..60"), ("50 to 60", "50..60"), ("between 50 and 60", "50..60"), ("50 or 60", "50..60"),
        ("ca. 50 -100", "50..100"), ("100/1000", "100..1000"), ("30 t0 50", "30..50"), ("1,500-2,000", "1500..2000"),
        ("about 9 to 10", "9..10"), ("an estimated 150-200", "150..200"), ("50-60+", "50..60+"), ("over 50-60", "50..60+"),
        ("up to 50-60", "..60"), ("hundreds, possibly even 1,000", "200..1000"), ("dozens to hundreds", "24..200+"),
        ("at least 1,500 and possibly as many as 2,000", "1500..2000"), ("2 to 3 thousand", "2000..3000"), ("2-3k", "2000..3000"),
        ("two or three hundred", "200..300"), ("one to two thousand", "1000..2000"), ("100 to 1 thousand", "100..1000"),
        ("1.000", "1000"), ("1,000", "1000"), ("1 000", "1000"), ("1\u{202F}000", "1000"), ("1'000", "1000"), ("1.234.567", "1234567"),
        ("approx. 1.5k", "1500"), ("1,5 Mio", "1500000"), ("2 million", "2000000"), ("2.5 thousand", "2500"), ("10.0", "10"),
        ("two million", "2000000"), ("a hundred", "100"), ("over a 100", "100.."), ("one hundred and fifty", "150"), ("a dozen", "12"),
        ("two hundred and fifty thousand", "250000"), ("twenty-five", "25"), ("fifty-sixty", "50..60"), ("five-six", "5..6"),
        ("two thousand five hundred and one", "2501"), ("hundred thousand", "100000"), ("two dozen", "24"), ("half a dozen", "6"),
        ("half a million", "500000"), ("3 dozen", "36"), ("nine", "9"), ("around two thousands", "2000"), ("2 millions", "2000000"), ("deux millions", "2000000"), ("two million three hundred thousand", "2300000"),
        ("lone", "1"), ("a", "1"), ("an", "1"), ("a protester", "1"),
        ("hundreds", "200.."), ("dozens", "24.."), ("thousands", "2000.."), ("tens of thousands", "10000.."), ("millions", "2000000.."),
        ("hundreds of thousands of people", "200000.."), ("100s", "200.."), ("1000s of people", "2000.."), ("scores", "40.."),
        ("several hundred", "300.."), ("a few hundred", "300.."), ("a few dozen", "36.."), ("several dozens", "36.."), ("a few", "3.."),
        ("a couple", "2"), ("couple thousand", "2000"), ("a couple of hundred", "200"), ("a handful", "5"), ("handful of people", "5"),
        ("up to several hundred", "..300"), ("over a dozen", "12.."), ("more than several hundred", "300.."),
        ("200 or so", "200"), ("30ish", "30"), ("some 65", "65"), ("a crowd of 500", "500"), ("a total of about 500 people", "500"),
        ("50 people", "50"), ("dozens of protesters", "24.."), ("four protesters marched", "4"),
        ("none", "0"), ("0", "0"), ("nobody", "0"), ("no one", "0"), ("zero", "0"), ("keine", "0"),
        ("environ 400", "400"), ("plus de 300 personnes", "300.."), ("plus d’une centaine", "100.."), ("des centaines", "200.."),
        ("plusieurs centaines de manifestants", "300.."), ("quelques dizaines", "30.."), ("une cinquantaine", "50"),
        ("des dizaines de milliers", "10000.."), ("jusqu'à 500", "..500"), ("deux mille", "2000"), ("entre 50 et 60", "50..60"),
        ("de 50 à 60", "unread"), ("deux cents", "200"), ("un millier de personnes", "1000"), ("près de 1 000", "..1000"),
        ("rund 300", "300"), ("über 300", "300.."), ("ueber 300", "300.."), ("fast 300", "..300"), ("bis zu 300", "..300"), ("50 bis 60", "50..60"),
        ("mehrere hundert Menschen", "300.."), ("Hunderte", "200.."), ("Zehntausende", "10000.."), ("ein paar hundert", "300.."),
        ("zwei Dutzend", "24"), ("max. 50", "..50"), ("150 TN", "150"), ("150 TN in 80 KFZ", "150"), ("zwischen 50 und 60 Personen", "50..60"),
        ("thousnad", "1000"), ("2 thousnad", "2000"), ("two hundered", "200"), ("hunderd", "100"), ("thousends", "2000.."), ("sevral hundred", "300.."),
        ("HUNDREDS", "200.."), ("٣٠٠", "300"), ("  400  ", "400"), ("400.", "400"), ("\u{200F}400\u{200F}", "400"), ("10000000000", "10000000000"),
    ])
    func underCCC3(phrase: String, expected: String) {
        #expect(Self.shown(CrowdPhrase.read(phrase, rule: .ccc3)) == expected, "\(phrase)")
    }

    @Test(arguments: [
        "k.A.", "--", "-", "?", "NA", "n/a", "unknown", "keine Angabe", "unspecified", "count pic", "count video", "vandalized offices overnight",
        "2 arrests", "not 500", "25 people arrested", "far fewer than the expected 50,000", "-5", "1-", "5/", "between 50", "60-50", "1.5",
        "1.5 people", "50-60-70", "50; 60", "1 billion", "k", "m", "mio", "a march", "a crowd", "at least up to 50", "over", "more than",
        "about", "2017-04-13", "1900-01-10 00:00:00", "12:30", "10000000001", "99999999999999999999", "999999 million million",
        "hundred hundred hundred hundred hundred hundred hundred", "million million", "two thousand hundred", "thousand million", "Millionen Hunderte", "5 and 6", "three four", "twenty-fifteen",
        "fifty-", "hundreds and hundreds", "50%", "$50", "FB: 40", "40 going", "half", "several of", "one, another", "count p[ic",
        "nearly all of the 20,000 seats", "50+60",
    ])
    func keptVerbatim(phrase: String) {
        for rule in CountRule.allCases {
            #expect(CrowdPhrase.read(phrase, rule: rule) == nil, "\(phrase): \(Self.shown(CrowdPhrase.read(phrase, rule: rule)))")
        }
    }

    @Test(arguments: [
        ("a dozen", "10", "12"), ("two dozen", "20", "24"), ("dozens", "20..", ".."), ("hundreds", "100..", ".."),
        ("thousands", "1000..", ".."), ("tens of thousands", "10000..", ".."), ("several hundred", "300..", ".."), ("a couple", "2", ".."),
        ("a handful", "5", ".."), ("over 150", "150..", "150.."), ("nearly 100", "..100", "..100"), ("around 400", "400", "400"),
        ("dozens to 300", "20..300", "..300"), ("up to several hundred", "..300", ".."), ("two million", "2000000", "2000000"),
        ("none", "0", "0"), ("half a dozen", "5", "6"),
    ])
    func underOtherRules(phrase: String, countlove: String, plain: String) {
        #expect(Self.shown(CrowdPhrase.read(phrase, rule: .countlove)) == countlove, "\(phrase)")
        #expect(Self.shown(CrowdPhrase.read(phrase, rule: .plain)) == plain, "\(phrase)")
    }

    @Test func ccc3Table() {
        let words: [(CountWord, Int, Int)] = [
            (.hundreds, 200, 100), (.dozens, 24, 20), (.thousands, 2_000, 1_000), (.several, 3, 3), (.few, 3, 3), (.handful, 5, 5),
            (.couple, 2, 2), (.tens, 10, 10), (.scores, 40, 20), (.millions, 2_000_000, 1_000_000),
        ]
        for (word, ccc3, countlove) in words {
            #expect(CountRule.ccc3.number(word) == ccc3)
            #expect(CountRule.countlove.number(word) == countlove)
            #expect(CountRule.plain.number(word) == nil)
        }
        #expect(CountRule.allCases.map { "\($0.rawValue) \($0.version)" } == ["ccc3 1", "countlove 1", "plain 1"])
    }

    @Test func namesAsTyped() {
        #expect(CountStage.allCases.map(\.rawValue) == ["expected", "during", "peak", "final"])
        #expect(CountStage.allCases.filter(\.isAttendance) == [.during, .peak, .final])
        #expect(CountSubject.allCases.map(\.rawValue) == ["attendance", "arrests", "injured-participants", "injured-police"])
        #expect(
            CountBasis.allCases.map(\.rawValue)
                == ["police", "organiser", "press", "official", "eyewitness", "photo", "video", "tally"])
    }

    @Test(arguments: hostileTexts)
    func hostile(text: String) {
        // Of these, three are numbers, in whatever digits.
        let numbers = ["1.": 1, "\u{1D7D8}\u{1D7D9}": 1, "٣": 3]
        for rule in CountRule.allCases {
            #expect(CrowdPhrase.read(text, rule: rule)?.low == numbers[text], "\(text.prefix(20))")
        }
    }

    @Test func longPhrasesAreNotRead() {
        #expect(CrowdPhrase.read("about " + String(repeating: " ", count: 293) + "4", rule: .ccc3)?.low == 4)
        #expect(CrowdPhrase.read("about " + String(repeating: " ", count: 294) + "4", rule: .ccc3) == nil)
    }

    @Test func nothingTraps() {
        var random = TinyGenerator(seed: 1_000)
        let pieces = [
            "hundred", "thousand", "million", "dozens", "of", "a", "several", "50", "1.5", "1,000", "k", "-", "to", "and", "between", "over",
            "nearly", "+", "people", "half", "/", "<", "s", "ten", "twenty", ",", "possibly", "or", "more", "in", "80", "kfz", "d", "'", "no",
            "999999999999", "10000000000", "zehntausende", "ein", "paar", "ish", "t", "0",
        ]
        var read = 0
        for _ in 0..<15_000 {
            let text = random.text(of: pieces, count: 7)
            for rule in CountRule.allCases {
                guard let reading = CrowdPhrase.read(text, rule: rule) else { continue }
                read += 1
                let numbers = [reading.low, reading.high].compactMap(\.self)
                let isSound = numbers.allSatisfy { $0 >= 0 && $0 <= CrowdPhrase.greatest } && numbers == numbers.sorted()
                    && !Self.shown(reading).contains("inconsistent")
                if !isSound { Issue.record("\(text): \(reading)") }
            }
        }
        // Texts that are never read would test little.
        #expect(read > 500)
    }
}
