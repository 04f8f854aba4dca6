import SyncCore

/// SplitMix64 (Steele, Lea, Flood, 2014): the same run for the same seed, on every machine.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }
    mutating func chance(_ perMille: Int) -> Bool { below(1000) < perMille }
    mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }

    /// One of these, each as often as its weight says.
    mutating func pick<Element>(weighted list: [(element: Element, weight: Int)]) -> Element {
        var left = below(list.reduce(0) { $0 + $1.weight })
        for (element, weight) in list {
            if left < weight { return element }
            left -= weight
        }
        return list[0].element
    }
}

/// One machine's clock and randomness. The clock goes wrong when a script says so; nothing may depend on it.
final class VirtualTime: @unchecked Sendable {
    // Used by one simulation at a time, from one task.
    private var dice: Dice
    private var time: Int64 = 1_492_000_000_000
    private(set) var drawn = 0

    init(seed: UInt64) { dice = Dice(seed) }

    static let day: Int64 = 86_400_000

    func jump(days: Int) { time += Int64(days) * Self.day }

    var surroundings: Surroundings {
        Surroundings(
            now: {
                self.time += 1000
                return self.time
            },
            random: { count in
                self.drawn += count
                return (0..<count).map { _ in UInt8(truncatingIfNeeded: self.dice.next()) }
            })
    }
}
