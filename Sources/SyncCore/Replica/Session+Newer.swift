/// What came from a newer version and says nothing to this one.
public struct NewerContent: Hashable, Sendable {
    /// Edits of records that are known, or not.
    public var edits: Int
    /// Records of a kind that is not known.
    public var records: Int

    public var isEmpty: Bool { edits == 0 && records == 0 }
}

extension Session {
    /// What counts and is not understood here.
    public func newerContent() throws -> NewerContent {
        let edits = try view.unknown().reduce(0) { sum, entry in
            try index.stored(entry.change)?.void == nil ? sum + entry.operations : sum
        }
        return NewerContent(edits: edits, records: try view.countOfKinds(beyond: schema.kinds.map(\.number)))
    }
}
