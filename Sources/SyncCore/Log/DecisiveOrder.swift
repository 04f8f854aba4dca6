/// Which removals, rotations and lowered roles hold, when some would make others void.
///
/// One that nothing makes void holds; what one that holds makes void does not. Where several make each other void in a ring, all
/// of the ring hold: nobody keeps a place by having struck back. It follows from the set of records alone.
enum DecisiveOrder {
    /// `free`: the reading in which nothing makes anything void.
    static func holding(in history: ControlHistory, free: TeamFold) -> Set<Int> {
        let candidates = history.decisive.filter(free.counts.contains)
        var attackers: [Int: Set<Int>] = [:]
        for attacker in candidates where mayMakeVoid(attacker, in: history) {
            let counting = TeamFold(history, enforcing: [attacker]).counts
            for other in candidates where other != attacker && !counting.contains(other) {
                attackers[other, default: []].insert(attacker)
            }
        }
        return settled(candidates, attackers)
    }

    /// Whether anything lies beyond a decisive record that it could make void: in honest times nothing does.
    private static func mayMakeVoid(_ decisive: Int, in history: ControlHistory) -> Bool {
        let act = history.records[decisive].act
        return history.records.indices.contains { place in
            guard !history.knew(decisive, place) else { return false }
            if history.records[place].signer == act.target { return true }
            guard act.grants != nil, case .join(let join) = history.records[place].act else { return false }
            return history.index[join.invite].map { history.knew(decisive, $0) } ?? false
        }
    }

    static func settled(_ candidates: [Int], _ attackers: [Int: Set<Int>]) -> Set<Int> {
        var open = Set(candidates)
        var holding: Set<Int> = []
        while !open.isEmpty {
            let lost = open.filter { !(attackers[$0] ?? []).isDisjoint(with: holding) }
            open.subtract(lost)
            let won = open.filter { (attackers[$0] ?? []).isDisjoint(with: open) }
            let next = won.isEmpty && lost.isEmpty ? firstRings(of: open, attackers) : won
            holding.formUnion(next)
            open.subtract(next)
        }
        return holding
    }

    /// Those that only their own ring makes void.
    private static func firstRings(of open: Set<Int>, _ attackers: [Int: Set<Int>]) -> Set<Int> {
        let above = Dictionary(uniqueKeysWithValues: open.map { ($0, reaching($0, open, attackers)) })
        return open.filter { place in
            (above[place] ?? []).allSatisfy { above[$0]?.contains(place) ?? false }
        }
    }

    private static func reaching(_ place: Int, _ open: Set<Int>, _ attackers: [Int: Set<Int>]) -> Set<Int> {
        var reached: Set<Int> = []
        var stack = [place]
        while let next = stack.popLast() {
            for attacker in attackers[next] ?? [] where open.contains(attacker) && reached.insert(attacker).inserted {
                stack.append(attacker)
            }
        }
        return reached
    }
}
