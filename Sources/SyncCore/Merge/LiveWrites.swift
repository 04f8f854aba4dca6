/// The writes of counted changes that no counted change names: the state of a register, and of a set.
///
/// A function of the set of changes: a name that comes before its write is remembered until the write comes.
public struct LiveWrites: Hashable, Sendable {
    /// In winner order, the greatest first.
    public internal(set) var live: [Write] = []
    /// Named, and not arrived.
    public internal(set) var awaited: [WriteName] = []

    public init() {}

    public var isEmpty: Bool { live.isEmpty && awaited.isEmpty }

    /// Adds a write unless it was named before it came.
    mutating func insert(_ write: Write) {
        if let index = awaited.firstIndex(of: write.stamp.write) {
            awaited.remove(at: index)
            return
        }
        let place = live.firstIndex { $0.stamp < write.stamp } ?? live.endIndex
        live.insert(write, at: place)
    }

    /// Removes what `names` says, and remembers names of changes that are not here yet.
    mutating func name(_ names: [WriteName], graph: some ChangeGraph) {
        for name in graph.closure(of: names) {
            if let index = live.firstIndex(where: { $0.stamp.write == name }) {
                live.remove(at: index)
            } else if !graph.isKnown(name.change), !awaited.contains(name) {
                awaited.insert(name, at: awaited.firstIndex { name < $0 } ?? awaited.endIndex)
            }
        }
    }

    /// Distinct values, in winner order: more than one is a disagreement.
    public var values: [Value] {
        var values: [Value] = []
        for write in live where !values.contains(write.value) { values.append(write.value) }
        return values
    }
}
