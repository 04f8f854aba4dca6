extension Operation {
    /// Whether these rules know what it does. What they do not know is kept in the log, and applied after an upgrade.
    public func isUnderstood(under rules: FieldRules) -> Bool {
        var state = RecordState()
        let nowhere = WriteName(change: ChangeName(author: AuthorID(high: 0, low: 0), seq: 1, mark: 0), operation: 0)
        return state.apply(self, stamp: Stamp(lamport: 0, write: nowhere), rules: rules, graph: NoGraph()) == .applied
    }
}

/// Nothing beyond the operation at hand.
private struct NoGraph: ChangeGraph {
    func isKnown(_ name: ChangeName) -> Bool { true }
    func isOnBranch(_ earlier: ChangeName, of later: ChangeName) -> Bool { false }
    func namedByVoid(_ write: WriteName, in slot: RecordState.Slot) -> [WriteName] { [] }
}
