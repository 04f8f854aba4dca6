/// Brings what lies here into line with what the team took out of its history: segments are read without what was redacted, and bodies
/// that were withdrawn go.
struct Withdrawal {
    private let replica: Replica
    private let redactions: Redactions
    private let log: LogTransaction

    init(_ replica: Replica, _ team: TeamState, _ log: LogTransaction) {
        self.replica = replica
        redactions = team.redactions
        self.log = log
    }

    /// After the set of redactions has changed. The view is made again: what stood in its pages goes with its file.
    func settle() throws {
        guard try log.setting(Replica.Setting.redactions) ?? [] != redactions.digest else { return }
        try log.set(Replica.Setting.redactions, redactions.digest)
        var segments = Set(try log.substituted())
        for name in redactions.changes { segments.formUnion(try log.carriers(of: name)) }
        for chain in redactions.chains { if let number = try log.segmentNumber(chain: chain) { segments.insert(number) } }
        for number in segments.sorted() { try settle(number) }
        try log.set(Replica.Setting.logID, replica.surroundings.random(16))
        replica.hasWithdrawn = true
    }

    /// One segment that is here. Without a key for it nobody can say what is in it: it stays.
    private func settle(_ number: Int64) throws {
        guard let stored = try log.segment(number), stored.index > 0 else { return }
        let hasBody = try Segment(stored.bytes).body != nil
        guard let written = hasBody ? try replica.loader.written(stored, log)?.changes : try log.substitute(of: number) else { return }
        _ = try take(stored, written, hasBody: hasBody)
    }

    /// Keeps what is to be read in the place of a segment, and drops its body where that is to go.
    ///
    /// - Returns: Its changes as they are read from now on.
    func take(_ stored: StoredSegment, _ written: [Change], hasBody: Bool = true) throws -> [Change] {
        guard !redactions.isEmpty || !hasBody else { return written }
        let changes = written.map(redactions.apply)
        let goes = hasBody && redactions.isWithdrawn(stored.chain) && redactions.isTrue(written, at: stored.chain)
        if changes != written || goes {
            try log.setSubstitute(of: stored.number, changes)
            replica.hasWithdrawn = true
        } else if hasBody {
            try log.removeSubstitute(of: stored.number)
        }
        if goes { try log.dropBody(of: stored) }
        replica.loader.remember(stored.number, changes)
        return changes
    }
}

extension Replica {
    /// Redactions that name a segment whose other changes they would alter: what is here was kept. Each by its record.
    func untrueRedactions(_ log: LogTransaction, _ redactions: Redactions) throws -> [Redactions.Entry] {
        try redactions.entries.filter { entry in
            try entry.redaction.withdrawn.contains { withdrawn in
                guard let stored = try log.segmentNumber(chain: withdrawn.chain).flatMap(log.segment), !Segment.isBare(stored.bytes),
                    let written = try loader.written(stored, log)
                else { return false }
                return !redactions.isTrue(written.changes, at: withdrawn.chain)
            }
        }
    }
}
