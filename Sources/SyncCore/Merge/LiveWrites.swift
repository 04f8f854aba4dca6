/// The writes of counted changes that no counted change names: the state of a register, of a text, and of a set.
///
/// A function of the set of changes: a name that comes before its write is remembered until the write comes.
public struct LiveWrites: Hashable, Sendable {
    /// In winner order, the greatest first.
    public internal(set) var live: [Write] = []
    /// Named, and not arrived.
    public internal(set) var awaited: [WriteName] = []
    /// Of a text, the hashes of the first values that were replaced: whoever brings one of them again brings nothing new.
    public internal(set) var replacedFirsts: [Hash32] = []

    public init() {}

    public var isEmpty: Bool { live.isEmpty && awaited.isEmpty && replacedFirsts.isEmpty }

    /// Adds a write unless it was named before it came.
    mutating func insert(_ write: Write) {
        if let index = awaited.firstIndex(of: write.stamp.write) {
            awaited.remove(at: index)
            return noteReplaced(write)
        }
        if write.isFirst, !replacedFirsts.isEmpty, replacedFirsts.contains(Self.hash(of: write)) { return }
        let place = live.firstIndex { $0.stamp < write.stamp } ?? live.endIndex
        live.insert(write, at: place)
    }

    /// Removes what `names` says, and remembers names of changes that are not here yet.
    mutating func name(_ names: [WriteName], in slot: RecordState.Slot, graph: some ChangeGraph) {
        for name in graph.closure(of: names, in: slot) {
            if let index = live.firstIndex(where: { $0.stamp.write == name }) {
                noteReplaced(live.remove(at: index))
            } else if !graph.isKnown(name.change), !awaited.contains(name) {
                awaited.insert(name, at: awaited.firstIndex { name < $0 } ?? awaited.endIndex)
            }
        }
    }

    /// The first values of a text are named by their content: with one of them, all that equal it are replaced.
    private mutating func noteReplaced(_ write: Write) {
        guard write.isFirst else { return }
        let hash = Self.hash(of: write)
        guard !replacedFirsts.contains(hash) else { return }
        replacedFirsts.insert(hash, at: replacedFirsts.firstIndex { hash < $0 } ?? replacedFirsts.endIndex)
        live.removeAll { $0.isFirst && $0.value == write.value }
    }

    private static func hash(of write: Write) -> Hash32 { Digest.plain(write.value.encoded) }

    /// Forgets names that nothing can come for any more.
    mutating func settle(graph: some ChangeGraph) { awaited.removeAll { graph.isKnown($0.change) } }

    /// Of a text: two who knew nothing of each other replaced the same words.
    public var isContested: Bool { live.contains { $0.text?.isContested ?? false } }

    /// Distinct values, in winner order: more than one is a disagreement.
    public var values: [Value] {
        var values: [Value] = []
        for write in live where !values.contains(write.value) { values.append(write.value) }
        return values
    }
}
