/// One reading of the control log, from its beginning, under a given choice of the decisive records (removals, rotations, lowered
/// roles) that make others void.
struct TeamFold {
    private let history: ControlHistory
    /// What makes other records void.
    private let enforced: [Int]
    private let enforcedOn: [DeviceID: [Int]]
    /// Which decisive records count; nil: those that a coordinator signed and nothing makes void.
    private let holding: Set<Int>?

    /// Everything that a coordinator did, and did not do beyond a cut.
    private(set) var counts: Set<Int> = []
    /// Whoever was enrolled by a join or an admission that counts, removed or not, with the role of the enrolment.
    private(set) var enrolled: [DeviceID: TeamState.Device] = [:]
    /// Every join with its device, whether it counts or not.
    private(set) var joins: [Hash32: TeamState.Device] = [:]
    private(set) var needsUpgrade = false
    private var roles: [DeviceID: [Int]] = [:]
    private var renames: [DeviceID: [Int]] = [:]
    /// Of devices that were not enrolled by what the coordinator knew who admitted them.
    private var admissions: [DeviceID: [TeamState.Device]] = [:]
    /// The join that counts, by its invite.
    private var taken: [Hash32: Hash32] = [:]
    private var offers: [Hash32: (invite: Invite, by: DeviceID)] = [:]
    private var joinsOf: [Hash32: [Hash32]] = [:]
    private var closes: [Hash32: [(name: Hash32, close: Close)]] = [:]
    private let founder: TeamState.Device

    init(_ history: ControlHistory, enforcing enforced: [Int], holding: Set<Int>? = nil) {
        self.history = history
        self.enforced = enforced
        self.holding = holding
        enforcedOn = Dictionary(grouping: enforced.filter { history.records[$0].act.target != nil }) {
            history.records[$0].act.target ?? history.records[$0].signer
        }
        let root = history.records[0]
        founder = TeamState.Device(enrolment: history.genesis.founder, record: root.name, joined: root.record.wall)
        enrolled[founder.id] = founder
        for place in history.records.indices { read(place) }
    }

    private mutating func read(_ place: Int) {
        let checked = history.records[place]
        switch checked.act {
        case .genesis, .none: return
        case .unknown:
            // Whatever it is, it is a decision: who may not decide stops nobody.
            if isAuthorised(place) { needsUpgrade = true }
        case .join(let join): read(join, place)
        case .rename(let rename): read(rename, place)
        case .invite, .close, .admit, .role, .accept, .remove, .rotate, .hand, .redact:
            guard isAuthorised(place) else { return }
            counts.insert(place)
            note(checked, place)
        }
    }

    private mutating func note(_ checked: CheckedRecord, _ place: Int) {
        switch checked.act {
        case .invite(let invite): offers[checked.name] = (invite, checked.signer)
        case .role(let change): roles[change.device, default: []].append(place)
        case .close(let close):
            guard offers[close.invite] != nil else { return }
            closes[close.invite, default: []].append((checked.name, close))
            settle(close.invite)
        case .admit(let admit):
            let device = TeamState.Device(
                enrolment: admit.device, record: checked.name, joined: checked.record.wall, isRecoveryKey: admit.isRecoveryKey,
                admittedBy: checked.signer)
            // Who is in keeps the role that they have: another one takes a record of roles, with what belongs to it.
            guard !isEnrolled(device.id, before: place) else { return }
            admissions[device.id, default: []].append(device)
            enrol(device.id)
        default: return
        }
    }

    private mutating func read(_ rename: Rename, _ place: Int) {
        let signer = history.records[place].signer
        guard isEnrolled(signer, before: place), !isVoid(place),
            signer == rename.device || role(of: signer, before: place) == .coordinator
        else { return }
        renames[rename.device, default: []].append(place)
    }

    // MARK: Who may

    private func isAuthorised(_ place: Int) -> Bool {
        if history.records[place].act.isDecisive, let holding { return holding.contains(place) }
        let signer = history.records[place].signer
        return isEnrolled(signer, before: place) && role(of: signer, before: place) == .coordinator && !isVoid(place)
    }

    private func isEnrolled(_ device: DeviceID, before place: Int) -> Bool {
        device == founder.id || !enrolments(of: device, before: place).isEmpty
    }

    /// The joins and admissions that let a device in, as far as a record knew them.
    private func enrolments(of device: DeviceID, before place: Int) -> [TeamState.Device] {
        enrolments(of: device).filter { enrolment in
            history.index[enrolment.record].map { history.isAfter(place, $0) } ?? false
        }
    }

    private func enrolments(of device: DeviceID) -> [TeamState.Device] {
        let joined = taken.values.filter { joins[$0]?.id == device }.compactMap { joins[$0] }
        return joined + admissions[device, default: []]
    }

    /// The role that a record's past gives its signer.
    private func role(of device: DeviceID, before place: Int) -> Role? {
        let known = roles[device, default: []].filter { history.isAfter(place, $0) }
        if let role = Self.lowest(newest(known).map { $0.change.role }) { return role }
        if device == founder.id { return founder.enrolment.role }
        return Self.lowest(enrolments(of: device, before: place).map(\.enrolment.role))
    }

    private static func lowest(_ roles: [Role]) -> Role? { roles.min() }

    /// Of role records those that no other of them knew.
    private func newest(_ changes: [Int]) -> [(place: Int, change: RoleChange)] {
        changes.compactMap { place in
            guard case .role(let change) = history.records[place].act,
                !changes.contains(where: { history.isAfter($0, place) })
            else { return nil }
            return (place, change)
        }
    }

    /// Whether a record lies beyond what something enforced leaves of its signer's.
    private func isVoid(_ place: Int) -> Bool {
        let signer = history.records[place].signer
        return enforcedOn[signer, default: []].contains { decisive in
            if history.knew(decisive, place) { return false }
            // Removals of each other both hold, or whoever is quicker to forge a date would decide.
            if history.records[place].act.target == history.records[decisive].signer { return false }
            return !isRestored(signer, by: place, since: decisive)
        }
    }

    /// Whether the signer had been made a coordinator again after its role was lowered.
    private func isRestored(_ device: DeviceID, by place: Int, since lowered: Int) -> Bool {
        guard case .role = history.records[lowered].act else { return false }
        return roles[device, default: []].contains { raised in
            guard case .role(let change) = history.records[raised].act, change.role == .coordinator else { return false }
            return history.isAfter(raised, lowered) && history.isAfter(place, raised)
        }
    }

    // MARK: Invites

    private mutating func read(_ join: Join, _ place: Int) {
        let checked = history.records[place]
        guard let invited = history.index[join.invite], offers[join.invite] != nil, enrolled[checked.signer] == nil,
            history.isAfterInvite(place, invited)
        else { return }
        joins[checked.name] = TeamState.Device(enrolment: join.device, record: checked.name, joined: checked.record.wall)
        guard !isEnded(invited, before: place) else { return }
        joinsOf[join.invite, default: []].append(checked.name)
        settle(join.invite)
    }

    /// A new epoch ends every invite that its maker knew, for whoever had not joined by then.
    private func isEnded(_ invite: Int, before join: Int? = nil) -> Bool {
        enforced.contains { decisive in
            history.records[decisive].act.grants != nil && history.knew(decisive, invite)
                && !(join.map { history.knew(decisive, $0) } ?? false)
        }
    }

    /// A close decides; several closes: the one of the lowest name. Without one, a sole join counts, and two void each other.
    private func counted(_ invite: Hash32) -> Hash32? {
        let joins = joinsOf[invite] ?? []
        if let close = closes[invite]?.min(by: { $0.name < $1.name })?.close {
            return close.accepted.flatMap { joins.contains($0) ? $0 : nil }
        }
        return joins.count == 1 ? joins.first : nil
    }

    private mutating func settle(_ invite: Hash32) {
        let now = counted(invite)
        let before = taken[invite]
        guard now != before else { return }
        taken[invite] = now
        for id in Set([before, now].compactMap { $0.flatMap { joins[$0]?.id } }) { enrol(id) }
    }

    /// A device may have taken up two invites, or have been admitted twice: what becomes of one must not undo the other. Of several the
    /// lowest role is taken, then the lowest name.
    private mutating func enrol(_ id: DeviceID) {
        enrolled[id] = enrolments(of: id).min { a, b in
            a.enrolment.role != b.enrolment.role ? a.enrolment.role < b.enrolment.role : a.record < b.record
        }
    }

    var invites: [TeamState.InviteState] {
        offers.keys.sorted().compactMap { name in
            offers[name].map { TeamState.InviteState(name: name, invite: $0.invite, by: $0.by, status: status(of: name)) }
        }
    }

    private func status(of invite: Hash32) -> TeamState.InviteStatus {
        let counted = counted(invite).flatMap { self.joins[$0]?.id }
        if closes[invite] != nil { return .closed(counted) }
        let joins = joinsOf[invite] ?? []
        if joins.count > 1 { return .contested(joins.sorted()) }
        if let counted { return .joined(counted) }
        return history.index[invite].map { isEnded($0) } ?? false ? .closed(nil) : .open
    }

    // MARK: What comes of it

    /// What counts of decisions and enrolments: a member can add any number of other records.
    var telling: Set<Int> { counts.union(enrolled.values.compactMap { history.index[$0.record] }) }

    /// What a device is called by now: of names that did not know of each other, that of the lowest record.
    func name(of device: DeviceID) -> String? {
        let given = renames[device, default: []]
        let newest = given.filter { place in !given.contains { history.isAfter($0, place) } }
        let chosen = newest.min { history.records[$0].name < history.records[$1].name }
        guard let chosen, case .rename(let rename) = history.records[chosen].act else { return nil }
        return rename.name
    }

    /// The role of an enrolled device, and, where that is reader by somebody's word, what still counts of its changes.
    func standing(of device: DeviceID) -> (role: Role, cuts: AuthorCuts?)? {
        guard let enrolment = enrolled[device]?.enrolment else { return nil }
        let newest = newest(roles[device, default: []])
        let role = Self.lowest(newest.map { $0.change.role }) ?? enrolment.role
        guard role == .reader else { return (role, nil) }
        let cuts = newest.filter { $0.change.role == .reader }.map { AuthorCuts($0.change.cuts) }
        return (role, cuts.dropFirst().reduce(cuts.first ?? AuthorCuts([])) { $0.meet($1) })
    }
}
