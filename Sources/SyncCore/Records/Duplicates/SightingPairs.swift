/// Pairs of records that are worth comparing: those that share a day and a place, or a word of their titles. Never all with all.
struct SightingPairs {
    /// Indexes of `sightings`, the smaller first.
    struct Pair: Hashable {
        var first: Int
        var second: Int
    }

    private(set) var pairs: Set<Pair> = []
    private let sightings: [Sighting]
    /// Of larger groups only neighbours in a narrower group are compared: what so many share tells nothing.
    private static let limit = 64
    private static let days = 7

    init(events sightings: [Sighting]) {
        self.sightings = sightings
        pairEvents()
    }

    init(petitions sightings: [Sighting]) {
        self.sightings = sightings
        var groups: [String: [Int]] = [:]
        for (index, sighting) in sightings.enumerated() {
            for word in sighting.words { groups["word " + word, default: []].append(index) }
            for name in sighting.organisers { groups["by " + name, default: []].append(index) }
            if !sighting.address.isEmpty { groups["at " + sighting.address, default: []].append(index) }
            if !sighting.title.isEmpty { groups["title " + sighting.title, default: []].append(index) }
        }
        for group in groups.values { pairNarrow(group) }
    }

    private struct Key: Hashable {
        var day: Int
        var place: String
    }

    private mutating func pairEvents() {
        var exact: [Key: [Int]] = [:], vague: [Key: [Int]] = [:], byMonth: [Key: [Int]] = [:], byWord: [Key: [Int]] = [:]
        for (index, sighting) in sightings.enumerated() {
            guard let days = sighting.days else { continue }
            let places = Self.places(sighting)
            let isExact = days.count <= Self.days
            for place in places {
                if isExact { for day in days { exact[Key(day: day, place: place), default: []].append(index) } }
                for month in (days.lowerBound / 28)...(days.upperBound / 28) {
                    if isExact {
                        byMonth[Key(day: month, place: place), default: []].append(index)
                    } else {
                        vague[Key(day: month, place: place), default: []].append(index)
                    }
                }
            }
            if isExact {
                for day in days { for word in sighting.words { byWord[Key(day: day, place: word), default: []].append(index) } }
            }
        }
        for group in exact.values { pair(group) }
        for (key, group) in vague { pair(group + (byMonth[key] ?? []), any: group.count) }
        for group in byWord.values where group.count <= Self.limit { pairPlaceless(group) }
    }

    /// The town, and the squares of a tenth of a degree around the position, overlapping so that what is near shares one.
    private static func places(_ sighting: Sighting) -> [String] {
        var places = sighting.locality.isEmpty ? [] : ["in " + sighting.locality]
        if let position = sighting.position {
            let (row, column) = (square(position.latitude), square(position.longitude))
            for north in 0...1 { for east in 0...1 { places.append("at \(row + Int64(north)) \(column + Int64(east))") } }
        }
        return places
    }

    private static func square(_ units: Int64) -> Int64 { (units + 1_800_000_000) / 1_000_000 }

    private mutating func insert(_ a: Int, _ b: Int) {
        if a != b { pairs.insert(Pair(first: min(a, b), second: max(a, b))) }
    }

    private mutating func pair(_ group: [Int]) {
        if group.count <= Self.limit { return pair(group, any: group.count) }
        var narrower: [String: [Int]] = [:]
        for index in group {
            for word in sightings[index].words.union(sightings[index].organisers) { narrower[word, default: []].append(index) }
            narrower["title " + sightings[index].title, default: []].append(index)
        }
        for group in narrower.values { pairNarrow(group) }
    }

    private mutating func pairNarrow(_ group: [Int]) {
        if group.count <= Self.limit { return pair(group, any: group.count) }
        for (a, b) in zip(group, group.dropFirst()) { insert(a, b) }
    }

    /// The first so many with each other and with the rest.
    private mutating func pair(_ group: [Int], any count: Int) {
        for (place, a) in group.prefix(min(count, Self.limit)).enumerated() {
            for b in group[(place + 1)...].prefix(Self.limit * 16) { insert(a, b) }
        }
    }

    /// Of records without a place, those that share a word with them.
    private mutating func pairPlaceless(_ group: [Int]) {
        for a in group where !sightings[a].isPlaced { for b in group { insert(a, b) } }
    }
}
