import Testing

@Suite struct LawsTests {
    /// 83 and 231: a beginning of a text that does not count any more, edited, beside the same beginning that does.
    @Test(arguments: [1...100, 83...83, 101...200, 231...231].map { UInt64($0.lowerBound)...UInt64($0.upperBound) })
    func `generated histories keep every law, in any order, with any void set, and with a hostile writer`(seeds: ClosedRange<UInt64>) {
        for seed in seeds {
            let breach = Laws.breach(seed: seed)
            #expect(breach == nil, "seed \(seed)")
        }
    }
}
