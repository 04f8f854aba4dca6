/// What a draft would make of one record, if it were committed.
public struct RecordPreview: Sendable {
    public var document: RecordDocument?
    /// Whether lists would show it.
    public var isVisible: Bool

    public init(document: RecordDocument?, isVisible: Bool) {
        (self.document, self.isVisible) = (document, isVisible)
    }
}

extension Session {
    /// Gathers operations as a commit would, and saves nothing.
    ///
    /// - Throws: What `build` throws.
    public func preview(_ id: RecordID, _ build: (inout Draft) throws -> Void) throws -> RecordPreview {
        // Sorts after every change that is here, as what is committed next does.
        let name = ChangeName(author: AuthorID(high: .max, low: .max), seq: 1, mark: .max)
        var draft = Draft(session: self, name: name, wall: now())
        try build(&draft)
        var state = try state(of: id) ?? RecordState()
        let graph = PreviewGraph(index: index)
        for (number, operation) in draft.operations.enumerated() {
            if case .id(let other) = operation.record, other != id { continue }
            let write = WriteName(change: name, operation: UInt32(truncatingIfNeeded: number))
            state.apply(operation, stamp: Stamp(lamport: .max, write: write), rules: schema.rules, graph: graph)
        }
        return RecordPreview(
            document: RecordDocument(id: id, state: state, graph: index, schema: schema), isVisible: state.isVisible(graph: index))
    }
}

/// Everything that a draft names is here.
private struct PreviewGraph: ChangeGraph {
    let index: ChangeIndex

    func isKnown(_ name: ChangeName) -> Bool { true }
    func isOnBranch(_ earlier: ChangeName, of later: ChangeName) -> Bool { index.isOnBranch(earlier, of: later) }
    func namedByVoid(_ write: WriteName, in slot: RecordState.Slot) -> [WriteName] { [] }
}
