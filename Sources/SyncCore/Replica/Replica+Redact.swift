/// What a redaction took away.
public struct RedactReport: Hashable, Sendable {
    /// Edits that lost their values.
    public var edits: Int
    /// Segments that lost their bodies.
    public var segments: Int
}

extension Replica {
    /// Takes every value that a field of a record ever had out of the team's history: a coordinator's record says so, this device's log carries
    /// the changes without them, and whoever learns of it drops the originals. Reads the whole log.
    ///
    /// - Throws: `notJoined` unless this device is a coordinator that may seal; `usage` where there is nothing to take away.
    @discardableResult
    public func redact(_ record: RecordID, _ field: FieldSchema, reason: String) throws -> RedactReport {
        _ = try read { _ in }
        let report = try locked {
            try beOnlyOne()
            try catchUp()
            // What was never sent is sealed first: then it is in a segment, like everything else.
            _ = try log.write { try sealJournal($0) }
            let edits = try reading { try RedactedEdits($0, record, field).edits }
            return try log.write { log in try redact(edits, record, field, reason, log) }
        }
        forgetTeam()
        return report
    }

    /// The same of records that are one: of each that ever had a value there.
    ///
    /// - Throws: `usage` where none of them had one.
    public func redact(_ members: [RecordID], _ field: FieldSchema, reason: String) throws -> RedactReport {
        var report = RedactReport(edits: 0, segments: 0)
        var failure: SyncError?
        for member in members {
            do {
                let part = try redact(member, field, reason: reason)
                report = RedactReport(edits: report.edits + part.edits, segments: report.segments + part.segments)
            } catch let error as SyncError where error.kind == .usage && members.count > 1 {
                failure = failure ?? error
            }
        }
        if report.edits == 0, let failure { throw failure }
        return report
    }

    private func redact(
        _ edits: [ChangeName: Set<UInt32>], _ record: RecordID, _ field: FieldSchema, _ reason: String, _ log: LogTransaction
    ) throws -> RedactReport {
        let team = try Self.team(log, keys.team)
        try requireCoordinator(team)
        let plan = try RedactionPlan(edits, self, team, log)
        guard plan.holdsValues else {
            throw SyncError(
                .usage, "There is no value of “\(field.name)” of this record to take away.", safe: "Nothing was changed.",
                next: "What was redacted before is gone already.")
        }
        let redaction = Redaction(
            record: record, field: field.number, reason: reason,
            edits: plan.edits.map { Redaction.Edit(change: $0, operations: $1) }, withdrawn: plan.withdrawn)
        let payload = redaction.payload
        guard payload.count < Limits.controlRecordBytes - 4096 else {
            throw SyncError(
                .usage, "This field was written \(redaction.edits.count) times, in \(redaction.withdrawn.count) segments: too much for one record of the team.",
                safe: "Nothing was changed.")
        }
        try addControl(signedControl(.redact, payload: payload, team, log), log)
        try carry(plan.contents, log)
        return RedactReport(edits: plan.edits.values.reduce(0) { $0 + $1.count }, segments: plan.withdrawn.count)
    }

}

/// Which operations wrote a field of a record, by change, whether they count or not.
private struct RedactedEdits {
    var edits: [ChangeName: Set<UInt32>] = [:]

    init(_ session: Session, _ record: RecordID, _ field: FieldSchema) throws {
        let numbers = Set([field.number] + field.itemFields.map(\.number))
        guard let stored = try session.view.record(record) else { return }
        for name in try session.state(of: record)?.touches ?? [] {
            guard let change = try session.index.stored(name) else { continue }
            let touched = try Touched(try session.view.touched(change.number) ?? [])
            for (place, operation) in try session.loader.change(change, session.log).operations.enumerated() {
                let number = UInt32(truncatingIfNeeded: place)
                guard numbers.contains(operation.field), operation.isRedactable || operation.code == .redacted,
                    touched.record(ofOperation: number) == stored.number
                else { continue }
                edits[name, default: []].insert(number)
            }
        }
    }
}

/// What a redaction has to name: everything that carries what it takes away.
private struct RedactionPlan {
    private(set) var withdrawn: [Redaction.Withdrawn] = []
    /// The changes to be carried anew, each list once.
    private(set) var contents: [[Change]] = []
    /// Those that hold a value still, somewhere.
    private(set) var edits: [ChangeName: Set<UInt32>] = [:]
    private var digests: Set<Hash32> = []

    var holdsValues: Bool { !edits.isEmpty }

    init(_ wanted: [ChangeName: Set<UInt32>], _ replica: Replica, _ team: TeamState, _ log: LogTransaction) throws {
        guard !wanted.isEmpty else { return }
        var owners: [Int64: LogTag] = [:]
        for owner in try log.logs() { owners[owner.number] = owner.tag }
        try log.forEachSegment { stored in
            guard stored.index > 0, let tag = owners[stored.log],
                let written = try replica.loader.written(stored, log)?.changes ?? log.substitute(of: stored.number),
                note(wanted, written)
            else { return }
            let changes = written.map { change in
                team.redactions.apply(to: wanted[change.name].map(change.redacting) ?? change)
            }
            let digest = Redaction.digest(of: changes)
            withdrawn.append(.init(tag: tag, index: stored.index, chain: stored.chain, digest: digest))
            if digests.insert(digest).inserted { contents.append(changes) }
        }
    }

    /// - Returns: Whether these changes hold any of the values.
    private mutating func note(_ wanted: [ChangeName: Set<UInt32>], _ changes: [Change]) -> Bool {
        var isHolding = false
        for change in changes {
            let held = (wanted[change.name] ?? []).filter { change.operations.indices.contains(Int($0)) && change.operations[Int($0)].isRedactable }
            guard !held.isEmpty else { continue }
            edits[change.name, default: []].formUnion(held)
            isHolding = true
        }
        return isHolding
    }
}
