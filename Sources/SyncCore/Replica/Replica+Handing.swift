/// Keys for who enrolled beside them.
extension Replica {
    /// Gives each device that lacks the key in force that one and those before it, as far as they are here: the team's history is for
    /// all of its members, and a change waits for the one before it.
    ///
    /// - Returns: Whether there was any such device.
    func handKeys() throws -> Bool {
        let team = try team()
        guard team.roster[device]?.enrolment.role == .coordinator, hindrance(team) == nil, !team.lacking.isEmpty else { return false }
        for member in team.lacking.compactMap({ team.roster[$0] }) { try handKeys(to: member) }
        forgetTeam()
        return true
    }

    private func handKeys(to member: TeamState.Device) throws {
        try locked {
            try log.write { log in
                let team = try Self.team(log, keys.team)
                try requireCoordinator(team)
                let seed = member.enrolment.role == .coordinator
                let handed = try team.epochs.filter { !$0.recipients.contains(member.id) }.compactMap { epoch -> Handing.Key? in
                    guard let key = keys.epochKey(epoch.id) else { return nil }
                    let relaySeed = seed ? keys.relaySeeds.first { $0.epoch == epoch.id }?.seed : nil
                    let grant = try EpochGrant(epoch: key, relaySeed: relaySeed, to: member.enrolment)
                    return Handing.Key(epoch: epoch.id, envelope: grant.envelope)
                }
                let theirs = team.epochs.filter { $0.recipients.contains(member.id) }.sorted(by: TeamState.Epoch.isPreferred)
                guard !handed.isEmpty, let key = theirs.lazy.compactMap({ self.keys.epochKey($0.id) }).first else { return }
                let payload = Handing(device: member.id, keys: handed.suffix(Limits.recipientsPerEpoch)).payload
                let record = try signedControl(.hand, payload: payload, team, log)
                let sealed = try SealedControl.seal(record, epochKey: key, nonce: surroundings.random(Sealing.nonceLength))
                _ = try log.addControl(sealed: sealed, record: record)
                try judge(log)
            }
        }
    }

    /// What coordinators handed to this device in records that it may have opened before those that they were written after.
    func handedKeys(_ team: TeamState, _ log: LogTransaction) throws -> [Handing.Key] {
        try log.controlRecords().flatMap { record -> [Handing.Key] in
            guard record.kind == .hand, let signer = team.roster[record.signer]?.enrolment, signer.role == .coordinator,
                record.isSigned(by: signer.signingKey, team: keys.team),
                let handing = try? Handing(payload: record.payload), handing.device == device
            else { return [] }
            return handing.keys
        }
    }
}
