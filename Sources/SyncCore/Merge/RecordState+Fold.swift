extension RecordState {
    /// What one change does to a record.
    public struct Step {
        public var change: ChangeName
        public var lamport: UInt64
        public var isVoid: Bool
        /// Those of void changes too: texts may have been edited on them.
        public var operations: [(index: UInt32, operation: Operation)]

        public init(
            change: ChangeName, lamport: UInt64, isVoid: Bool, operations: [(index: UInt32, operation: Operation)]
        ) {
            self.change = change
            self.lamport = lamport
            self.isVoid = isVoid
            self.operations = operations
        }
    }

    /// The state that a set of changes makes, from nothing: what applying them one by one comes to, whatever their order.
    public init(
        folding steps: some Sequence<Step>, rules: FieldRules, graph: some ChangeGraph
    ) {
        self.init()
        let unsettled = UnsettledGraph(base: graph)
        var texts: [Slot: [TextHistory.Entry]] = [:]
        for step in steps {
            touch(step.change)
            for (index, operation) in step.operations {
                let stamp = Stamp(lamport: step.lamport, write: WriteName(change: step.change, operation: index))
                if TextHistory.holds(operation, rules) {
                    texts[Slot(operation.field, operation.key), default: []].append(
                        TextHistory.Entry(stamp: stamp, operation: operation, isVoid: step.isVoid))
                }
                if !step.isVoid { apply(operation, stamp: stamp, rules: rules, graph: unsettled) }
            }
        }
        for slot in unfolded { foldText(slot, texts[slot] ?? [], graph: graph) }
        for index in slots.indices {
            guard case .writes(var writes) = slots[index].content else { continue }
            writes.settle(graph: graph)
            slots[index].content = .writes(writes)
        }
    }

    /// The changes that something in a slot names and that are not known: once one of them is here, the record is to be folded again.
    public func awaited(in slot: Slot, graph: some ChangeGraph) -> [ChangeName] {
        if slot.field == 0 { return Self.awaited(life, graph) }
        switch self[slot] {
        case .writes(let writes): return writes.awaited.map(\.change)
        case .life(let life): return Self.awaited(life, graph)
        default: return []
        }
    }

    public func awaited(graph: some ChangeGraph) -> [ChangeName] {
        Self.awaited(life, graph) + slots.flatMap { awaited(in: $0.slot, graph: graph) }
    }

    private static func awaited(_ life: Life, _ graph: some ChangeGraph) -> [ChangeName] {
        life.deletions.flatMap(\.seen).filter { !graph.isKnown($0) }
    }
}

/// While a record is folded, a name may stand before its write whatever is known: every name is remembered until the end.
struct UnsettledGraph<Base: ChangeGraph>: ChangeGraph {
    let base: Base

    func isKnown(_ name: ChangeName) -> Bool { false }
    func isOnBranch(_ earlier: ChangeName, of later: ChangeName) -> Bool { base.isOnBranch(earlier, of: later) }
    func namedByVoid(_ write: WriteName, in slot: RecordState.Slot) -> [WriteName] { base.namedByVoid(write, in: slot) }
}
