/// What a removal did.
public struct RemovalReport: Hashable, Sendable {
    public var device: DeviceID
    /// Changes of the device that go on counting, and those that are here and do not count any more.
    public var counted = 0
    public var void = 0
    /// Devices that got the new key.
    public var recipients = 0
    /// Invites that were open and ended with the old key.
    public var endedInvites = 0
}

extension Replica {
    /// Puts a device out of the team for good: its later changes do not count, and it gets no later key.
    ///
    /// - Parameter since: What the device wrote from then on by its own clock does not count either, nor what it did to the team; nil:
    ///   everything that is here counts, and nothing that comes later.
    /// - Throws: `usage` for this device itself, or one that is not in the team; `notJoined` unless this device is a coordinator.
    public func remove(_ target: DeviceID, since: Int64? = nil) throws -> RemovalReport {
        var report = RemovalReport(device: target)
        guard target != device else {
            throw SyncError(
                .usage, "A device cannot remove itself: it would know the key that is to shut it out.", safe: "Nothing was changed.",
                next: "Ask another coordinator. To destroy what is here, use  sync wipe.")
        }
        try newEpoch(.remove, on: { try self.team($0, before: since, of: target, $1) }) { team, log, grants in
            guard try Self.team(log, keys.team).roster[target] != nil else {
                throw SyncError(.usage, "This device is not in the team.", safe: "Nothing was changed.", next: "See  sync devices list.")
            }
            let cuts = try cuts(of: target, since: since, log)
            report.recipients = team.roster.keys.count { $0 != target }
            report.endedInvites = team.invites.count { $0.status == .open }
            return try Removal(device: target, cuts: cuts, grants: grants { $0.id != target }).payload
        }
        for author in try log.read({ try $0.authors() }) where author.device == target {
            let changes = try log.read { try $0.changes(of: author.number) }
            report.counted += changes.count { $0.void == nil }
            report.void += changes.count { $0.void == .pastCut }
        }
        return report
    }

    /// Gives the team another key, which ends every invite that nobody took up.
    public func rotate() throws {
        try newEpoch(.rotate) { _, _, grants in Rotation(grants: try grants { _ in true }).payload }
    }

    /// Gives a device another role. Who becomes or was a coordinator gives occasion for another key: the relay's key goes with it.
    public func setRole(_ role: Role, of target: DeviceID) throws {
        var before: Role?
        try decide(.role) { team, log in
            guard let member = team.roster[target] else {
                throw SyncError(.usage, "This device is not in the team.", safe: "Nothing was changed.", next: "See  sync devices list.")
            }
            guard !member.isRecoveryKey else {
                throw SyncError(
                    .usage, "\(member.enrolment.name) is a recovery key: it is a coordinator, or removed.", safe: "Nothing was changed.",
                    next: "To end it:  sync devices remove.")
            }
            before = member.enrolment.role
            guard before != role else {
                throw SyncError(.usage, "\(member.enrolment.name) is a \(role.name) already.", safe: "Nothing was changed.")
            }
            let coordinators = team.roster.values.filter { $0.enrolment.role == .coordinator }
            guard role == .coordinator || coordinators.contains(where: { $0.id != target }) else {
                throw SyncError(
                    .usage, "This is the team's only coordinator: nobody could invite or remove any more.", safe: "Nothing was changed.",
                    next: "Make another device a coordinator first.")
            }
            return RoleChange(device: target, role: role, cuts: role == .reader ? try cuts(of: target, since: nil, log) : []).payload
        }
        let isOwn = target == device
        if role == .coordinator || before == .coordinator, !isOwn { try rotate() }
    }

    /// Gives a device another name: its own, or, by a coordinator, any.
    public func rename(_ target: DeviceID, to name: String) throws {
        try locked {
            try log.write { log in
                let team = try Self.team(log, keys.team)
                if target != device { try requireCoordinator(team) } else { _ = try sealingEpoch(team) }
                guard team.roster[target] != nil else {
                    throw SyncError(.usage, "This device is not in the team.", safe: "Nothing was changed.", next: "See  sync devices list.")
                }
                try addControl(signedControl(.rename, payload: Rename(device: target, name: name).payload, team, log), log)
            }
        }
        forgetTeam()
    }

    /// Lets changes count that do not for who wrote them.
    public func accept(_ changes: [ChangeName]) throws {
        guard !changes.isEmpty else { return }
        guard changes.count <= Limits.changesPerAcceptance else {
            throw SyncError(
                .usage, "At most \(Limits.changesPerAcceptance) changes can be accepted at once.", safe: "Nothing was changed.")
        }
        try decide(.accept) { _, log in
            for name in changes {
                guard let change = try log.changeNumber(name).flatMap(log.change), change.void?.isAcceptable == true else {
                    throw SyncError(
                        .usage, "\(name) is no change that could be accepted.", safe: "Nothing was changed.", next: "See  sync review.")
                }
            }
            return Acceptance(changes).payload
        }
    }

    // MARK: What a coordinator's client does by itself

    /// Makes a new key where the team needs one: none shuts out everybody who was removed, or a code that nobody used is past its
    /// date. The holder of such a code can read until then.
    ///
    /// - Returns: Whether it did, or handed on what is in force.
    public func rotateIfNeeded() throws -> Bool {
        let isHanded = try handKeys()
        let team = try team()
        guard team.roster[device]?.enrolment.role == .coordinator, !team.needsUpgrade, !team.isOut(device) else { return isHanded }
        let now = surroundings.now()
        let isPast = team.invites.contains { $0.status == .open && $0.invite.expires < now }
        guard team.currentEpoch == nil || isPast else { return isHanded }
        // In a team that is too large a removal must come first; nothing else waits for that.
        guard team.roster.count <= Limits.recipientsPerEpoch else { return isHanded }
        try rotate()
        return true
    }

    /// Writes a record with a fresh epoch. `payload` gets what seals its key to those members that it wants.
    private func newEpoch(
        _ kind: ControlRecord.Kind, on known: (TeamState, LogTransaction) throws -> TeamState = { team, _ in team },
        _ payload: (TeamState, LogTransaction, (_ isWanted: (TeamState.Device) -> Bool) throws -> [EpochGrant]) throws -> [UInt8]
    ) throws {
        let (key, seed) = (Secret.random(surroundings), Secret.random(surroundings))
        try locked {
            try log.write { log in
                let team = try known(Self.team(log, keys.team), log)
                try requireCoordinator(team, seals: false)
                let bytes = try payload(team, log) { isWanted in
                    let wanted = team.roster.values.filter(isWanted)
                    guard wanted.count <= Limits.recipientsPerEpoch else { throw Self.tooMany }
                    return try wanted.map { member in
                        let relaySeed = member.enrolment.role == .coordinator ? seed : nil
                        return try EpochGrant(epoch: key, relaySeed: relaySeed, to: member.enrolment)
                    }
                }
                let record = try signedControl(kind, payload: bytes, team, log)
                let epoch = newestEpoch(team)
                // The key is on the disk before anybody can come to need it.
                var learned = keys
                learned.add(epoch: EpochID(prefixOf: record.name), key: key, relaySeed: seed)
                let sealed = try SealedControl.seal(
                    record, epochKey: epoch.key, nonce: surroundings.random(Sealing.nonceLength))
                try save(learned)
                _ = try log.addControl(sealed: sealed, record: record)
                try judge(log)
            }
        }
        forgetTeam()
        try forgetRemovedRecoveryKeys()
    }

    /// The team without what a device did to it from a time on, and without what came after that: a removal that is written on it undoes
    /// the first. Who enrolled in what came after gets the key handed on.
    private func team(_ team: TeamState, before since: Int64?, of target: DeviceID, _ log: LogTransaction) throws -> TeamState {
        guard let since, !team.isOut(device) else { return team }
        let records = try log.controlRecords()
        var left = Set(records.filter { $0.signer == target && $0.wall >= since && $0.kind != .join }.map(\.name))
        guard !left.isEmpty else { return team }
        var open = Array(left)
        let children = Dictionary(grouping: records.flatMap { record in record.parents.map { ($0, record.name) } }, by: \.0)
        while let name = open.popLast() {
            for (_, child) in children[name] ?? [] where left.insert(child).inserted { open.append(child) }
        }
        return TeamState(team: keys.team, records: records.filter { !left.contains($0.name) }) ?? team
    }

    static let tooMany = SyncError(
        .usage, "A team has at most \(Limits.recipientsPerEpoch) devices: a key is sealed to each in one record.", safe: "Nothing was changed.",
        next: "Remove devices that nobody uses any more:  sync devices list.")

    /// The last change that counts of each of a device's authors: of a clone's branches that of the greatest number.
    private func cuts(of target: DeviceID, since: Int64?, _ log: LogTransaction) throws -> [ChangeName] {
        try log.authors().filter { $0.device == target }.compactMap { author in
            let counted = try log.changes(of: author.number).filter { $0.void == nil }.sorted { $0.name < $1.name }
            let late = since.flatMap { since in counted.first { $0.wall >= since } }
            return counted.last { change in late.map { change.name.seq < $0.name.seq } ?? true }?.name
        }
    }
}
