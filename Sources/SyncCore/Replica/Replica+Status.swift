/// How a replica stands.
public struct ReplicaStatus: Sendable {
    public var teamName: String
    public var device: DeviceID
    public var deviceName: String
    public var role: Role?
    public var devices: [TeamState.Device]
    public var invites: [TeamState.InviteState]
    public var records: [RecordKind: Int]
    public var changes: Int
    /// Changes that no remote was seen to have.
    public var unsent: Int
    /// Changes that came and wait for others, and what they wait for.
    public var waiting: [(change: ChangeName, missing: ChangeName, missingDevice: String?)]
    /// What other devices of the team have and this one was not given.
    public var withheld: [Withheld]
    /// Redactions that name more than they say: what they would have altered was kept.
    public var untrueRedactions: [Redactions.Entry]
    /// Records of the team that nothing can be made of here.
    public var unreadableControl: Int
    /// Devices of which there may be copies.
    public var copies: [CopySign]
    /// When and why this store went on as another incarnation.
    public var renewal: Renewal?
    /// Changes that do not count.
    public var void: [(change: ChangeName, reason: VoidReason)]
    public var conflicts: Int
    /// How many records they are in.
    public var disputedRecords: Int
    /// Clocks that were seen not to agree within a week.
    public var clocks: ClockGaps
    /// Records that may be of one thing, the likeliest first, by the shortest beginnings of their ids.
    public var duplicates: [Pair]
    /// What counts and is of a newer version: kept, passed on, and applied after an upgrade.
    public var newer: NewerContent
    public var remotes: [StoredRemote]
    /// Remotes that were seen to lack what they had said that they keep.
    public var setbacks: [Setback]
    /// Why nothing is sealed at the moment.
    public var hindrance: SealingHindrance?

    public struct Pair: Hashable, Sendable {
        public var first: String
        public var second: String
    }

    /// How many of the devices are no recovery keys.
    public var machines: Int { devices.count { !$0.isRecoveryKey } }
}

/// One change, for people.
public struct LogLine: Sendable {
    public var name: ChangeName
    public var origin: Origin
    public var isSent: Bool
    public var void: VoidReason?
    public var operations: Int
    public var records: [RecordID]
}

extension Replica {
    public func status() throws -> ReplicaStatus {
        let team = try team()
        return try read { session in
            let log = session.log
            return ReplicaStatus(
                teamName: team.genesis.teamName, device: device, deviceName: team.name(of: device) ?? "this device",
                role: team.roster[device]?.enrolment.role, devices: team.roster.values.sorted { $0.joined < $1.joined },
                invites: team.invites,
                records: try Dictionary(
                    uniqueKeysWithValues: RecordKind.allCases.map { ($0, try session.count($0)) }),
                changes: Int(try log.lastChangeNumber()), unsent: try unsent(log), waiting: try waiting(session, team),
                withheld: try withheld(log, team), untrueRedactions: try untrueRedactions(log, team.redactions), unreadableControl: try unreadableControl(team, log), copies: try copies(log, team), renewal: try renewal(log),
                void: try log.voidChanges().compactMap { stored in stored.void.map { (stored.name, $0) } },
                conflicts: try session.conflictCount(), disputedRecords: try session.view.conflictedRecordCount(), clocks: try session.clockGaps().pressing(at: surroundings.now()),
                duplicates: try duplicates(session),
                newer: try session.newerContent(),
                remotes: try log.remotes(), setbacks: try setbacks(log), hindrance: hindrance(team))
        }
    }

    private func duplicates(_ session: Session) throws -> [ReplicaStatus.Pair] {
        try session.suggestions().map { .init(first: try session.shortText($0.first), second: try session.shortText($0.second)) }
    }

    /// This device's changes that no remote was seen to have: those in the journal, and those sealed past what was sent.
    public func unsentCount() throws -> Int { try log.read { try unsent($0) } }

    func unsent(_ log: LogTransaction) throws -> Int {
        try log.journalCount() + log.sealedUnsentCount()
    }

    private func waiting(
        _ session: Session, _ team: TeamState
    ) throws -> [(change: ChangeName, missing: ChangeName, missingDevice: String?)] {
        try session.log.waiting().map { waiting in
            (waiting.name, waiting.missing, try session.origin(waiting.missing, team).deviceName)
        }
    }

    /// Segments that are not what their place in their log's chain says: damaged on this disk. Each by its device and index. Reads
    /// every byte of the log.
    public func damagedSegments() throws -> [(device: String?, index: UInt64)] {
        let salt = Chain.teamSalt(of: keys.team)
        return try log.read { log in
            var damaged: [(device: String?, index: UInt64)] = []
            try log.forEachSegment { stored in
                let header = try? Segment(stored.bytes).header
                if let header, Chain.value(at: header, after: stored.previous, teamSalt: salt) == stored.chain { return }
                let device = try log.log(number: stored.log)?.device
                damaged.append((try device.flatMap { try team(log).name(of: $0) }, stored.index))
            }
            return damaged
        }
    }

    /// What SQLite says of the log's own file; empty when all is well. Opening the file beside this replica would drop its locks.
    public func databaseProblems() throws -> [String] { try log.problems() }

    /// The newest changes, newest first; those that touch one record where `id` is given.
    public func changes(of id: RecordID? = nil, limit: Int = 50) throws -> [LogLine] {
        let team = try team()
        return try read { session in
            let stored: [StoredChange]
            if let id {
                let touches = try session.merged(of: id)?.state.touches ?? []
                stored = try touches.compactMap { try session.index.stored($0) }
                    .sorted { $0.number > $1.number }.prefix(limit).map { $0 }
            } else {
                let last = try session.log.lastChangeNumber()
                stored = try session.log.changes(after: max(0, last - Int64(limit)), limit: limit).reversed()
            }
            return try stored.map { try line($0, session, team) }
        }
    }

    private func line(_ stored: StoredChange, _ session: Session, _ team: TeamState) throws -> LogLine {
        let touched = try Touched(try session.view.touched(stored.number) ?? [])
        return LogLine(
            name: stored.name, origin: try session.origin(stored.name, team),
            isSent: try session.log.isSent(stored), void: stored.void,
            operations: touched.runs.reduce(0) { $0 + $1.count },
            records: try touched.records.sorted().prefix(20).compactMap { try session.view.recordID(number: $0) })
    }
}
