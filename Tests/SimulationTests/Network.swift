import SyncCore

/// What happens to messages. One is armed at a time, for the exchange that comes next.
struct Network {
    enum Fault: Int, CaseIterable {
        /// It does not arrive.
        case drop
        /// It arrives, and what is answered does not.
        case lose
        /// It arrives twice.
        case twice
        /// Only its beginning arrives, or it arrives changed.
        case cut, flip
        /// Its pieces arrive in another order, or from a middle on.
        case shuffle, behead
    }

    struct Lost: Error {}

    private var armed: (fault: Fault, after: Int, salt: Int)?
    /// Something was done to a message of this exchange: what it then says of the other side's bytes may be true of them.
    private(set) var hasInterfered = false

    mutating func arm(_ fault: Int, after messages: Int, salt: Int) {
        armed = (Fault.allCases[fault % Fault.allCases.count], messages, salt)
    }

    mutating func beginExchange() { hasInterfered = false }
    mutating func endExchange() { armed = nil }

    private mutating func strike() -> (fault: Fault, dice: Dice)? {
        guard let now = armed else { return nil }
        if now.after > 0 {
            armed?.after -= 1
            return nil
        }
        armed = nil
        hasInterfered = true
        return (now.fault, Dice(UInt64(now.salt)))
    }

    /// A message of several pieces on its way to whoever handles it.
    mutating func deliver<Answer>(_ pieces: [[UInt8]], to handle: ([[UInt8]]) throws -> Answer) throws -> Answer {
        guard let (fault, seeded) = strike() else { return try handle(pieces) }
        var dice = seeded
        switch fault {
        case .drop: throw Lost()
        case .lose:
            _ = try handle(pieces)
            throw Lost()
        case .twice:
            _ = try handle(pieces)
            return try handle(pieces)
        case .cut, .flip, .shuffle, .behead: return try handle(Self.changed(pieces, fault, &dice))
        }
    }

    private static func changed(_ pieces: [[UInt8]], _ fault: Fault, _ dice: inout Dice) -> [[UInt8]] {
        guard !pieces.isEmpty else { return pieces }
        var pieces = pieces
        let place = dice.below(pieces.count)
        switch fault {
        case .cut:
            pieces.removeSubrange((place + 1)...)
            pieces[place].removeLast(1 + dice.below(pieces[place].count))
        case .flip where !pieces[place].isEmpty: pieces[place][dice.below(pieces[place].count)] ^= 1 << UInt8(dice.below(8))
        case .behead: pieces.removeFirst(place)
        default: pieces.shuffle(using: &dice)
        }
        return pieces
    }
}
