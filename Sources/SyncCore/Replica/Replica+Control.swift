/// A control record as it travels, with its place at the remote that it came from.
public struct ReceivedControl: Sendable {
    public var position: Int64
    public var sealed: [UInt8]

    public init(position: Int64, sealed: [UInt8]) {
        self.position = position
        self.sealed = sealed
    }
}

extension Replica {
    /// Takes in control records, opened where the keys are here, and judges again whose changes count.
    ///
    /// - Parameter remote: Where they came from: it is not offered them again.
    /// - Returns: How many were new.
    public func receiveControl(
        _ records: [ReceivedControl], from remote: String? = nil, after note: (LogTransaction) throws -> Void = { _ in }
    ) throws -> Int {
        let added = records.isEmpty ? 0 : try take(records, from: remote, after: note)
        try forgetRemovedRecoveryKeys()
        return added
    }

    private func take(
        _ records: [ReceivedControl], from remote: String?, after note: (LogTransaction) throws -> Void
    ) throws -> Int {
        try locked {
            let added = try log.write { log in
                var added = 0
                for record in records {
                    guard let (number, isNew) = try add(received: record.sealed, log) else { continue }
                    if isNew { added += 1 }
                    if let remote { try log.noteControl(number, at: remote) }
                }
                if added > 0 {
                    try takeUpEpochs(log)
                    try judge(log)
                }
                try note(log)
                return added
            }
            forgetTeam()
            return added
        }
    }

    /// Adds a record as it travels; what it brings is to be taken up after that.
    ///
    /// What cannot be read is the work of a member, of a relay, or of a newer version: it is kept and passed on, and holds nobody up.
    ///
    /// - Returns: Nil for what is no record by its size alone: no relay would take it.
    func add(received sealed: [UInt8], _ log: LogTransaction) throws -> (number: Int64, isNew: Bool)? {
        guard !sealed.isEmpty, sealed.count <= Limits.sealedControlBytes else { return nil }
        return try log.addControl(sealed: sealed, record: openedControl(sealed))
    }

    /// Nil where the key is not here, and for what cannot be read.
    func openedControl(_ sealed: [UInt8]) -> ControlRecord? {
        try? SealedControl.open(sealed, epochKeys: keys.epochs.map(\.key))
    }

    /// How many records of the team are here that nothing can be made of: their key is here and does not open them, or what they were
    /// written after was never given to this device. Suites of later versions may be for others to open.
    func unreadableControl(_ team: TeamState, _ log: LogTransaction) throws -> Int {
        let secrets = keys.epochs.map(\.key)
        let closed = try log.unopenedControl().filter { $0.sealed.first == SealedControl.suite }.count { entry in
            do {
                _ = try SealedControl.open(entry.sealed, epochKeys: secrets)
                return false
            } catch {
                return true
            }
        }
        return closed + team.unconnected
    }

    /// Seals a new control record under the epoch in force before it, and adds it.
    func addControl(_ record: ControlRecord, _ log: LogTransaction) throws {
        let epoch = newestEpoch(try Self.team(log, keys.team))
        let sealed = try SealedControl.seal(record, epochKey: epoch.key, nonce: surroundings.random(Sealing.nonceLength))
        _ = try log.addControl(sealed: sealed, record: record)
        try judge(log)
    }

    /// Signs a record of this device's own, next to what it knows.
    func signedControl(
        _ kind: ControlRecord.Kind, payload: [UInt8], _ team: TeamState, _ log: LogTransaction
    ) throws -> ControlRecord {
        let record = try ControlRecord(
            kind, parents: knit(team.ends, under: newestEpoch(team), log), signer: device, key: signing, team: keys.team,
            wall: surroundings.now(), payload: payload)
        guard record.bytes.count <= Limits.controlRecordBytes else {
            throw SyncError(
                .usage, "This is too much for one record of the team: \(record.bytes.count) bytes, and at most \(Limits.controlRecordBytes) fit.",
                safe: "Nothing was changed.", next: "Remove devices that nobody uses any more, one at a time, and try again.")
        }
        return record
    }

    /// As few names as a record may have for parents, that know all of `ends`. Where there are more, records that say nothing bring them
    /// together: so nobody is kept from deciding by however many records that do not know of each other.
    func knit(_ ends: [Hash32], under epoch: EpochKey, _ log: LogTransaction) throws -> [Hash32] {
        var ends = ends
        while ends.count > Limits.parentsPerControlRecord {
            let knot = try ControlRecord(
                .knot, parents: Array(ends.prefix(Limits.parentsPerControlRecord)), signer: device, key: signing, team: keys.team,
                wall: surroundings.now(), payload: [])
            let sealed = try SealedControl.seal(knot, epochKey: epoch.key, nonce: surroundings.random(Sealing.nonceLength))
            _ = try log.addControl(sealed: sealed, record: knot)
            ends = ends.dropFirst(Limits.parentsPerControlRecord) + [knot.name]
        }
        return ends
    }

    /// Writes one record of a coordinator's, on what the team is at this moment.
    ///
    /// - Throws: `notJoined` when this device is no coordinator, and what `payload` throws; then nothing was changed.
    @discardableResult
    func decide(
        _ kind: ControlRecord.Kind, seals: Bool = true, _ payload: (TeamState, LogTransaction) throws -> [UInt8]
    ) throws -> ControlRecord {
        let record = try locked {
            try log.write { log in
                let team = try Self.team(log, keys.team)
                try requireCoordinator(team, seals: seals)
                let record = try signedControl(kind, payload: payload(team, log), team, log)
                try addControl(record, log)
                return record
            }
        }
        forgetTeam()
        return record
    }

    /// `seals`: whether what is decided needs a key that the team may seal under.
    func requireCoordinator(_ team: TeamState, seals: Bool = true) throws {
        if let hindrance = hindrance(team), seals || hindrance == .unknownRules || hindrance == .removed { throw hindrance.error }
        guard team.roster[device]?.enrolment.role == .coordinator else {
            throw SyncError(
                .notJoined, "Only a coordinator of the team can do this.", safe: "Nothing was changed.",
                next: "Ask a coordinator of the team to do it.")
        }
    }

    /// - Throws: `notJoined` unless this device is a coordinator; nothing else is decided here.
    public func requireCoordinator() throws { try requireCoordinator(team(), seals: false) }

    /// Whether this device may exchange with relays: a removed one stops.
    func requireMember() throws {
        if try team().isOut(device) { throw SyncError.removed }
    }
}
