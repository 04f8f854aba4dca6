/// The team as a set of control records makes it: a function of the set, whatever the order of arrival.
///
/// The rules are a table in `docs/crypto.md`, each row a test.
public struct TeamState: Sendable {
    public struct Device: Hashable, Sendable {
        /// As it enrolled itself; on the roster with the role that it has now.
        public var enrolment: Enrolment
        /// Of the record that enrolled it: the genesis, its join or its admission.
        public var record: Hash32
        public var joined: Int64
        /// A printed key, and no machine: it signs when somebody recovers, and never writes a change.
        public var isRecoveryKey = false
        /// The coordinator that let it in, or the recovery key; nil for the founder and for whoever took up a code.
        public var admittedBy: DeviceID?

        public var id: DeviceID { enrolment.device }
    }

    /// How an invite stands.
    public enum InviteStatus: Hashable, Sendable {
        case open
        /// Taken up once; the next coordinator's client closes it.
        case joined(DeviceID)
        /// Taken up more than once: nobody counts until a coordinator picks.
        case contested([Hash32])
        /// By a coordinator, or by a new epoch before anybody had joined.
        case closed(DeviceID?)
    }

    public struct InviteState: Hashable, Sendable {
        public var name: Hash32
        public var invite: Invite
        public var by: DeviceID
        public var status: InviteStatus
    }

    public let team: Hash32
    public let genesis: Genesis
    /// Those whose changes count, by id.
    public let roster: [DeviceID: Device]
    /// Those who are out for good, with what still counts of each of their authors.
    public let removed: [DeviceID: AuthorCuts]
    /// Who put them out, and when by that device's clock: of several, the removal of the lowest name.
    public let removals: [DeviceID: (by: DeviceID, wall: Int64)]
    /// Of those who may only read by a coordinator's word: what still counts of each of their authors.
    public let readers: [DeviceID: AuthorCuts]
    /// Changes that count whoever wrote them.
    public let accepted: Set<ChangeName>
    public let invites: [InviteState]
    /// Every join with its device, whether it counts or not: for picking one.
    public let joins: [Hash32: Device]
    /// Whoever a signed record ever named with their keys, whether it counts or not: what they wrote can be read, and be seen to be void.
    /// It must not depend on what counts, or who came later could not read what others had read before.
    public let known: [DeviceID: Enrolment]
    /// Every epoch that a coordinator made, epoch 0 first and each after those that its maker knew.
    public let epochs: [Epoch]
    /// What was taken out of the history.
    public let redactions: Redactions
    /// What to seal under. Nil where no epoch is usable: seal nothing; the next coordinator's client rotates.
    public let currentEpoch: Epoch?
    /// Names of the maximal records.
    public let heads: [Hash32]
    /// What the next record is to know: the heads, or, where these are too many for one record, the maximal ones among those that say
    /// something that counts.
    let ends: [Hash32]
    /// How many records are here without all that they were written after: they say nothing yet.
    public let unconnected: Int
    /// A critical kind that this version does not know: seal nothing, ask for an upgrade.
    public let needsUpgrade: Bool
    /// Identifies the set of records: a view made under another one is folded again.
    public let digest: Hash32

    /// Nil unless exactly the genesis of `team` is among the records and valid. Records that are not signed as they should be, by
    /// whom they should be, are as if they were not there.
    public init?(team: Hash32, records: some Sequence<ControlRecord>) {
        self.init(team: team, checked: CheckedRecord.check(records, team: team))
    }

    /// The same from records whose signatures were checked already.
    init?(team: Hash32, checked: some Sequence<CheckedRecord>) {
        guard let history = ControlHistory(checked) else { return nil }
        let free = TeamFold(history, enforcing: [])
        let holding = DecisiveOrder.holding(in: history, free: free)
        let fold = TeamFold(history, enforcing: holding.sorted(), holding: holding)
        let removed = Self.removals(holding, in: history)
        self.team = team
        self.removed = removed
        genesis = history.genesis
        heads = history.heads
        unconnected = history.unconnected
        let isFew = heads.count <= Limits.parentsPerControlRecord
        ends = isFew ? heads : history.maximal(among: fold.telling).map { history.records[$0].name }.sorted()
        removals = Self.removers(holding, in: history)
        joins = fold.joins
        var known: [DeviceID: Enrolment] = [:]
        for checked in history.records {
            guard var enrolment = checked.act.enrolment, known[enrolment.device] == nil else { continue }
            // Who is gone goes by the last name, too.
            if let name = fold.name(of: enrolment.device) { enrolment.name = name }
            known[enrolment.device] = enrolment
        }
        self.known = known
        invites = fold.invites
        needsUpgrade = fold.needsUpgrade
        var roster: [DeviceID: Device] = [:]
        var readers: [DeviceID: AuthorCuts] = [:]
        for (id, device) in fold.enrolled where removed[id] == nil {
            guard let (role, cuts) = fold.standing(of: id) else { continue }
            roster[id] = device
            roster[id]?.enrolment.role = role
            if let name = fold.name(of: id) { roster[id]?.enrolment.name = name }
            readers[id] = cuts
        }
        self.roster = roster
        self.readers = readers
        accepted = Set(fold.counts.flatMap { history.records[$0].act.accepted })
        epochs = Epoch.all(in: history, holding: holding, fold: fold, free: free, removed: removed)
        redactions = Redactions(in: history, counting: fold.counts)
        currentEpoch = epochs.filter(\.isUsable).min(by: Epoch.isPreferred)
        var hasher = Digest.Hasher("sync/v1/control-digest")
        for name in history.index.keys.sorted() { hasher.update(name.bytes) }
        digest = hasher.finish()
    }

    private static func removers(_ holding: Set<Int>, in history: ControlHistory) -> [DeviceID: (by: DeviceID, wall: Int64)] {
        var removers: [DeviceID: (by: DeviceID, wall: Int64)] = [:]
        for place in holding.sorted(by: { history.records[$0].name < history.records[$1].name }) {
            guard case .remove(let removal) = history.records[place].act, removers[removal.device] == nil else { continue }
            removers[removal.device] = (history.records[place].signer, history.records[place].record.wall)
        }
        return removers
    }

    /// Several removals of one device: the lowest cut of each author.
    private static func removals(_ holding: Set<Int>, in history: ControlHistory) -> [DeviceID: AuthorCuts] {
        var removed: [DeviceID: AuthorCuts] = [:]
        for place in holding {
            guard case .remove(let removal) = history.records[place].act else { continue }
            let cuts = AuthorCuts(removal.cuts)
            removed[removal.device] = removed[removal.device].map { $0.meet(cuts) } ?? cuts
        }
        return removed
    }
}
