/// Which records are one. Stored as an edge on the smaller id of a pair, in a set in which adding wins: what two people link or part at
/// once comes together like any other set.
extension Draft {
    /// Makes two records one. False when they are already.
    ///
    /// - Throws: `usage` when they are one and the same id, of different kinds, or not both there.
    public mutating func link(_ a: RecordID, _ b: RecordID) throws -> Bool {
        try checkPair(a, b)
        guard try session.isVisible(a), try session.isVisible(b) else {
            throw SyncError(
                .usage, "One of them is deleted: only records that are there can be one.", safe: "Nothing was changed.",
                next: "Bring it back first, with  sync event restore  or  sync petition restore.")
        }
        try removePair(Field.different, a, b)
        if try session.canonical(a) == session.canonical(b) { return false }
        try addPair(Field.same, a, b)
        return true
    }

    /// Says that two records are not one, and takes away the link between them where there is one. False when that was said before and
    /// nothing links them.
    ///
    /// - Throws: `usage` when they are one and the same id, of different kinds, or one through a third.
    public mutating func part(_ a: RecordID, _ b: RecordID) throws -> Bool {
        try checkPair(a, b)
        let isLinked = try session.isLinked(a, b)
        if !isLinked, try session.canonical(a) == session.canonical(b) {
            throw SyncError(
                .usage, "They are one through other records, not by a link of their own.", safe: "Nothing was changed.",
                next: "See the links in  sync duplicates list  and say of one of them that its two are different.")
        }
        try removePair(Field.same, a, b)
        let isKnown = try session.isToldApart(a, b)
        if !isKnown { try addPair(Field.different, a, b) }
        return isLinked || !isKnown
    }

    /// What a file says, which may know of records that are not here yet.
    mutating func noteSame(_ record: RecordID, _ other: RecordID) throws {
        guard record != other, try session.canonical(record) != session.canonical(other) else { return }
        let isThere = try session.state(of: min(record, other)) != nil
        let (low, high) = isThere ? (min(record, other), max(record, other)) : (record, other)
        let live = try session.state(of: low)?.live(Field.same) ?? []
        if !live.contains(where: { $0.value == .bytes(high.bytes) }) { append(.add, low, Field.same, nil, value: .bytes(high.bytes)) }
    }

    private func checkPair(_ a: RecordID, _ b: RecordID) throws {
        guard a != b else {
            throw SyncError(.usage, "Both ids mean one record.", safe: "Nothing was changed.", next: "Give the ids of two.")
        }
        let kinds = try [a, b].map { try session.state(of: $0)?.kind }
        guard kinds[0] != nil, kinds[0] == kinds[1] else {
            throw SyncError(
                .usage, "Only two events, or two petitions, can be one.", safe: "Nothing was changed.",
                next: "A petition and a rally are linked with  sync event link.")
        }
    }

    private mutating func addPair(_ field: UInt32, _ a: RecordID, _ b: RecordID) throws {
        let value = Value.bytes(max(a, b).bytes)
        let live = try session.state(of: min(a, b))?.live(field) ?? []
        if !live.contains(where: { $0.value == value }) { append(.add, min(a, b), field, nil, value: value) }
    }

    /// From both sides: a record may have been made to name a smaller one.
    private mutating func removePair(_ field: UInt32, _ a: RecordID, _ b: RecordID) throws {
        for (record, other) in [(a, b), (b, a)] {
            let adds = try session.state(of: record)?.live(field).filter { $0.value == .bytes(other.bytes) } ?? []
            if !adds.isEmpty { append(.remove, record, field, nil, names: adds.map(\.stamp.write), value: nil) }
        }
    }
}

extension Session {
    /// Whether a link joins these two themselves.
    public func isLinked(_ a: RecordID, _ b: RecordID) throws -> Bool { try view.others(.same, of: a).contains(b) }

    /// Whether somebody said that these two are different.
    public func isToldApart(_ a: RecordID, _ b: RecordID) throws -> Bool { try view.others(.different, of: a).contains(b) }
}
