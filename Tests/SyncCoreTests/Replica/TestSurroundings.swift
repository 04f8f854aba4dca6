import SyncCore

/// A clock and randomness that a test controls: the same seed gives the same bytes.
final class TestSurroundings: @unchecked Sendable {
    // Used by one test at a time, from one thread.
    private var state: UInt64
    var time: Int64 = 1_492_000_000_000

    init(seed: UInt64) { state = seed }

    func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }

    var surroundings: Surroundings {
        Surroundings(
            now: {
                self.time += 1000
                return self.time
            },
            random: { count in (0..<count).map { _ in UInt8(truncatingIfNeeded: self.next()) } })
    }
}
