/// Whether a record or an item is there: causal length (odd is alive), and deletions that know what they had seen.
///
/// Deleting concurrently with an edit neither loses the edit nor hides that somebody deleted. Causal length: W. Yu and S. Rostad,
/// "A low-cost set CRDT based on causal lengths", PaPoC 2020.
public struct Life: Hashable, Sendable {
    /// The greatest length among counted operations; 0 before any.
    public internal(set) var length: UInt64 = 0
    /// At an even length: who deleted, and up to where each had seen every author, sorted by stamp.
    public internal(set) var deletions: [Deletion] = []

    public struct Deletion: Hashable, Sendable {
        public var stamp: Stamp
        public var seen: [ChangeName]
    }

    public init() {}

    mutating func apply(length new: UInt64, seen: [ChangeName], stamp: Stamp) {
        if new > length {
            length = new
            deletions = []
        }
        guard new == length, length % 2 == 0 else { return }
        let place = deletions.firstIndex { stamp < $0.stamp } ?? deletions.endIndex
        deletions.insert(Deletion(stamp: stamp, seen: seen), at: place)
    }

    /// Whether anything ever gave it a life.
    public var exists: Bool { length > 0 }
    public var isAlive: Bool { length % 2 == 1 }

    /// Of `edits`, those that no deletion had seen: they keep a deleted thing visible, and are listed.
    public func unseen(among edits: [ChangeName], graph: some BranchGraph) -> [ChangeName] {
        guard exists, !isAlive else { return [] }
        #if BROKEN_RULES
        if BrokenRule.active == .life { return [] }
        #endif
        return edits.filter { edit in
            !deletions.contains { deletion in
                deletion.seen.contains { graph.isOnBranch(edit, of: $0) }
                    || graph.isOnBranch(edit, of: deletion.stamp.write.change)
            }
        }
    }
}
