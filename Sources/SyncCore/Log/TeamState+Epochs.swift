extension TeamState {
    /// A team key and the time in which it is used.
    public struct Epoch: Hashable, Sendable {
        public var id: EpochID
        /// The record that made it: the genesis, a removal or a rotation.
        public var record: Hash32
        /// One more than the greatest among those that its maker knew. Computed, not sent: no jump can be expressed.
        public var depth: Int
        /// The newest that its maker knew, by id.
        public var parents: [EpochID]
        public var maker: DeviceID
        /// Who can have its key: its maker, those whom it was sealed to, and those who joined by an invite, or were admitted, under it.
        public var recipients: Set<DeviceID>
        /// Whether its maker is of the team, none of the recipients is removed, and the record is not void.
        public var isUsable: Bool
        fileprivate var envelopes: [DeviceID: [UInt8]]

        /// What `device` opens to get the key; nil where the key came with its welcome, or not at all.
        public func envelope(for device: DeviceID) -> [UInt8]? { envelopes[device] }

        /// The greatest depth, then the lowest hash.
        static func isPreferred(_ a: Epoch, _ b: Epoch) -> Bool {
            a.depth != b.depth ? a.depth > b.depth : a.record < b.record
        }
    }

    /// Devices of the team that cannot have the key of the current epoch: they enrolled beside it. A coordinator's client hands it on.
    public var lacking: [DeviceID] {
        guard let currentEpoch else { return [] }
        return roster.keys.filter { !currentEpoch.recipients.contains($0) }.sorted()
    }
}

extension TeamState.Epoch {
    static func all(
        in history: ControlHistory, holding: Set<Int>, fold: TeamFold, free: TeamFold, removed: [DeviceID: AuthorCuts]
    ) -> [TeamState.Epoch] {
        let removals = Dictionary(grouping: holding.filter { history.records[$0].act.isRemoval }) { history.records[$0].act.target }
        let offered = free.counts.filter { place in
            !removals[history.records[place].signer, default: []].contains { history.isAfter(place, $0) }
        }
        let joins = Joined.all(in: history, counting: fold.counts, offered: offered)
        let handed = handed(in: history, counting: fold.counts, offered: offered)
        let makers = history.decisive.filter { history.records[$0].act.grants != nil }
        var depths = [0: 0]
        return ([0] + makers).map { place in
            let known = makers.filter { $0 != place && holding.contains($0) && history.knew(place, $0) } + (place == 0 ? [] : [0])
            let depth = known.compactMap { depths[$0] }.max().map { $0 + 1 } ?? 0
            depths[place] = depth
            let newest = known.filter { candidate in !known.contains { $0 != candidate && history.knew($0, candidate) } }
            // Who made it may have been let in by what is void now: then a stranger has the key.
            let isHolding = place == 0 || holding.contains(place) && fold.enrolled[history.records[place].signer] != nil
            return make(place, history, joins, handed, depth: depth, parents: newest, isHolding: isHolding, removed)
        }
    }

    private static func make(
        _ place: Int, _ history: ControlHistory, _ joins: [Joined], _ handed: [EpochID: [DeviceID: [UInt8]]], depth: Int, parents: [Int], isHolding: Bool,
        _ removed: [DeviceID: AuthorCuts]
    ) -> TeamState.Epoch {
        let checked = history.records[place]
        let own = EpochGrant(device: checked.signer, envelope: history.genesis.envelope)
        let grants = checked.act.grants ?? [own]
        let joined = joins.filter { place == 0 || history.isAfter($0.offer, place) }.map(\.device)
        // Whoever makes a key has it, also when it leaves itself out of the list.
        let handed = handed[id(of: place, history), default: [:]]
        let recipients = Set(grants.map(\.device) + joined + handed.keys + [checked.signer])
        return TeamState.Epoch(
            id: id(of: place, history), record: checked.name, depth: depth,
            parents: parents.map { id(of: $0, history) }.sorted(), maker: checked.signer, recipients: recipients,
            isUsable: isHolding && !recipients.contains { removed[$0] != nil },
            envelopes: Dictionary(grants.map { ($0.device, $0.envelope) }, uniquingKeysWith: { first, _ in first })
                .merging(handed) { first, _ in first })
    }

    /// Who was handed which key later, by whoever could decide. Who has a key has it, whether that counts or not.
    private static func handed(
        in history: ControlHistory, counting: Set<Int>, offered: Set<Int>
    ) -> [EpochID: [DeviceID: [UInt8]]] {
        var handed: [EpochID: [DeviceID: [UInt8]]] = [:]
        let inOrder = { (places: Set<Int>) in places.sorted { history.records[$0].name < history.records[$1].name } }
        for place in inOrder(counting) + inOrder(offered.subtracting(counting)) {
            guard case .hand(let handing) = history.records[place].act else { continue }
            for key in handing.keys where handed[key.epoch]?[handing.device] == nil {
                handed[key.epoch, default: [:]][handing.device] = key.envelope
            }
        }
        return handed
    }

    private static func id(of place: Int, _ history: ControlHistory) -> EpochID {
        let checked = history.records[place]
        if place == 0 { return EpochID(prefixOf: checked.record.team) }
        return EpochID(prefixOf: checked.name)
    }

    /// Somebody who opened a welcome, and had with it every key of the time of its invite or admission.
    private struct Joined {
        var device: DeviceID
        var offer: Int

        /// Only by a coordinator's word: anybody can name a removed device in a record, and nothing would be sealed any more. An invite need
        /// not count for that, nor a join: an honest coordinator may have made it before learning what makes it void. Only who
        /// could not decide even by what the invite itself knew, or knew of the own removal, had no welcome to give.
        static func all(in history: ControlHistory, counting: Set<Int>, offered: Set<Int>) -> [Joined] {
            history.records.indices.compactMap { place in
                let checked = history.records[place]
                switch checked.act {
                case .join(let join):
                    guard let offer = history.index[join.invite], offered.contains(offer)
                    else { return nil }
                    return Joined(device: checked.signer, offer: offer)
                case .admit(let admit): return counting.contains(place) ? Joined(device: admit.device.device, offer: place) : nil
                default: return nil
                }
            }
        }
    }
}
