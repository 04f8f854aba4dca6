extension RecordState {
    /// Everything that several records say, as if one did: every live value, element, entry and item, and the sum of the tallies. Texts
    /// are not united: each member's is shown as it is.
    init(uniting states: [RecordState], graph: some BranchGraph, schema: Schema) {
        self.init()
        kind = states.compactMap(\.kind).min()
        life = (states.first { $0.life.isAlive } ?? states[0]).life
        edits = Set(states.flatMap(\.edits)).sorted()
        touches = Set(states.flatMap(\.touches)).sorted()
        let known = schema.kind(kind).flatMap { schema[$0] }
        var parts: [Slot: [Content]] = [:]
        for state in states {
            for (slot, content) in state.slots {
                if let known, Self.isHidden(slot, in: state, states, known, graph) { continue }
                parts[slot, default: []].append(content)
            }
        }
        slots = parts.sorted { $0.key < $1.key }.map { ($0.key, Self.united($0.value)) }
    }

    /// Whether a slot is of an item that this state hides and another one shows.
    private static func isHidden(
        _ slot: Slot, in state: RecordState, _ states: [RecordState], _ schema: RecordSchema, _ graph: some BranchGraph
    ) -> Bool {
        guard let key = slot.key, let map = schema.items(of: slot.field) else { return false }
        let fields = map.itemFields.map(\.number)
        func isVisible(_ state: RecordState) -> Bool {
            state.isItemVisible(map: map.number, key: key, fields: fields, graph: graph)
        }
        return !isVisible(state) && states.contains(where: isVisible)
    }

    private static func united(_ contents: [Content]) -> Content {
        contents.dropFirst().reduce(contents[0]) { all, next in
            switch (all, next) {
            case (.writes(var writes), .writes(let others)):
                writes.live = (writes.live + others.live).sorted { $1.stamp < $0.stamp }
                return .writes(writes)
            case (.entry(var entry), .entry(let other)):
                for write in other.writes { LogEntry.insert(write, into: &entry.writes) }
                for write in other.retractions { LogEntry.insert(write, into: &entry.retractions) }
                return .entry(entry)
            case (.life(let life), .life(let other)):
                // One member's deletions say nothing of what another one's item was edited by.
                return .life(life.isAlive || !other.isAlive ? life : other)
            case (.tally(let tally), .tally(let other)):
                var sum = Tally()
                sum.add(tally.value &+ other.value, generation: max(tally.generation, other.generation))
                return .tally(sum)
            default: return all
            }
        }
    }
}

extension RecordSchema {
    /// The map whose items have a slot in this field: the map itself, or the one that it is an item field of.
    func items(of number: UInt32) -> FieldSchema? {
        fields.first { map in map.kind == .map && (map.number == number || map.itemFields.contains { $0.number == number }) }
    }
}
