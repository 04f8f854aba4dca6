extension Replica {
    /// Founds a team: makes the folder, this device's keys, epoch 0, and the founding record.
    ///
    /// - Parameter recovery: A recovery key that whoever founds it has: it opens the store, and is let into the team.
    public static func found(
        at folder: String, team teamName: String, device deviceName: String, protection: StoreProtection = .none,
        recovery: RecoveryKey? = nil, surroundings: Surroundings = .system
    ) throws -> Replica {
        let signing = try SigningKey(seed: .random(surroundings))
        let kem = try KEMKey(seed: .random(surroundings))
        let epoch = Secret.random(surroundings)
        let enrolment = try Enrolment(name: deviceName, role: .coordinator, signing: signing, kem: kem)
        let genesis = Genesis(
            salt: surroundings.random(16), teamName: teamName, controlToken: .random(surroundings), founder: enrolment,
            envelope: try Envelope.seal(epoch.bytes, to: kem.publicKey, for: enrolment.device))
        let record = try ControlRecord(
            .genesis, parents: [], signer: enrolment.device, key: signing, team: nil, wall: surroundings.now(),
            payload: genesis.payload)
        let first = EpochID(prefixOf: record.team)
        let relayKey = try SigningKey(seed: .random(surroundings))
        let nextSeed = RelaySeed(epoch: first, seed: .random(surroundings))
        let keys = NewKeys(
            team: record.team, signing: signing, kem: kem, epochs: [(first, epoch)], controlToken: genesis.controlToken,
            relaySeeds: [nextSeed])
        let registration = try Registration(
            counter: 0, teamSalt: Chain.teamSalt(of: record.team),
            tokens: RelayTokens(epochKey: epoch, control: genesis.controlToken), key: relayKey,
            nextRelayKey: SigningKey(seed: nextSeed.seed).publicKey)
        return try create(at: folder, keys, enrolment, protection, recovery: recovery, surroundings) { replica, log in
            let sealed = try SealedControl.seal(record, epochKey: epoch, nonce: surroundings.random(Sealing.nonceLength))
            _ = try log.addControl(sealed: sealed, record: record)
            try replica.judge(log)
            try log.setRegistrations([registration], of: nil)
            if let recovery { try replica.admit(recovery, log) }
        }
    }

    /// What a new store is made from.
    struct NewKeys {
        var team: Hash32
        var signing: SigningKey
        var kem: KEMKey
        var epochs: [(id: EpochID, key: Secret)]
        var controlToken: Secret
        var relaySeeds: [RelaySeed]
    }

    /// Makes the folder and its files. The key file comes last: a store without it is no store.
    static func create(
        at folder: String, _ new: NewKeys, _ enrolment: Enrolment, _ protection: StoreProtection, recovery: RecoveryKey? = nil,
        _ surroundings: Surroundings, fill: (Replica, LogTransaction) throws -> Void
    ) throws -> Replica {
        let paths = StorePaths(folder)
        guard !FileSystem.exists(paths.log), !FileSystem.exists(paths.keys) else {
            throw SyncError(
                .failure, "There is a store at \(folder) already.", safe: "It was not changed.",
                next: "Use it, or choose another folder with --store.")
        }
        let (key, edition) = (StoreKey.random(surroundings), Edition.random(surroundings))
        var slots = [try protection.slot(for: key, edition, surroundings)]
        if let recovery { slots.append(.recovery(try RecoverySlot(key, for: recovery, edition: edition))) }
        try FileSystem.createPrivateFolder(folder)
        let log = try LogStore(path: paths.log, cipher: protection.isSealed ? StoreCipher(key, surroundings) : nil)
        let incarnation = Incarnation(mark: surroundings.random(16), ofLogAt: paths.log)
        try log.write { log in
            try log.set(edition)
            try log.set(Setting.device, enrolment.device.bytes)
            try log.set(Setting.logID, surroundings.random(16))
            try log.set(Setting.incarnation, incarnation.bytes)
            try log.set(Setting.role, [enrolment.role.rawValue])
        }
        try FileSystem.writeDurably(incarnation.bytes, to: paths.incarnation)
        let keys = DeviceKeys(
            team: new.team, signingSeed: new.signing.seed, kemSeed: new.kem.seed, authorSalt: surroundings.random(16),
            epochs: new.epochs, controlToken: new.controlToken, relaySeeds: new.relaySeeds, incarnation: incarnation)
        try KeyFile(keys, under: key, slots: slots, edition: edition, surroundings).write(to: paths.keys)
        let replica = try Replica(openingAt: folder, surroundings: surroundings) { _ in key }
        try replica.log.write { try fill(replica, $0) }
        return replica
    }
}
