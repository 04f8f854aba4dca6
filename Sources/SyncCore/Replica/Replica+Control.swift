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
    /// - Returns: How many were new.
    public func receiveControl(
        _ records: [ReceivedControl], after note: (LogTransaction) throws -> Void = { _ in }
    ) throws -> Int {
        guard !records.isEmpty else { return 0 }
        return try locked {
            let added = try log.write { log in
                var added = 0
                for record in records {
                    let opened: ControlRecord?
                    do {
                        opened = try SealedControl.open(record.sealed, epochKeys: keys.epochs.map(\.key))
                    } catch {
                        throw SyncError.damaged("The remote sent a damaged control record.")
                    }
                    if try log.addControl(sealed: record.sealed, record: opened) { added += 1 }
                }
                try note(log)
                if added > 0 { try judge(log) }
                return added
            }
            forgetTeam()
            return added
        }
    }

    /// Seals a new control record and adds it.
    func addControl(_ record: ControlRecord, _ log: LogTransaction) throws {
        let sealed = try SealedControl.seal(
            record, epochKey: currentEpoch.key, nonce: surroundings.random(Sealing.nonceLength))
        _ = try log.addControl(sealed: sealed, record: record)
        try judge(log)
    }

    /// Brings what counts into line with the team: after any new control record.
    func judge(_ log: LogTransaction) throws {
        let team = try Self.team(log, keys.team)
        try log.set(Setting.controlDigest, team.digest.bytes)
        if let own = team.roster[device] { try log.set(Setting.role, [own.enrolment.role.rawValue]) }
        try log.set(Setting.standing, team.standing(of: device).map { [UInt8($0.rawValue)] } ?? [])
        for author in try log.authors() {
            guard let device = author.device else { continue }
            try judge(author.number, standing: team.standing(of: device), log)
        }
        _ = try readUnread(log, team: team)
    }

    /// Whether this device's own changes count, as the team was judged last: without a look at every signature in it.
    func ownStanding(_ log: LogTransaction) throws -> VoidReason? {
        try log.setting(Setting.standing)?.first.flatMap { VoidReason(rawValue: Int($0)) }
    }

    private func judge(_ author: Int64, standing: VoidReason?, _ log: LogTransaction) throws {
        guard let sample = try log.newestStanding(of: author), sample != standing else { return }
        for change in try log.changes(of: author) where change.void != .wrongCarrier && change.void != .invalid {
            try log.setVoid(change.number, standing)
            try log.addToFold(change.number)
        }
    }

    /// Signs a record of this device's own.
    func signedControl(_ kind: ControlRecord.Kind, payload: [UInt8]) throws -> ControlRecord {
        try ControlRecord(
            kind, parents: try team().heads, signer: device, key: signing, team: keys.team, wall: surroundings.now(),
            payload: payload)
    }

    /// Whether this device may seal: it knows every rule of the team, and has the key that the team seals under. A removal gives the
    /// team another key, which this version reads of and does not take up yet.
    func maySeal(_ team: TeamState) -> Bool { !team.needsUpgrade && team.currentEpoch?.id == currentEpoch.id }

    func requireKnownRules() throws {
        guard try maySeal(team()) else {
            throw SyncError(
                .refused, "The team uses a rule that this version of sync does not know.",
                safe: "Your changes are safe here, and pulling goes on.", next: "Install a newer version.")
        }
    }

    func requireCoordinator() throws {
        guard try team().roster[device]?.enrolment.role == .coordinator else {
            throw SyncError(
                .notJoined, "Only a coordinator of the team can do this.", safe: "Nothing was changed.",
                next: "Ask a coordinator of the team to do it.")
        }
    }
}
