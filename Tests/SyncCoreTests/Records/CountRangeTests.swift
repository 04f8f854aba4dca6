import Testing

@testable import SyncCore

@Suite struct CountRangeTests {
    private func ranged(_ phrases: [String], _ rule: CountRule = .ccc3) -> CountRange? {
        CountRange(phrases.compactMap { CrowdPhrase.read($0, rule: rule) }.map { CountEntry(reading: $0) }, rule: rule)
    }

    @Test func london() throws {
        let range = try #require(ranged(["nearly one hundred", "hundreds"]))
        #expect(range.text == "100–200")
        #expect((range.low, range.high, range.mean, range.category) == (100, 200, 150, 2))
        #expect(range.lowOpen && range.highOpen)
    }

    @Test(arguments: [
        (["around 400"], "400", 400, 2), (["over 150"], "150", 150, 2), (["hundreds", "thousands"], "200–2000", 1100, 3),
        (["hundreds", "1,700-2,000"], "200–2000", 1100, 3), (["over 50", "roughly 40"], "40–50", 45, 1), (["99", "100"], "99–100", 100, 1),
        (["100"], "100", 100, 2), (["999", "1000"], "999–1000", 1000, 2), (["9999", "10000"], "9999–10000", 10_000, 3),
        (["10000"], "10000", 10_000, 4), (["25", "30"], "25–30", 28, 1), (["30", "35"], "30–35", 32, 1), (["none"], "0", 0, 1),
        (["up to 50", "30-50", "roughly 75"], "30–75", 52, 1), (["k.A.", "20"], "20", 20, 1),
    ])
    func ccc3(phrases: [String], text: String, mean: Int, category: Int) throws {
        let range = try #require(ranged(phrases))
        #expect(range.text == text)
        #expect(range.mean == mean)
        #expect(range.category == category)
    }

    @Test(arguments: [
        (["dozens", "150"], "150"), (["150", "100"], "100"), (["50-60", "hundreds"], "50"), (["200", "50-60"], "200"), (["hundreds", "over 300"], "100"),
        (["dozens"], "20"), (["nearly 100", "over 50"], "50"),
    ])
    func countloveTakesTheSmallestOfTheMostPrecise(phrases: [String], text: String) throws {
        #expect(try #require(ranged(phrases, .countlove)).text == text)
    }

    @Test(arguments: [
        (["over 150"], "150 or more", 0), (["nearly 100"], "100 or fewer", 0), (["hundreds"], "unknown", 0), (["around 400"], "400", 2),
        (["50-60", "hundreds"], "50–60", 0), (["50-60", "80"], "50–80", 1), (["over 150", "nearly 100"], "100–150", 0),
    ])
    func plainStatesOnlyWhatWasSaid(phrases: [String], text: String, category: Int) throws {
        let range = try #require(ranged(phrases, .plain))
        #expect(range.text == text)
        #expect(range.category == category)
        #expect((range.mean == nil) == (category == 0))
    }

    @Test func expectedNeverLeaksIn() throws {
        let expected = CountEntry(reading: CrowdReading(low: 5000, high: 5000), stage: .expected, basis: .organiser)
        for rule in CountRule.allCases {
            #expect(CountRange([expected], rule: rule) == nil)
            #expect(CountRange([], rule: rule) == nil)
            for stage in [CountStage.during, .peak, .final, nil] {
                let counted = CountEntry(reading: CrowdReading(low: 300, high: 300), stage: stage, basis: .police)
                let range = try #require(CountRange([expected, counted], rule: rule))
                #expect((range.low, range.high) == (300, 300))
            }
        }
    }

    @Test func orderMakesNoDifferenceAndNothingTraps() {
        var random = TinyGenerator(seed: 5)
        let numbers: [Int?] = [nil, 0, 1, 50, 100, 200, .max, .min, -1, CrowdPhrase.greatest]
        for _ in 0..<5_000 {
            let entries = (0..<random.below(5)).map { _ in
                CountEntry(
                    reading: CrowdReading(
                        low: random.pick(numbers), high: random.pick(numbers), lowOpen: random.below(2) == 0, highOpen: random.below(2) == 0),
                    stage: random.pick([nil, .expected, .during, .final]))
            }
            for rule in CountRule.allCases {
                let range = CountRange(entries, rule: rule)
                #expect(range == CountRange(entries.reversed(), rule: rule))
                if let low = range?.low, let high = range?.high { #expect(low <= high) }
            }
        }
    }
}
