/// Recovery keys of this store and of the team.
extension Replica {
    /// Those that are in the team, the oldest first.
    public func recoveryKeys() throws -> [TeamState.Device] {
        try team().roster.values.filter(\.isRecoveryKey).sorted { ($0.joined, $0.id) < ($1.joined, $1.id) }
    }

    /// Recovery keys with which the person of a device comes back, after its removal too: those that it made, and the one that let it in.
    ///
    /// - Parameter device: As it was on the roster.
    public func recoveryKeys(of device: TeamState.Device) throws -> [TeamState.Device] {
        try recoveryKeys().filter { $0.admittedBy == device.id || $0.id == device.admittedBy }
    }

    /// What opens this store beside a passphrase: as devices, of which each is in the team, was removed from it, or never was in it.
    public func ownRecoveryKeys() throws -> [DeviceID] { try KeyFile(path: paths.keys).recoverySlots.map(\.device) }

    /// Lets a recovery key open this store, and, by a coordinator, into the team. Earlier ones stay: `removeRecoveryKeys`.
    ///
    /// The slot is written before the team's log: interrupted in between, the store opens with what opened it, and the key opens it too.
    ///
    /// - Returns: Whether it is in the team: it can enrol a new device.
    @discardableResult
    public func add(_ recovery: RecoveryKey) throws -> Bool {
        let team = try team()
        let isCoordinator = team.roster[device]?.enrolment.role == .coordinator
        if isCoordinator {
            try requireCoordinator(team)
            guard team.roster.count < Limits.recipientsPerEpoch else { throw Self.tooMany }
        }
        try locked {
            // Of those that were begun and never came into the team nobody has need, nor of a volunteer's earlier one.
            try replaceRecoverySlots(adding: recovery) { isCoordinator && team.roster[$0] != nil }
            if isCoordinator { try log.write { try admit(recovery, $0) } }
        }
        forgetTeam()
        return isCoordinator
    }

    /// Ends all earlier recovery keys of this store: they are removed from the team, which gives it a new key, and then open nothing here.
    ///
    /// - Returns: How many were removed from the team.
    public func removeRecoveryKeys(except recovery: RecoveryKey) throws -> Int {
        let kept = try recovery.device
        let team = try team()
        let old = try ownRecoveryKeys().filter { $0 != kept && team.roster[$0] != nil }
        for device in old { _ = try remove(device) }
        try locked { try replaceRecoverySlots { $0 == kept } }
        return old.count
    }

    /// What was removed from the team opens this store no more.
    func forgetRemovedRecoveryKeys() throws {
        let own = try ownRecoveryKeys()
        guard !own.isEmpty else { return }
        let team = try team()
        guard own.contains(where: team.isOut) else { return }
        try locked { try replaceRecoverySlots { !team.isOut($0) } }
    }

    /// One step: with another key those that it replaces go. The caller holds the store's lock.
    private func replaceRecoverySlots(adding recovery: RecoveryKey? = nil, where isKept: (DeviceID) -> Bool) throws {
        let file = try KeyFile(path: paths.keys)
        var slots = file.slots.filter { if case .recovery(let slot) = $0 { isKept(slot.device) } else { true } }
        if let recovery { slots.append(.recovery(try RecoverySlot(storeKey, for: recovery, edition: file.edition))) }
        guard slots.count <= KeyFile.slotLimit else {
            throw SyncError(
                .failure, "The key file of this store has as many ways to its key as it may have.", safe: "Nothing was changed.",
                next: "Remove recovery keys that nobody has any more:  sync devices list.")
        }
        guard slots != file.slots else { return }
        try file.replacing(slots: slots, around: keys, under: storeKey, surroundings).write(to: paths)
        try Reseal.finishLocked(paths)
    }

    /// Lets a recovery key in, and leaves it its box.
    func admit(_ recovery: RecoveryKey, _ log: LogTransaction) throws {
        let team = try Self.team(log, keys.team)
        let name = Self.recoveryName(team.name(of: device) ?? "a device")
        let admit = Admit(device: try recovery.enrolment(name: name), isRecoveryKey: true)
        let record = try signedControl(.admit, payload: admit.payload, team, log)
        try addControl(record, log)
        let welcome = try welcome(by: record.name, as: .coordinator, log)
        let box = try RecoveryBox.seal(welcome, for: recovery, nonce: surroundings.random(Sealing.nonceLength))
        _ = try log.addControl(sealed: box, record: nil)
    }

    /// What it is called in lists: at most as long as a name may be.
    private static func recoveryName(_ device: String) -> String {
        let name = "recovery key of \(device)"
        return name.utf8.count <= Enrolment.nameLimit ? name : "recovery key"
    }
}
