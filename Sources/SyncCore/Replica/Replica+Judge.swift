extension Replica {
    /// Brings what counts into line with the team: after any new control record.
    func judge(_ log: LogTransaction) throws {
        let team = try Self.team(log, keys.team)
        try log.set(Setting.controlDigest, team.digest.bytes)
        if let own = team.roster[device] { try log.set(Setting.role, [own.enrolment.role.rawValue]) }
        let own: VoidReason? = team.isOut(device) ? .pastCut : team.roster[device] == nil ? .outsideRoster : nil
        try log.set(Setting.standing, own.map { [UInt8($0.rawValue)] } ?? [])
        for author in try log.authors() {
            guard let device = author.device else { continue }
            let judge = AuthorJudge(author, by: device, team)
            guard try log.judged(author: author.number) ?? AuthorJudge.counting != judge.standing
                || (log.judged(author: author.number) == nil && log.hasVoid(author: author.number))
            else { continue }
            _ = try judge.judge(log)
            try log.setJudged(author: author.number, judge.standing)
        }
        try Withdrawal(self, team, log).settle()
        _ = try readUnread(log, team: team)
    }

    /// Whether the next change of this device would count, as the team was judged last: without a look at every signature in it.
    func ownStanding(_ log: LogTransaction) throws -> VoidReason? {
        try log.setting(Setting.standing)?.first.flatMap { VoidReason(rawValue: Int($0)) }
    }
}

/// How the changes of one author stand.
struct AuthorJudge {
    private let author: LogTransaction.StoredAuthor
    private let device: DeviceID
    private let team: TeamState

    init(_ author: LogTransaction.StoredAuthor, by device: DeviceID, _ team: TeamState) {
        self.author = author
        self.device = device
        self.team = team
    }

    /// Everything counts.
    static let counting: [UInt8] = [0]

    /// All that decides about this author's changes: while it is the same, so is what counts.
    var standing: [UInt8] {
        let cut = team.cut(of: author.id, by: device)
        let isOutside = team.roster[device] == nil && !team.isOut(device)
        let accepted = team.accepted.filter { $0.author == author.id }.sorted()
        guard cut != nil || isOutside || !accepted.isEmpty else { return Self.counting }
        var writer = ByteWriter(capacity: 32)
        writer.u8(isOutside ? 1 : team.isOut(device) ? 2 : 3)
        writer.varint(cut?.last ?? 0)
        writer.word(cut?.mark ?? 0)
        for name in accepted { name.append(to: &writer) }
        return writer.bytes
    }

    /// Judges every change of the author that its log may carry.
    ///
    /// - Returns: Whether any stands differently than before; those are folded again.
    func judge(_ log: LogTransaction) throws -> Bool {
        let branch = try branch(log)
        var isDifferent = false
        for change in try log.changes(of: author.number) where change.void != .wrongCarrier && change.void != .invalid {
            var void = VoidReason(team.standing(of: change.name, by: device))
            if void == nil, let branch, !branch.contains(change.number), !team.accepted.contains(change.name) {
                void = team.isOut(device) ? .pastCut : .reader
            }
            guard void != change.void else { continue }
            isDifferent = true
            try log.setVoid(change.number, void)
            try log.addToFold(change.number)
        }
        return isDifferent
    }

    /// Where the author has branches and a cut names one of them: the changes of that branch up to the cut.
    private func branch(_ log: LogTransaction) throws -> Set<Int64>? {
        guard let cut = team.cut(of: author.id, by: device), let mark = cut.mark, try log.isForked(author: author.number),
            var step = try log.changeNumber(author: author.number, seq: cut.last, mark: mark).flatMap(log.change)
        else { return nil }
        var branch: Set<Int64> = [step.number]
        while let before = step.previousMark,
            let previous = try log.changeNumber(author: author.number, seq: step.name.seq - 1, mark: before).flatMap(log.change)
        {
            branch.insert(previous.number)
            step = previous
        }
        return branch
    }
}

extension VoidReason {
    init?(_ standing: TeamState.Standing) {
        switch standing {
        case .counts: return nil
        case .outsideRoster: self = .outsideRoster
        case .pastCut: self = .pastCut
        case .reader: self = .reader
        }
    }

    /// Whether a coordinator may let such a change count all the same: it is void for who wrote it, not for what it is.
    public var isAcceptable: Bool {
        switch self {
        case .outsideRoster, .reader, .pastCut: true
        case .wrongCarrier, .invalid: false
        }
    }
}
