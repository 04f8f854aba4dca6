import SyncCore

/// SplitMix64 (Steele, Lea, Flood, 2014): the same run for the same seed, on every machine.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
    mutating func pick<T>(_ list: [T]) -> T { list[below(list.count)] }
    mutating func id<ID: Identifier16>(_ type: ID.Type = ID.self) -> ID { ID(high: next(), low: next()) }

    /// 32 bytes, as a key.
    mutating func secret() -> Secret {
        guard let secret = Secret(bytes(32)) else { preconditionFailure("32 bytes make a secret") }
        return secret
    }

    /// A copy with one to four injuries, of the kinds that decoders mistake: turned bits, lengths that lie, pieces cut, doubled, moved.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...below(4) {
            guard !bytes.isEmpty else { return self.bytes(below(8)) }
            let place = below(bytes.count)
            switch below(7) {
            case 0: bytes[place] ^= 1 << UInt8(below(8))
            case 1: bytes[place] = pick([0, 1, 0x7f, 0x80, 0xff])
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(8)))
            case 3: bytes.insert(contentsOf: self.bytes(1 + below(4)), at: place)
            case 4: bytes.insert(contentsOf: [UInt8](repeating: 0xff, count: 1 + below(9)) + [0x01], at: place)
            case 5: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + below(16))], at: below(bytes.count))
            default: bytes.removeLast(below(min(bytes.count, 9)))
            }
        }
        return bytes
    }
}
