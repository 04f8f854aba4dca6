/// Why a device may seal nothing now. What is here is safe, and pulling goes on.
public enum SealingHindrance: Hashable, Sendable {
    /// The team uses a critical kind of record that this version does not know.
    case unknownRules
    /// This device was put out of the team.
    case removed
    /// No key shuts out everybody who was removed: a coordinator's client makes one by itself.
    case noUsableEpoch
    /// This device was not given the key that the team seals under.
    case keyMissing

    var error: SyncError {
        switch self {
        case .unknownRules:
            SyncError(
                .refused, "The team uses a rule that this version of sync does not know.",
                safe: "Your changes are safe here, and pulling goes on.", next: "Install a newer version.")
        case .removed: .removed
        case .noUsableEpoch:
            SyncError(
                .refused, "The team has no key at the moment that shuts out everybody who was removed.",
                safe: "Your changes are safe here, and pulling goes on.",
                next: "The next exchange of a coordinator makes one; then run  sync now  again.")
        case .keyMissing:
            SyncError(
                .refused, "This device was not given the team's new key yet.",
                safe: "Your changes are safe here, and pulling goes on.",
                next: "The next exchange of a coordinator gives it; then run  sync now  again.")
        }
    }
}

extension SyncError {
    /// What a removed device learns, and all that it learns.
    static var removed: SyncError {
        SyncError(
            .notJoined, "This device was removed from the team.", safe: "What it had until then stays readable here.",
            next: "Ask a coordinator for a new invite, and join into another folder:  sync join CODE --store DIR.")
    }
}

extension Replica {
    typealias EpochKey = (id: EpochID, key: Secret)

    /// What the team seals under, where this device may.
    ///
    /// - Throws: A `SealingHindrance`, as a sentence.
    func sealingEpoch(_ team: TeamState) throws -> EpochKey {
        if let hindrance = hindrance(team) { throw hindrance.error }
        return newestEpoch(team)
    }

    func hindrance(_ team: TeamState) -> SealingHindrance? {
        if team.needsUpgrade { return .unknownRules }
        if team.isOut(device) { return .removed }
        guard let epoch = team.currentEpoch else { return .noUsableEpoch }
        return keys.epochKey(epoch.id) == nil ? .keyMissing : nil
    }

    /// The epoch in force, or, where nothing may be sealed, the deepest that this device has the key of: control records that end such a
    /// state are sealed under it.
    func newestEpoch(_ team: TeamState) -> EpochKey {
        let candidates = team.currentEpoch.map { [$0] } ?? []
        for epoch in candidates + team.epochs.sorted(by: TeamState.Epoch.isPreferred) {
            if let key = keys.epochKey(epoch.id) { return (epoch.id, key) }
        }
        return keys.epochs[keys.epochs.count - 1]
    }

    /// Takes up every epoch whose key was sealed to this device, and opens what could not be opened before, until nothing new comes.
    /// Keys are on the disk before the records that lead to them.
    func takeUpEpochs(_ log: LogTransaction) throws {
        let kem = try KEMKey(seed: keys.kemSeed)
        while true {
            var learned = keys
            let team = try Self.team(log, keys.team)
            let granted = team.epochs.compactMap { epoch in epoch.envelope(for: device).map { (id: epoch.id, envelope: $0) } }
            for epoch in try granted + handedKeys(team, log).map({ (id: $0.epoch, envelope: $0.envelope) })
            where learned.epochKey(epoch.id) == nil {
                guard
                    let opened = try? EpochGrant(device: device, envelope: epoch.envelope).open(with: kem)
                else { continue }
                learned.add(epoch: epoch.id, key: opened.epoch, relaySeed: opened.relaySeed)
            }
            guard learned.epochs.count > keys.epochs.count else { return }
            try save(learned)
            try openControl(log)
        }
    }

    /// Opens the control records that are here as bytes only and that a key fits.
    private func openControl(_ log: LogTransaction) throws {
        for (number, sealed) in try log.unopenedControl() {
            guard let record = openedControl(sealed) else { continue }
            _ = try log.setControl(number, record: record)
        }
    }

}

extension DeviceKeys {
    mutating func add(epoch: EpochID, key: Secret, relaySeed: Secret?) {
        epochs.append((epoch, key))
        if let relaySeed { relaySeeds.append(RelaySeed(epoch: epoch, seed: relaySeed)) }
    }
}
