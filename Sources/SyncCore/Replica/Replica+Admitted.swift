/// What a device that was let in knows before anything is in a store.
public struct AdmittedPlan: Sendable {
    public var teamName: String
    public var inviterName: String
    public var role: Role
    /// Where the team meets, where the answer says it.
    public var relayURL: String
    let pending: PendingJoin
    let welcome: Welcome
    let records: [[UInt8]]
}

/// Being let in: the side of the device that asked.
extension Replica {
    /// Checks the control log that a welcome leads to. Throws `integrity` unless it is the team of the code, every signature and role
    /// holds at its place, the named head is reached, and this device was admitted with its own keys by whoever was asked.
    public static func planAdmitted(
        _ pending: PendingJoin, _ welcome: Welcome, by inviter: PublicKeys, relayURL: String, control: [[UInt8]]
    ) throws -> AdmittedPlan {
        func refused(_ what: String) -> SyncError {
            SyncError(.integrity, what, safe: "Nothing was changed.", next: "Tell the person who let you in.")
        }
        if let code = pending.code, !welcome.team.bytes.starts(with: code.teamPrefix) {
            throw refused("The answer is for another team than the code's.")
        }
        let records = control.compactMap { try? SealedControl.open($0, epochKeys: welcome.epochs.map(\.key)) }
        guard let team = TeamState(team: welcome.team, records: records),
            records.contains(where: { $0.name == welcome.controlHead })
        else { throw refused("The team is not shown as the answer says.") }
        guard !team.isOut(pending.request.device), let own = team.roster[pending.request.device] else {
            throw SyncError(
                .notJoined, "You were let in, and it was undone since.", safe: "Nothing was changed.",
                next: "Talk to the person who let you in.")
        }
        guard own.enrolment.keys == pending.request.keys,
            records.contains(where: { $0.name == own.record && $0.kind == .admit && $0.signer == inviter.device })
        else { throw refused("It was not the person you asked who let this device in.") }
        return AdmittedPlan(
            teamName: team.genesis.teamName, inviterName: team.roster[inviter.device]?.enrolment.name ?? "somebody",
            role: own.enrolment.role, relayURL: relayURL, pending: pending, welcome: welcome, records: control)
    }

    /// Makes the store of a device that was let in, with the keys that it asked with.
    public static func join(
        at folder: String, _ plan: AdmittedPlan, protection: StoreProtection = .none, surroundings: Surroundings = .system
    ) throws -> Replica {
        let (pending, welcome) = (plan.pending, plan.welcome)
        let keys = NewKeys(
            team: welcome.team, signing: pending.signing, kem: pending.kem, epochs: welcome.epochs,
            controlToken: welcome.controlToken, relaySeeds: welcome.relaySeeds)
        let enrolment = try pending.request.enrolment(as: plan.role)
        return try create(at: folder, keys, enrolment, protection, surroundings) { replica, log in
            for sealed in plan.records {
                _ = try replica.add(received: sealed, log)
            }
            try log.setRegistrations(welcome.registrations, of: nil)
            // The team may have changed its key since.
            try replica.takeUpEpochs(log)
            try replica.judge(log)
        }
    }
}
