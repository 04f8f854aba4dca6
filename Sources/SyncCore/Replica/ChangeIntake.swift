/// Takes the changes of an opened segment into the log: those whose dependencies are here at once, the others as soon as what they
/// wait for has come.
struct ChangeIntake {
    private let replica: Replica
    private let team: TeamState
    private let log: LogTransaction
    private(set) var report = ReceiveReport()

    init(_ replica: Replica, _ team: TeamState, _ log: LogTransaction) {
        self.replica = replica
        self.team = team
        self.log = log
    }

    mutating func take(_ content: SegmentContent, segment: Int64, _ binding: StoredBinding) throws {
        let own = try log.author(binding.author)
        for (position, change) in content.changes.enumerated() {
            let carrier = StoredChange.Carrier(segment: segment, position: position)
            let mayCarry = try change.name.author == own || claim(change.name.author, content.salts, binding.device)
            try take(change, carrier, mayCarry: mayCarry)
        }
    }

    /// Whether a log of `device` may carry changes of another author: only of another incarnation of the same device.
    private func claim(_ author: AuthorID, _ salts: [AuthorID: [UInt8]], _ device: DeviceID) throws -> Bool {
        guard let salt = salts[author], let enrolment = team.enrolment(of: device),
            LogOpen.author(team: replica.keys.team, deviceKey: enrolment.signingKey, salt: salt) == author
        else { return false }
        _ = try log.addAuthor(author, device: device, salt: salt)
        return true
    }

    private mutating func take(_ change: Change, _ carrier: StoredChange.Carrier, mayCarry: Bool) throws {
        if let known = try log.changeNumber(change.name), let stored = try log.change(known) {
            return try meetTwin(change, carrier, stored, mayCarry: mayCarry)
        }
        if let missing = try missing(change) {
            return try log.add(.init(name: change.name, carrier: carrier, missing: missing))
        }
        var ready = [(change, carrier, mayCarry)]
        while let (change, carrier, mayCarry) = ready.popLast() {
            guard try log.changeNumber(change.name) == nil else { continue }
            try replica.insert(change, carrier: carrier, void: void(change, mayCarry: mayCarry), log)
            report.changes += 1
            report.authors.insert(change.name.author)
            ready += try released(by: change.name)
        }
    }

    /// A readable change that is not here.
    private func missing(_ change: Change) throws -> ChangeName? {
        if let previous = change.previous, try log.changeNumber(previous) == nil { return previous }
        for dependency in change.dependencies where try log.changeNumber(dependency.name) == nil {
            // Of an epoch that this device was never given, nothing will come.
            if replica.keys.epochKey(dependency.epoch) != nil { return dependency.name }
        }
        return nil
    }

    private func released(by name: ChangeName) throws -> [(Change, StoredChange.Carrier, Bool)] {
        var ready: [(Change, StoredChange.Carrier, Bool)] = []
        for waiting in try log.waiting(for: name).reversed() {
            let change = try replica.loader.change(waiting.carrier, log)
            if let missing = try missing(change) {
                try log.add(.init(name: waiting.name, carrier: waiting.carrier, missing: missing))
                continue
            }
            try log.removeWaiting(waiting.carrier)
            ready.append((change, waiting.carrier, try isOwned(change.name.author, carrier: waiting.carrier)))
        }
        return ready
    }

    private func isOwned(_ author: AuthorID, carrier: StoredChange.Carrier) throws -> Bool {
        guard let segment = try log.segment(carrier.segment), let owner = try log.log(number: segment.log),
            let number = try log.authorNumber(author)
        else { return false }
        return try owner.author == number || log.device(ofAuthor: number).map { $0 == owner.device } ?? false
    }

    /// Why a change does not count, when it does not.
    private func void(_ change: Change, mayCarry: Bool) throws -> VoidReason? {
        guard mayCarry else { return .wrongCarrier }
        guard change.operations.count <= Limits.operationsPerChange,
            change.dependencies.count <= Limits.dependenciesPerChange
        else { return .invalid }
        return try standing(ofAuthor: change.name.author)
    }

    private func standing(ofAuthor author: AuthorID) throws -> VoidReason? {
        guard let number = try log.authorNumber(author), let device = try log.device(ofAuthor: number) else {
            return .outsideRoster
        }
        return team.standing(of: device)
    }

    /// The same name came again. Equal bytes are a duplicate; of different ones the lower hash counts, and both are kept.
    private mutating func meetTwin(
        _ change: Change, _ carrier: StoredChange.Carrier, _ stored: StoredChange, mayCarry: Bool
    ) throws {
        if stored.carrier == carrier { return }
        if !mayCarry, stored.void != .wrongCarrier { return try log.addTwin(of: stored.number, carrier) }
        let known = try replica.loader.change(stored, log)
        if known == change {
            guard stored.void == .wrongCarrier, mayCarry else { return }
            try adopt(carrier, stored)
            return
        }
        if stored.void == .wrongCarrier && mayCarry || change.hash < known.hash {
            if let old = stored.carrier { try log.addTwin(of: stored.number, old) }
            try adopt(carrier, stored)
        } else {
            try log.addTwin(of: stored.number, carrier)
        }
    }

    /// The content of a change is another than the view has: the view is made again.
    private func adopt(_ carrier: StoredChange.Carrier, _ stored: StoredChange) throws {
        try log.setCarrier(stored.number, carrier)
        try log.setVoid(stored.number, try standing(ofAuthor: stored.name.author))
        try log.set(Replica.Setting.logID, replica.surroundings.random(16))
    }
}

extension TeamState {
    /// The keys of a device that is or was enrolled, whether it counts or not.
    func enrolment(of device: DeviceID) -> Enrolment? {
        roster[device]?.enrolment ?? joins.values.first { $0.id == device }?.enrolment
    }

    /// Why a device's changes do not count; nil when they do.
    func standing(of device: DeviceID) -> VoidReason? {
        guard let member = roster[device] else { return .outsideRoster }
        return member.enrolment.role == .reader ? .reader : nil
    }
}
