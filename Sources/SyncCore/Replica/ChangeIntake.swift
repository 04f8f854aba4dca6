/// Takes the changes of an opened segment into the log: those whose dependencies are here at once, the others as soon as what they
/// wait for has come.
struct ChangeIntake {
    private let replica: Replica
    private let team: TeamState
    private let log: LogTransaction
    private(set) var report = ReceiveReport()
    private var clocks: ClockWatch?
    private var hasTwins = false
    /// Authors with a cut, of whom something came: which branch a cut names shows once its change is here.
    private var cut: [AuthorID: DeviceID] = [:]
    /// The greatest number of each author that was met.
    private var newest: [AuthorID: UInt64] = [:]

    init(_ replica: Replica, _ team: TeamState, _ log: LogTransaction) {
        self.replica = replica
        self.team = team
        self.log = log
    }

    /// `places`: in whose logs these changes stand, as far as what they may hold is concerned. One, but where a redaction has moved them.
    mutating func take(_ content: SegmentContent, segment: Int64, _ places: [StoredBinding]) throws {
        for (position, change) in content.changes.enumerated() {
            let carrier = StoredChange.Carrier(segment: segment, position: position)
            let mayCarry = try places.contains { place in
                try change.name.author == log.author(place.author) || claim(change.name.author, content.salts, place.device)
            }
            try take(team.redactions.apply(to: change), carrier, mayCarry: mayCarry)
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

    private typealias Arrival = (change: Change, carrier: StoredChange.Carrier, isOwned: Bool)

    private mutating func take(_ change: Change, _ carrier: StoredChange.Carrier, mayCarry: Bool) throws {
        var ready: [Arrival] = [(change, carrier, mayCarry)]
        while let next = ready.popLast() { ready += try settle(next) }
    }

    /// Puts a change in its place.
    ///
    /// - Returns: Those that waited for it alone.
    private mutating func settle(_ arrival: Arrival) throws -> [Arrival] {
        let (change, carrier, isOwned) = arrival
        try replica.noteSkipped(change, log)
        let stored = try log.changeNumber(change.name).flatMap(log.change)
        if let stored, try isDuplicate(arrival, of: stored) { return [] }
        if let missing = try missing(change) {
            try log.add(.init(name: change.name, carrier: carrier, missing: missing, isOwned: isOwned))
            return []
        }
        if let stored {
            try meet(arrival, twin: stored)
            return []
        }
        if isOwned { try noteBranch(change.name) }
        let reason = try void(change, mayCarry: isOwned)
        let predecessors = try replica.insert(change, carrier: carrier, void: reason, log)
        if reason == nil { try lookAtClocks(change, predecessors) }
        try noteCut(change.name.author)
        report.changes += 1
        report.authors.insert(change.name.author)
        return try released(by: change.name)
    }

    private mutating func lookAtClocks(_ change: Change, _ predecessors: [StoredChange]) throws {
        var watch = try clocks ?? ClockWatch(log, own: replica.device, now: replica.surroundings.now())
        try watch.saw(change, after: predecessors)
        clocks = watch
    }

    /// A readable change that is not here.
    private func missing(_ change: Change) throws -> ChangeName? {
        try replica.before(change).first { try log.changeNumber($0) == nil }
    }

    private func released(by name: ChangeName) throws -> [Arrival] {
        try log.waiting(for: name).reversed().map { waiting in
            try log.removeWaiting(waiting.carrier)
            return (try replica.loader.change(waiting.carrier, log), waiting.carrier, waiting.isOwned)
        }
    }

    /// Why a change does not count, when it does not.
    private func void(_ change: Change, mayCarry: Bool) throws -> VoidReason? {
        guard mayCarry else { return .wrongCarrier }
        guard change.operations.count <= Limits.operationsPerChange,
            change.dependencies.count <= Limits.dependenciesPerChange
        else { return .invalid }
        guard let device = try device(of: change.name.author) else {
            return team.accepted.contains(change.name) ? nil : .outsideRoster
        }
        return VoidReason(team.standing(of: change.name, by: device))
    }

    private func device(of author: AuthorID) throws -> DeviceID? { try log.authorNumber(author).flatMap(log.device) }

    /// Whether the same change came again, or one that cannot matter. One that may be carried by its log counts from then on.
    private mutating func isDuplicate(_ arrival: Arrival, of stored: StoredChange) throws -> Bool {
        if stored.carrier == arrival.carrier { return true }
        if !arrival.isOwned, stored.void != .wrongCarrier {
            try log.addTwin(of: stored.number, arrival.carrier, isOwned: false)
            return true
        }
        guard try replica.loader.change(stored, log) == arrival.change else { return false }
        if stored.void == .wrongCarrier, arrival.isOwned { try adopt(arrival, stored) }
        return true
    }

    /// Another change of the same name. The lower hash counts among those that their logs may carry, and all are kept.
    private mutating func meet(_ arrival: Arrival, twin stored: StoredChange) throws {
        let isOwned = stored.void != .wrongCarrier
        let counts =
            isOwned == arrival.isOwned
            ? try arrival.change.hash < replica.loader.change(stored, log).hash : arrival.isOwned
        hasTwins = true
        guard counts else { return try log.addTwin(of: stored.number, arrival.carrier, isOwned: arrival.isOwned) }
        if let old = stored.carrier { try log.addTwin(of: stored.number, old, isOwned: isOwned) }
        try adopt(arrival, stored)
    }

    /// The content of a change is another than the view has: the view is made again.
    private mutating func adopt(_ arrival: Arrival, _ stored: StoredChange) throws {
        try log.replace(
            stored.number, previousMark: arrival.change.previousMark, wall: arrival.change.wall, carrier: arrival.carrier,
            void: void(arrival.change, mayCarry: arrival.isOwned))
        // It may say that it came after another one, and be what a cut names.
        try noteCut(arrival.change.name.author)
        hasTwins = true
    }

    /// Changes of one author come each after its previous one; so a new one whose number was given out already is on another branch.
    private mutating func noteBranch(_ name: ChangeName) throws {
        let known = try newest[name.author] ?? log.authorNumber(name.author).flatMap(log.greatestSeq) ?? 0
        newest[name.author] = max(known, name.seq)
        guard name.seq <= known, let author = try log.authorNumber(name.author) else { return }
        try log.note(.init(author: author, sign: .usedTwice, noticed: replica.surroundings.now()))
    }

    private mutating func noteCut(_ author: AuthorID) throws {
        guard cut[author] == nil, let device = try device(of: author), team.cut(of: author, by: device) != nil else { return }
        cut[author] = device
    }

    /// Of a clone's branches below a cut, only the one that the cut names counts.
    private mutating func judgeBranches() throws {
        for author in try log.authors() {
            guard let device = cut[author.id], try log.isForked(author: author.number) else { continue }
            if try AuthorJudge(author, by: device, team).judge(log) { hasTwins = true }
        }
        cut = [:]
    }

    /// Once a frame was taken in: numbers everything anew if a name has several changes, or changes came before the key of what they depend on.
    mutating func finish() throws {
        try clocks?.save()
        clocks = nil
        if !cut.isEmpty { try judgeBranches() }
        let isLate = try replica.hasLateKeys(log)
        guard hasTwins || isLate else { return }
        let numbers = try LamportNumbers(replica, log)
        if try numbers.settle() || hasTwins { try log.set(Replica.Setting.logID, replica.surroundings.random(16)) }
        hasTwins = false
        if isLate, numbers.isWhole { try replica.noteNumbered(log) }
    }
}

extension TeamState {
    /// The keys of a device that is or was enrolled, whether it counts or not.
    func enrolment(of device: DeviceID) -> Enrolment? {
        roster[device]?.enrolment ?? known[device]
    }
}
