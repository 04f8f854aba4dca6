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
        var members = try merged(of: id)?.members ?? [MergedRecord.Member(id: id, state: RecordState())]
        let graph = PreviewGraph(index: index)
        for (number, operation) in draft.operations.enumerated() {
            guard let target = try target(of: operation), let place = members.firstIndex(where: { $0.id == target }) else { continue }
            var operation = operation
            // An edit that takes the place of several texts can only be told from the whole history, which a draft is no part of.
            if let text = draft.wholeTexts[number] { (operation.code, operation.value) = (.assign, text) }
            let write = WriteName(change: name, operation: UInt32(truncatingIfNeeded: number))
            members[place].state.apply(operation, stamp: Stamp(lamport: .max, write: write), rules: schema.rules, graph: graph)
        }
        let visible = members.filter { $0.state.isVisible(graph: index) }
        let shown = MergedRecord(visible.isEmpty ? members : visible, graph: index, schema: schema)
        return RecordPreview(document: shown?.document(graph: index), isVisible: !visible.isEmpty)
    }

    private func target(of operation: Operation) throws -> RecordID? {
        switch operation.record {
        case .id(let id): return id
        case .named:
            guard let name = operation.names.first, let stored = try index.stored(name.change),
                let number = try Touched(try view.touched(stored.number) ?? []).record(ofOperation: name.operation)
            else { return nil }
            return try view.recordID(number: number)
        }
    }
}

/// Everything that a draft names is here.
private struct PreviewGraph: ChangeGraph {
    let index: ChangeIndex

    func isKnown(_ name: ChangeName) -> Bool { true }
    func isOnBranch(_ earlier: ChangeName, of later: ChangeName) -> Bool { index.isOnBranch(earlier, of: later) }
    func namedByVoid(_ write: WriteName, in slot: RecordState.Slot) -> [WriteName] { [] }
}
