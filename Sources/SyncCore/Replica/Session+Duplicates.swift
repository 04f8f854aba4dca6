/// Two records that may be of one thing.
public struct Suggestion: Sendable {
    public var kind: RecordKind
    /// The smaller id first.
    public var first: RecordID
    public var second: RecordID
    public var likeness: Likeness
    /// Whether one of them is newer here than the record asked about.
    public var isNew: Bool
}

/// Records that are one, and what links them.
public struct SameGroup: Sendable {
    public var kind: RecordKind
    /// The first stands for all.
    public var members: [RecordID]
    public var links: [Link]

    public struct Link: Sendable {
        public var first: RecordID
        public var second: RecordID
        /// Who said so.
        public var origins: [Origin]
    }

    /// Pairs of members that somebody said are different.
    public var toldApart: [(first: RecordID, second: RecordID)]
}

extension Session {
    /// Pairs that a person should look at, the likeliest first. Those that are one, that were told apart, or that a link relates
    /// are no question any more. `number` is of the last record that is known already.
    public func suggestions(newerThan number: Int64 = .max) throws -> [Suggestion] {
        let settled = try settledPairs()
        return try comparedKinds.flatMap { kind in
            let sightings = try sightings(kind)
            let pairs = kind == .event ? SightingPairs(events: sightings).pairs : SightingPairs(petitions: sightings).pairs
            return try pairs.compactMap { pair -> Suggestion? in
                let (a, b) = (sightings[pair.first], sightings[pair.second])
                guard let likeness = kind == .event ? Likeness(events: a, b) : Likeness(petitions: a, b),
                    likeness.score >= Likeness.threshold, let first = try view.recordID(number: a.record),
                    let second = try view.recordID(number: b.record), !settled.contains(Self.pair(first, second))
                else { return nil }
                return Suggestion(
                    kind: kind, first: min(first, second), second: max(first, second), likeness: likeness,
                    isNew: max(a.record, b.record) > number)
            }
        }.sorted { a, b in
            if a.likeness.score != b.likeness.score { return a.likeness.score > b.likeness.score }
            return a.first != b.first ? a.first < b.first : a.second < b.second
        }
    }

    /// Those of which this version knows what is compared.
    private var comparedKinds: [RecordKind] {
        schema.kinds.filter { kind in
            let fields = [Field.title, Field.organisers, Field.links] + (kind == .event ? [Field.starts, Field.place, Field.geo] : [Field.url])
            return fields.allSatisfy { schema[kind]?[$0] != nil }
        }
    }

    public func lastRecordNumber() throws -> Int64 { try view.lastRecordNumber() }

    private static func pair(_ a: RecordID, _ b: RecordID) -> [RecordID] { [min(a, b), max(a, b)] }

    /// Told apart, of any two members; or linked as parts, counter-protests and the like.
    private func settledPairs() throws -> Set<[RecordID]> {
        var settled: Set<[RecordID]> = []
        for (low, high) in try view.pairs(.different) { settled.insert(Self.pair(try canonical(low), try canonical(high))) }
        for kind in comparedKinds {
            try view.forEachRow(of: "\(kind.rawValue)_links", ["target"]) { record, cells in
                guard let target = cells[0].text.flatMap(RecordID.init(text:)), let id = try view.recordID(number: record) else { return }
                settled.insert(Self.pair(id, try canonical(target)))
            }
        }
        return settled
    }

    private func sightings(_ kind: RecordKind) throws -> [Sighting] {
        var sightings: [Sighting] = []
        var places: [Int64: Int] = [:]
        let columns = kind == .event
            ? ["title", "starts", "place_locality", "place_venue", "place_street", "geo_lat", "geo_lon"] : ["title", "url"]
        try view.forEachRow(of: kind.rawValue, columns) { record, cells in
            var sighting = Sighting(record: record)
            if kind == .event {
                sighting.setWhen(cells[1].text)
                sighting.setPlace(locality: cells[2].text, venue: cells[3].text, street: cells[4].text)
                if let latitude = cells[5].real, let longitude = cells[6].real {
                    sighting.position = (Int64(latitude * 1e7), Int64(longitude * 1e7))
                }
            } else {
                sighting.setAddress(cells[1].text)
            }
            sighting.setTitle(cells[0].text)
            places[record] = sightings.count
            sightings.append(sighting)
        }
        try view.forEachRow(of: "\(kind.rawValue)_organisers", ["name"]) { record, cells in
            guard let place = places[record], let name = cells[0].text else { return }
            sightings[place].organisers.insert(Words.plain(name))
        }
        return sightings
    }

    // MARK: What is one

    /// In the order of ids.
    public func sameGroups() throws -> [SameGroup] {
        let team = try team()
        return try view.canonicalRecords().compactMap { stored -> SameGroup? in
            guard let kind = RecordKind(number: stored.kind) else { return nil }
            let members = try view.members(ofCanonical: stored.number)
            let ids = Set(members.map(\.id))
            let links = try members.flatMap { member in try self.links(of: member, within: ids, team) }
            let apart = try view.pairs(.different).filter { ids.contains($0.low) && ids.contains($0.high) }
            return SameGroup(
                kind: kind, members: members.map(\.id), links: links, toldApart: apart.map { ($0.low, $0.high) })
        }
    }

    private func links(
        of member: ViewTransaction.StoredRecord, within ids: Set<RecordID>, _ team: TeamState
    ) throws -> [SameGroup.Link] {
        let writes = try RecordState(member.state, numbering: index).live(Field.same)
        var links: [RecordID: [Origin]] = [:]
        for write in writes {
            guard let other = write.value.recordID, ids.contains(other) else { continue }
            links[other, default: []].append(try origin(write.stamp.write.change, team))
        }
        return links.sorted { $0.key < $1.key }.map { SameGroup.Link(first: member.id, second: $0.key, origins: $0.value) }
    }
}
