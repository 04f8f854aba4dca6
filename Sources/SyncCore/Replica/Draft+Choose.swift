extension Draft {
    /// Puts one value in the place of those that stand under one key of a log.
    ///
    /// An entry is never edited: the disputed one goes, and the chosen one comes under the next key. Whoever chooses beside this device comes
    /// to the same key, so that two equal choices are one entry and two different ones are listed.
    public mutating func choose(_ record: RecordID, _ field: UInt32, key: ItemKey, _ value: Value) throws {
        try retract(record, field, key: key, reason: "resolved")
        var next = key.afterChoice(in: record)
        // Nobody would see it under a key that was retracted meanwhile.
        while case .entry(let entry) = try session.merged(of: record)?.state[RecordState.Slot(field, next)], entry.isRetracted {
            next = next.afterChoice(in: record)
        }
        try enter(record, field, key: next, value)
    }
}

extension ItemKey {
    /// `docs/format.md`, section 4.
    func afterChoice(in record: RecordID) -> ItemKey { ItemKey(derivedFrom: Array("resolved".utf8), record.bytes, bytes) }
}
