/// The team as a set of control records makes it: a function of the set, whatever the order of arrival.
public struct TeamState: Sendable {
    public struct Device: Hashable, Sendable {
        public var enrolment: Enrolment
        /// Of the record that enrolled it: the genesis or its join.
        public var record: Hash32
        public var joined: Int64

        public var id: DeviceID { enrolment.device }
    }

    /// How an invite stands.
    public enum InviteStatus: Hashable, Sendable {
        case open
        /// Taken up once; the next coordinator's client closes it.
        case joined(DeviceID)
        /// Taken up more than once: nobody counts until a coordinator picks.
        case contested([Hash32])
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
    public private(set) var roster: [DeviceID: Device] = [:]
    public private(set) var invites: [InviteState] = []
    /// Every join with its device, whether it counts or not: for picking one.
    public private(set) var joins: [Hash32: Device] = [:]
    /// The join that counts, by its invite.
    private var counts: [Hash32: Hash32] = [:]
    /// Names of the maximal records: the parents of the next one.
    public private(set) var heads: [Hash32] = []
    /// A critical kind that this version does not know: seal nothing, ask for an upgrade.
    public private(set) var needsUpgrade = false
    /// Identifies the set of records: a view made under another one is folded again.
    public private(set) var digest = Hash32.zero

    /// Nil unless exactly the genesis of `team` is among the records and valid. Records that are not signed as they should be, by
    /// whom they should be, are as if they were not there.
    public init?(team: Hash32, records: some Sequence<ControlRecord>) {
        let named = Dictionary(records.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        guard let root = named.first(where: { $0.value.kind == .genesis && $0.value.team == team }),
            let genesis = try? Genesis(payload: root.value.payload),
            root.value.signer == genesis.founder.device, genesis.founder.role == .coordinator,
            root.value.isSigned(by: genesis.founder.signingKey, team: nil)
        else { return nil }
        self.team = team
        self.genesis = genesis
        let founder = Device(enrolment: genesis.founder, record: root.key, joined: root.value.wall)
        roster[founder.id] = founder
        fold(named, root: root.key)
    }

    private mutating func fold(_ named: [Hash32: ControlRecord], root: Hash32) {
        let reachable = Self.connected(named, to: root)
        var closes: [Hash32: [(name: Hash32, close: Close)]] = [:]
        var joinsOf: [Hash32: [Hash32]] = [:]
        var offers: [Hash32: (invite: Invite, by: DeviceID)] = [:]
        // Coordinators by invite are enrolled in causal order, so a record is judged after the one that made its signer.
        for name in reachable {
            guard let record = named[name] else { continue }
            switch record.kind {
            case .genesis: continue
            case .invite:
                guard isCoordinators(record), let invite = try? Invite(payload: record.payload) else { continue }
                offers[name] = (invite, record.signer)
            case .join:
                guard let join = try? Join(payload: record.payload), let offer = offers[join.invite],
                    isValid(join, record, offer.invite)
                else { continue }
                joins[name] = Device(enrolment: join.device, record: name, joined: record.wall)
                joinsOf[join.invite, default: []].append(name)
                settle(join.invite, joins: joinsOf, closes: closes)
            case .close:
                guard isCoordinators(record), let close = try? Close(payload: record.payload), offers[close.invite] != nil
                else { continue }
                closes[close.invite, default: []].append((name, close))
                settle(close.invite, joins: joinsOf, closes: closes)
            default:
                if record.kind.isCritical, isMember(record) { needsUpgrade = true }
            }
        }
        invites = offers.keys.sorted().compactMap { name in
            offers[name].map { offer in
                InviteState(
                    name: name, invite: offer.invite, by: offer.by,
                    status: status(of: name, joins: joinsOf[name] ?? [], closes: closes[name] ?? []))
            }
        }
        let parents = Set(reachable.flatMap { named[$0]?.parents ?? [] })
        heads = reachable.filter { !parents.contains($0) }.sorted()
        var hasher = Digest.Hasher("sync/v1/control-digest")
        for name in reachable.sorted() { hasher.update(name.bytes) }
        digest = hasher.finish()
    }

    /// Names in an order that respects parents and depends on nothing else; records whose ancestry is not all here are left out.
    private static func connected(_ named: [Hash32: ControlRecord], to root: Hash32) -> [Hash32] {
        var children: [Hash32: [Hash32]] = [:]
        var missing: [Hash32: Int] = [:]
        for (name, record) in named where name != root {
            missing[name] = record.parents.count
            for parent in record.parents { children[parent, default: []].append(name) }
        }
        var order: [Hash32] = []
        var ready = [root]
        while !ready.isEmpty {
            order += ready
            var next: [Hash32] = []
            for name in ready {
                for child in children[name] ?? [] {
                    missing[child, default: 0] -= 1
                    if missing[child] == 0 { next.append(child) }
                }
            }
            ready = next.sorted()
        }
        return order
    }

    private func isCoordinators(_ record: ControlRecord) -> Bool {
        guard let device = roster[record.signer], device.enrolment.role == .coordinator else { return false }
        return record.isSigned(by: device.enrolment.signingKey, team: team)
    }

    private func isMember(_ record: ControlRecord) -> Bool {
        roster[record.signer].map { record.isSigned(by: $0.enrolment.signingKey, team: team) } ?? false
    }

    private func isValid(_ join: Join, _ record: ControlRecord, _ invite: Invite) -> Bool {
        record.signer == join.device.device && join.device.role == invite.role && roster[record.signer] == nil
            && record.isSigned(by: join.device.signingKey, team: team) && join.isSigned(by: invite.key, team: team)
    }

    /// A close decides; several closes: the one of the lowest name. Without one, a sole join counts, and two void each other.
    private func counted(_ joins: [Hash32], _ closes: [(name: Hash32, close: Close)]) -> Hash32? {
        if let close = closes.min(by: { $0.name < $1.name })?.close {
            return close.accepted.flatMap { joins.contains($0) ? $0 : nil }
        }
        return joins.count == 1 ? joins.first : nil
    }

    private mutating func settle(
        _ invite: Hash32, joins joinsOf: [Hash32: [Hash32]], closes: [Hash32: [(name: Hash32, close: Close)]]
    ) {
        let now = counted(joinsOf[invite] ?? [], closes[invite] ?? [])
        let before = counts[invite]
        guard now != before else { return }
        counts[invite] = now
        // A device may have taken up two invites: what becomes of one must not undo the other.
        for id in Set([before, now].compactMap { $0.flatMap { joins[$0]?.id } }) {
            roster[id] = counts.values.filter { joins[$0]?.id == id }.min().flatMap { joins[$0] }
        }
    }

    private func status(
        of invite: Hash32, joins: [Hash32], closes: [(name: Hash32, close: Close)]
    ) -> InviteStatus {
        let counted = counted(joins, closes).flatMap { self.joins[$0]?.id }
        if !closes.isEmpty { return .closed(counted) }
        if joins.count > 1 { return .contested(joins.sorted()) }
        return counted.map(InviteStatus.joined) ?? .open
    }
}
