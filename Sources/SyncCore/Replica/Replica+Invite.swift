/// A pre-approved invite: the code for the joiner, and what is to be put into the relay's mailbox.
public struct PreparedInvite: Sendable {
    public var code: InviteCode
    public var box: [UInt8]
    public var invite: Hash32
}

/// What a joiner knows once the welcome is open and before anything is on disk.
public struct JoinPlan: Sendable {
    public var code: InviteCode
    public var welcome: Welcome
    public var teamName: String
    public var inviterName: String
    public var role: Role
    let invite: Invite
    let records: [[UInt8]]
}

extension Replica {
    /// Offers a place in the team. Whoever holds the code can read everything until it is used or ended.
    public func invite(role: Role, relayURL: String, expires: Int64) throws -> PreparedInvite {
        let code = InviteCode(secret: surroundings.random(16), team: keys.team, relayAddress: relayURL)
        let record = try decide(.invite) { team, _ in
            guard team.roster.count < Limits.recipientsPerEpoch else { throw Self.tooMany }
            return Invite(
                key: try code.signingKey.publicKey, role: role, uses: 1, expires: expires, epoch: try sealingEpoch(team).id
            ).payload
        }
        let welcome = try welcome(by: record.name, as: role)
        let box = try welcome.sealed(for: code, nonce: surroundings.random(Sealing.nonceLength))
        return PreparedInvite(code: code, box: box, invite: record.name)
    }

    /// Everything that a member has, for a device of this role. `record`: what lets it in, and the head that it must reach.
    func welcome(by record: Hash32, as role: Role) throws -> Welcome {
        try log.read { try welcome(by: record, as: role, $0) }
    }

    /// The same inside a transaction that is open.
    func welcome(by record: Hash32, as role: Role, _ log: LogTransaction) throws -> Welcome {
        Welcome(
            team: keys.team, controlHead: record, invite: record, epochs: keys.epochs, controlToken: keys.controlToken,
            registrations: try log.registrations(of: nil),
            relaySeeds: role == .coordinator ? keys.relaySeeds : [])
    }

    /// Opens the welcome and checks the control log against the code. Throws `integrity` unless the team is the code's, every signature
    /// and role holds at its place, the named head is reached, and the invite is there, under its own key, and open.
    public static func planJoin(_ code: InviteCode, box: [UInt8], control: [[UInt8]]) throws -> JoinPlan {
        guard let welcome = try? Welcome(opening: box, with: code) else {
            throw SyncError(
                .integrity, "The welcome for this invite is damaged, or was made for another code.",
                safe: "Nothing was changed.", next: "Ask for a new invite.")
        }
        let records = control.compactMap { try? SealedControl.open($0, epochKeys: welcome.epochs.map(\.key)) }
        guard let team = TeamState(team: welcome.team, records: records),
            records.contains(where: { $0.name == welcome.controlHead })
        else {
            throw SyncError(
                .integrity, "The relay does not show the team that this invite is for.", safe: "Nothing was changed.",
                next: "Try again later, or ask the person who invited you.")
        }
        guard let offer = team.invites.first(where: { $0.name == welcome.invite }),
            let key = try? code.signingKey.publicKey, offer.invite.key == key
        else {
            throw SyncError(.integrity, "The team has no such invite.", safe: "Nothing was changed.", next: "Ask for a new one.")
        }
        guard offer.status == .open else {
            throw SyncError(
                .notJoined, "This invite was used or ended.", safe: "Nothing was changed.",
                next: "Ask for a new one. If nobody you know used it, tell the person who made it.")
        }
        guard let epoch = team.currentEpoch, welcome.epochs.contains(where: { $0.id == epoch.id }) else {
            throw SyncError(
                .notJoined, "The team has changed its key since this invite was made.", safe: "Nothing was changed.",
                next: "Ask for a new one.")
        }
        return JoinPlan(
            code: code, welcome: welcome, teamName: team.genesis.teamName,
            inviterName: team.roster[offer.by]?.enrolment.name ?? "somebody", role: offer.invite.role,
            invite: offer.invite, records: control)
    }

    /// Makes the store of the joining device. The join itself is in the control log of the store, and travels with the first exchange.
    public static func join(
        at folder: String, _ plan: JoinPlan, device name: String, protection: StoreProtection = .none,
        surroundings: Surroundings = .system
    ) throws -> Replica {
        let signing = try SigningKey(seed: .random(surroundings))
        let kem = try KEMKey(seed: .random(surroundings))
        let enrolment = try Enrolment(name: name, role: plan.role, signing: signing, kem: kem)
        let keys = NewKeys(
            team: plan.welcome.team, signing: signing, kem: kem, epochs: plan.welcome.epochs,
            controlToken: plan.welcome.controlToken, relaySeeds: plan.welcome.relaySeeds)
        return try create(at: folder, keys, enrolment, protection, surroundings) { replica, log in
            for sealed in plan.records {
                _ = try replica.add(received: sealed, log)
            }
            let team = try Replica.team(log, plan.welcome.team)
            let join = try Join(
                invite: plan.welcome.invite, device: enrolment, inviteKey: plan.code.signingKey, team: plan.welcome.team)
            // Where there are more ends than fit, the invite alone will do.
            let isMany = team.ends.count > Limits.parentsPerControlRecord
            let record = try ControlRecord(
                .join, parents: isMany ? [plan.welcome.invite] : team.ends, signer: enrolment.device, key: signing, team: plan.welcome.team,
                wall: surroundings.now(), payload: join.payload)
            try log.setRegistrations(plan.welcome.registrations, of: nil)
            try replica.addControl(record, log)
        }
    }

    /// Ends invites that were taken up by one device: the first coordinator's client that sees it writes the close.
    ///
    /// - Returns: How many were closed.
    public func closeUsedInvites() throws -> Int {
        let team = try team()
        guard team.roster[device]?.enrolment.role == .coordinator, hindrance(team) == nil else { return 0 }
        var closed = 0
        for invite in team.invites {
            guard case .joined(let joined) = invite.status, let join = team.roster[joined]?.record else { continue }
            try close(invite.name, accepted: join)
            closed += 1
        }
        return closed
    }

    /// Ends an invite: with the join that counts, or with none.
    public func close(_ invite: Hash32, accepted: Hash32?) throws {
        try decide(.close) { _, _ in Close(invite: invite, accepted: accepted).payload }
    }
}
