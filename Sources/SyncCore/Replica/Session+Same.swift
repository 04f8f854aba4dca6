extension Session {
    /// What a record is read as: with those that are one with it.
    func merged(_ stored: ViewTransaction.StoredRecord) throws -> MergedRecord {
        let parts = try stored.canonical.map(view.members(ofCanonical:)) ?? [stored]
        let members = try parts.map { MergedRecord.Member(id: $0.id, state: try RecordState($0.state, numbering: index)) }
        guard let merged = MergedRecord(members, graph: index, schema: schema) else { throw ChangeIndex.inconsistent }
        return merged
    }

    /// The same; nil where there is no record of this id.
    func merged(of id: RecordID) throws -> MergedRecord? { try view.record(id).map(merged) }

    /// What a record says by itself, also where it is shown as part of another.
    public func documentAlone(_ id: RecordID) throws -> RecordDocument? {
        try state(of: id).flatMap { RecordDocument(id: id, state: $0, graph: index, schema: schema) }
    }

    /// The id under which lists show a record: its own, or the smallest of those that are one with it.
    public func canonical(_ id: RecordID) throws -> RecordID {
        guard let number = try view.record(id)?.canonical, let canonical = try view.recordID(number: number) else { return id }
        return canonical
    }

    /// The records that are one with this one, itself among them, in the order of ids.
    public func members(of id: RecordID) throws -> [RecordID] {
        guard let number = try view.record(id)?.canonical else { return [id] }
        return try view.members(ofCanonical: number).map(\.id)
    }
}
