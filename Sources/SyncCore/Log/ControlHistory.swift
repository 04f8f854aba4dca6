/// The control records with all their ancestry, in an order that respects parents and depends on nothing else, and who could know
/// of whom.
struct ControlHistory: Sendable {
    let records: [CheckedRecord]
    let index: [Hash32: Int]
    let genesis: Genesis
    /// Removals, rotations, and roles below coordinator: what can make other records void.
    let decisive: [Int]
    /// Names of the maximal records.
    let heads: [Hash32]
    /// How many records came whose ancestry is not all here.
    let unconnected: Int
    private let children: [[Int]]
    private let pasts: [Int: Places]
    private let futures: [Int: Places]

    /// Nil without the founding record.
    init?(_ checked: some Sequence<CheckedRecord>) {
        let named = Dictionary(checked.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        guard
            let root = named.values.first(where: { if case .genesis = $0.act { true } else { false } }),
            case .genesis(let genesis) = root.act
        else { return nil }
        self.genesis = genesis
        let order = Self.connected(named, to: root.name)
        unconnected = named.count - order.count
        let index = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        let records = order.compactMap { named[$0] }
        let parents = records.map { $0.record.parents.compactMap { index[$0] } }
        var children = [[Int]](repeating: [], count: records.count)
        for (place, above) in parents.enumerated() {
            for parent in above { children[parent].append(place) }
        }
        heads = records.indices.filter { children[$0].isEmpty }.map { records[$0].name }.sorted()
        decisive = records.indices.filter { records[$0].act.isDecisive }
        // Those who sign are few among those who join; only what they sign, and whom they admit, is asked for the past of it.
        let signers = Set(records.filter { $0.act.needsCoordinator || $0.act.isRename }.map(\.signer))
        let askedAbout = signers.union(records.compactMap(\.act.admitted?.device))
        let landmarks = records.indices.filter { records[$0].act.isLandmark || records[$0].isJoin(of: askedAbout) }
        pasts = Dictionary(uniqueKeysWithValues: decisive.map { ($0, Places.reached(from: $0, by: parents)) })
        futures = Dictionary(uniqueKeysWithValues: landmarks.map { ($0, Places.reached(from: $0, by: children)) })
        self.records = records
        self.index = index
        self.children = children
    }

    /// Whether a decisive record knew another, or is it.
    func knew(_ decisive: Int, _ other: Int) -> Bool { pasts[decisive]?.contains(other) ?? false }

    /// Whether a record came after a landmark: an admission, a role, a removal, a rotation, the join of somebody who signs.
    func isAfter(_ record: Int, _ landmark: Int) -> Bool {
        record != landmark && futures[landmark]?.contains(record) ?? false
    }

    /// Whether a join knew the invite that it takes up.
    func isAfterInvite(_ join: Int, _ invite: Int) -> Bool {
        children[invite].contains(join) || Places.reached(from: invite, by: children).contains(join)
    }

    /// Those of some records that no other of them came after.
    func maximal(among wanted: Set<Int>) -> [Int] {
        var isFollowed = [Bool](repeating: false, count: records.count)
        for place in records.indices.reversed() {
            isFollowed[place] = children[place].contains { isFollowed[$0] || wanted.contains($0) }
        }
        return wanted.filter { !isFollowed[$0] }
    }

    /// Names in an order that respects parents and depends on nothing else; records whose ancestry is not all here are left out.
    private static func connected(_ named: [Hash32: CheckedRecord], to root: Hash32) -> [Hash32] {
        var children: [Hash32: [Hash32]] = [:]
        var missing: [Hash32: Int] = [:]
        for (name, checked) in named where name != root {
            missing[name] = checked.record.parents.count
            for parent in checked.record.parents { children[parent, default: []].append(name) }
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
}

/// A set of places in the order of a history.
struct Places: Sendable {
    private var words: [UInt64]

    private init(count: Int) { words = [UInt64](repeating: 0, count: (count + 63) / 64) }

    func contains(_ place: Int) -> Bool { words[place >> 6] >> UInt64(place & 63) & 1 == 1 }

    /// A place and all that is reached from it.
    static func reached(from start: Int, by edges: [[Int]]) -> Places {
        var places = Places(count: edges.count)
        var open = [start]
        while let place = open.popLast() {
            guard !places.contains(place) else { continue }
            places.words[place >> 6] |= 1 << UInt64(place & 63)
            open += edges[place]
        }
        return places
    }
}

extension ControlAct {
    var isDecisive: Bool {
        switch self {
        case .remove, .rotate: true
        case .role(let change): change.role < .coordinator
        default: false
        }
    }

    var isRemoval: Bool { if case .remove = self { true } else { false } }

    /// Only a coordinator's word does it.
    var needsCoordinator: Bool {
        switch self {
        case .invite, .close, .admit, .role, .remove, .accept, .rotate, .hand, .redact: true
        case .genesis, .join, .rename, .unknown, .none: false
        }
    }

    fileprivate var isRename: Bool { if case .rename = self { true } else { false } }

    fileprivate var isLandmark: Bool {
        switch self {
        case .admit, .role, .remove, .rotate, .rename, .redact: true
        default: false
        }
    }

    /// Whose standing it lowers.
    var target: DeviceID? {
        switch self {
        case .remove(let removal): removal.device
        case .role(let change): change.role < .coordinator ? change.device : nil
        default: nil
        }
    }

    /// Whom a coordinator lets in.
    var admitted: Enrolment? {
        if case .admit(let admit) = self { admit.device } else { nil }
    }

    var accepted: [ChangeName] {
        if case .accept(let acceptance) = self { acceptance.changes } else { [] }
    }

    /// Of a new epoch.
    var grants: [EpochGrant]? {
        switch self {
        case .remove(let removal): removal.grants
        case .rotate(let rotation): rotation.grants
        default: nil
        }
    }
}

extension CheckedRecord {
    fileprivate func isJoin(of devices: Set<DeviceID>) -> Bool {
        if case .join = act { devices.contains(signer) } else { false }
    }
}
