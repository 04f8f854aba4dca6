/// What whoever recovers knows before anything is written.
public struct RecoveryPlan: Sendable {
    public var teamName: String
    /// What the recovery key is called in the team.
    public var keyName: String
    /// The device that made it, where that is still in the team: the one that is lost, it may be.
    public var maker: TeamState.Device?
    let recovery: RecoveryKey
    let welcome: Welcome
    let control: [[UInt8]]
    /// Every team key that was ever given to the recovery key, the relays' seeds with them.
    let epochs: [(id: EpochID, key: Secret)]
    let relaySeeds: [RelaySeed]
}

extension RecoveryPlan {
    /// Checks the control log that a recovery key leads to, as a joiner does.
    ///
    /// - Parameter boxes: What was found under the key's `boxID`; whatever is not the key's is passed over.
    /// - Throws: `notJoined` where nothing is the key's, or where it was removed; `integrity` unless the log is that of the box's team, every
    ///   signature and role holds at its place, and the record is there that let the key in.
    public init(_ recovery: RecoveryKey, boxes: [[UInt8]], control: [[UInt8]]) throws {
        let welcomes = boxes.compactMap { RecoveryBox.open($0, with: recovery) }
        guard !welcomes.isEmpty else { throw boxes.isEmpty ? Self.nothing : Self.refused("What was found is not what this key was given.") }
        var found: RecoveryPlan?
        var failure: (any Error)?
        for welcome in welcomes {
            do { found = try RecoveryPlan(recovery, welcome, control) } catch { failure = error }
        }
        guard let found else { throw failure ?? Self.nothing }
        self = found
    }

    private init(_ recovery: RecoveryKey, _ welcome: Welcome, _ control: [[UInt8]]) throws {
        let (device, kem) = (try recovery.device, try recovery.kem)
        var (epochs, seeds) = (welcome.epochs, welcome.relaySeeds)
        var team: TeamState
        while true {
            let records = control.compactMap { try? SealedControl.open($0, epochKeys: epochs.map(\.key)) }
            guard let state = TeamState(team: welcome.team, records: records) else {
                throw Self.refused("The team is not shown as this key knows it.")
            }
            team = state
            let known = epochs.count
            for epoch in team.epochs where !epochs.contains(where: { $0.id == epoch.id }) {
                guard let envelope = epoch.envelope(for: device),
                    let opened = try? EpochGrant(device: device, envelope: envelope).open(with: kem)
                else { continue }
                epochs.append((epoch.id, opened.epoch))
                if let seed = opened.relaySeed { seeds.append(RelaySeed(epoch: epoch.id, seed: seed)) }
            }
            if epochs.count == known { break }
        }
        let own = try Self.member(recovery, device, in: team)
        self.init(
            teamName: team.genesis.teamName, keyName: own.enrolment.name, maker: own.admittedBy.flatMap { team.roster[$0] },
            recovery: recovery, welcome: welcome, control: control, epochs: epochs, relaySeeds: seeds)
    }

    private static func member(_ recovery: RecoveryKey, _ device: DeviceID, in team: TeamState) throws -> TeamState.Device {
        guard !team.needsUpgrade else { throw SealingHindrance.unknownRules.error }
        guard !team.isOut(device) else {
            throw SyncError(
                .notJoined, "This recovery key was removed from the team \(team.genesis.teamName).", safe: "Nothing was changed.",
                next: "Use the one that was made after it, or ask a coordinator for an invite.")
        }
        guard let own = team.roster[device], own.enrolment.keys == (try recovery.publicKeys) else {
            throw refused("The team does not have this key.")
        }
        guard own.enrolment.role == .coordinator else {
            throw SyncError(
                .notJoined, "This recovery key may not let a device into the team any more.", safe: "Nothing was changed.",
                next: "Ask a coordinator for an invite.")
        }
        return own
    }

    private static func refused(_ what: String) -> SyncError {
        SyncError(
            .integrity, what, safe: "Nothing was changed.",
            next: "Try another relay, or a bundle of the team's, and tell a coordinator.")
    }

    static let nothing = SyncError(
        .notJoined, "There is nothing for this recovery key here.", safe: "Nothing was changed.",
        next: "Try another relay of the team's, or a bundle. A key that was made on a device that is no coordinator opens its store, and no more.")
}

extension RecoveryPlan {
    /// From a bundle: the file is read, and nothing is written.
    ///
    /// - Throws: as the other, and what `BundleReader` throws.
    public init(_ recovery: RecoveryKey, bundle: ByteSource) throws {
        var control: [[UInt8]] = []
        var size = 0
        try BundleReader.read(bundle) { _, item in
            guard case .control(let sealed) = item else { return }
            size += sealed.count
            guard size <= BundleWriter.frameBytes else { throw DecodingFailure.tooLarge }
            control.append(sealed)
        }
        try self.init(recovery, boxes: control.filter { $0.dropFirst().starts(with: recovery.boxID) }, control: control)
    }
}

extension Replica {
    /// Makes the store of a new device, with new keys, which the recovery key lets into the team. The others learn of it with the first
    /// exchange. The recovery key opens this store too.
    ///
    /// - Parameter relayURL: Where the team meets; it becomes the remote `relay`.
    public static func recover(
        at folder: String, _ plan: RecoveryPlan, device name: String, relayURL: String?, protection: StoreProtection = .none,
        surroundings: Surroundings = .system
    ) throws -> Replica {
        let (signing, kem) = (try SigningKey(seed: .random(surroundings)), try KEMKey(seed: .random(surroundings)))
        let enrolment = try Enrolment(name: name, role: .coordinator, signing: signing, kem: kem)
        let team = plan.welcome.team
        let keys = NewKeys(
            team: team, signing: signing, kem: kem, epochs: plan.epochs, controlToken: plan.welcome.controlToken,
            relaySeeds: plan.relaySeeds)
        return try create(at: folder, keys, enrolment, protection, recovery: plan.recovery, surroundings) { replica, log in
            for sealed in plan.control { _ = try replica.add(received: sealed, log) }
            try log.setRegistrations(plan.welcome.registrations, of: nil)
            if let relayURL { try log.set(StoredRemote(name: "relay", url: relayURL, token: nil, controlPosition: 0, exchanged: nil)) }
            let state = try Replica.team(log, team)
            let admission = try ControlRecord(
                .admit, parents: replica.knit(state.ends, under: replica.newestEpoch(state), log), signer: plan.recovery.device, key: plan.recovery.signing, team: team,
                wall: surroundings.now(), payload: Admit(device: enrolment).payload)
            try replica.addControl(admission, log)
        }
    }
}
