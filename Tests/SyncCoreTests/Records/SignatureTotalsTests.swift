import Testing

@testable import SyncCore

@Suite struct SignatureTotalsTests {
    private func reading(
        _ channel: String, _ value: Int, _ asOf: String?, scope: String? = nil, order: String = "", id: String = "r",
        _ exactness: SignatureExactness = .exact
    ) -> SignatureReading {
        SignatureReading(id: id, channel: channel, value: value, exactness: exactness, asOf: asOf, scope: scope, order: order)
    }

    private func batch(_ id: String, _ ranges: [(Int, Int)], _ valid: Int, series: String = "", isVoid: Bool = false) -> PaperBatch {
        PaperBatch(id: id, series: series, serials: ranges.compactMap { SerialRange(first: $0.0, last: $0.1) }, valid: valid, isVoid: isVoid)
    }

    @Test func theNewestCountsNotTheLargest() {
        let totals = SignatureTotals(readings: [
            reading("online:uk", 4_150_000, "2016-07-22T10:00"), reading("online:uk", 4_074_831, "2016-07-23T10:00"),
            reading("online:uk", 4_140_000, "2016-07-21"), reading("online:uk", 9_000_000, nil),
        ])
        #expect(totals.total == 4_074_831)
        #expect(totals.channels.map(\.asOf) == ["2016-07-23T10:00"])
        #expect(!totals.mayDoubleCount)
    }

    @Test func tiesGoByOrderKeyThenById() {
        let a = reading("sms", 10, "2017", order: "a", id: "2"), b = reading("sms", 5, "2017", order: "b", id: "1")
        #expect(SignatureTotals(readings: [a, b]).total == 5)
        #expect(SignatureTotals(readings: [b, a]).total == 5)
        let c = reading("sms", 7, "2017", order: "b", id: "3")
        #expect(SignatureTotals(readings: [c, b, a]).channels.first?.reading == "3")
    }

    @Test func scopesNeverMakeATotal() {
        let totals = SignatureTotals(readings: [
            reading("online:uk", 100, "2017", scope: "total"), reading("online:uk", 70, "2018", scope: "GB"),
            reading("phone", 9, "2018", scope: "FR"), reading("phone", 9, "2018", scope: ""),
        ])
        #expect(totals.total == 100)
        #expect(totals.channels.map(\.name) == ["online:uk"])
        #expect(SignatureTotals(readings: [reading("online:uk", 70, "2018", scope: "GB")]).total == nil)
    }

    @Test func channelsAreToldApartByBytes() {
        let totals = SignatureTotals(readings: [reading("online:caf\u{E9}", 1, "2017"), reading("online:cafe\u{301}", 2, "2017")])
        #expect(totals.total == 3)
        #expect(totals.channels.map(\.value) == [2, 1])
    }

    @Test func paperIsTheSumOfBatches() {
        let totals = SignatureTotals(
            readings: [reading("online:avaaz", 1_000, "2017", .rounded), reading("paper", 130, "2017")],
            batches: [batch("a", [(1, 50)], 90), batch("b", [(51, 60)], 20), batch("c", [(61, 70)], 500, isVoid: true)])
        #expect(totals.paper?.valid == 110)
        #expect(totals.paperResidue == 20)
        #expect(totals.total == 1_110)
        #expect(totals.exactness == .rounded)
        #expect(totals.mayDoubleCount)
        #expect(totals.channels.map(\.name) == ["online:avaaz", "paper"])
    }

    @Test func doubleCountingIsMarkedUntilAPersonSaysOtherwise() {
        let online = reading("online:x", 5, "2017"), paper = reading("paper", 5, "2017")
        #expect(SignatureTotals(readings: [online, paper]).mayDoubleCount)
        #expect(!SignatureTotals(readings: [online, paper], areDisjoint: true).mayDoubleCount)
        #expect(!SignatureTotals(readings: [online]).mayDoubleCount)
        #expect(!SignatureTotals(readings: [paper, reading("phone", 5, "2017")]).mayDoubleCount)
        #expect(!SignatureTotals(readings: [online, reading("paper", 0, "2017")]).mayDoubleCount)
        #expect(!SignatureTotals(readings: [reading("onlineshop", 5, "2017"), paper]).mayDoubleCount)
    }

    @Test func overlappingSerialsCountOnceAndAreReported() throws {
        let whole = try #require(PaperTotal([batch("b", [(1, 100)], 80), batch("a", [(1, 100)], 90)]))
        #expect(whole.valid == 90)
        #expect(!whole.isEstimate)
        #expect(whole.overlaps.map { "\($0.repeated) of \($0.kept): \($0.serials.first)-\($0.serials.last)" } == ["b of a: 1-100"])

        let part = try #require(PaperTotal([batch("a", [(1, 100)], 90), batch("b", [(76, 175)], 80)]))
        #expect(part.valid == 90 + 60)
        #expect(part.isEstimate)

        let three = try #require(
            PaperTotal([batch("a", [(1, 10), (21, 30)], 20), batch("b", [(5, 25)], 21), batch("c", [(1, 30)], 30)]))
        #expect(
            three.overlaps.map { "\($0.repeated)<\($0.kept) \($0.serials.first)-\($0.serials.last)" }
                == ["b<a 5-10", "b<a 21-25", "c<a 1-10", "c<b 11-20", "c<a 21-30"])
        #expect(three.valid == 20 + 10 + 0)

        // One batch that lists a serial twice repeats nothing.
        let own = try #require(PaperTotal([batch("a", [(1, 10), (5, 12), (13, 13)], 13)]))
        #expect(own.overlaps.isEmpty && own.valid == 13 && !own.isEstimate)
    }

    @Test func seriesVoidAndNumberless() throws {
        let series = try #require(PaperTotal([batch("a", [(1, 10)], 10, series: "A"), batch("b", [(1, 10)], 10, series: "B")]))
        #expect(series.valid == 20 && series.overlaps.isEmpty)
        let voided = try #require(PaperTotal([batch("a", [(1, 10)], 10, isVoid: true), batch("b", [(1, 10)], 10)]))
        #expect(voided.valid == 10 && voided.overlaps.isEmpty)
        let bare = try #require(PaperTotal([batch("a", [], 10), batch("b", [], 5)]))
        #expect(bare.valid == 15 && bare.withoutSerials == ["a", "b"])
        #expect(PaperTotal([]) == nil)
        #expect(PaperTotal([batch("a", [], 10, isVoid: true)]) == nil)
    }

    @Test func hugeAndNegativeNumbers() {
        let totals = SignatureTotals(
            readings: [reading("a", .max, "1"), reading("b", .max, "1"), reading("c", .min, "1"), reading("paper", .min, "1")],
            batches: [batch("x", [(0, 1_000_000_000_000)], .max), batch("y", [(5, 6)], .max), batch("z", [(5, 7)], .max), batch("w", [], .min)])
        #expect(totals.total == .max)
        #expect(totals.paperResidue == -.max)
        #expect(SignatureTotals(readings: [reading("c", .min, "1")]).total == 0)
        for (first, last) in [(-1, 5), (5, 4), (0, .max), (.min, .max)] { #expect(SerialRange(first: first, last: last) == nil) }
    }

    /// Property: neither order nor repetition in the arrays changes the outcome, and each serial is counted at most once.
    @Test func aFunctionOfTheSet() throws {
        var random = TinyGenerator(seed: 99)
        for _ in 0..<2_000 {
            let readings = (0..<random.below(8)).map { index in
                reading(
                    random.pick(["paper", "online:a", "online:b"]), random.below(100), random.pick([nil, "2017", "2018-01"]),
                    scope: random.pick([nil, "GB"]), order: random.pick(["", "a"]), id: "\(index)")
            }
            // One valid line a serial, so that the sum is the number of distinct serials wherever nothing is estimated.
            let batches = (0..<random.below(6)).map { index in
                let first = random.below(30), last = first + random.below(10)
                return batch("\(index)", [(first, last)], last - first + 1)
            }
            let one = SignatureTotals(readings: readings, batches: batches)
            let other = SignatureTotals(readings: readings.shuffled(using: &random), batches: batches.shuffled(using: &random))
            try #require(String(describing: one) == String(describing: other))
            let distinct = Set(batches.flatMap { batch in batch.serials.flatMap { Array($0.first...$0.last) } }).count
            try #require((one.paper?.valid ?? 0) == distinct)
        }
    }
}
