/// How alike two records are, and why: for a person, who alone decides.
public struct Likeness: Hashable, Sendable {
    /// 0 to 100. A list asks from `threshold` on.
    public var score: Int
    public var reasons: [Reason]

    public enum Reason: Hashable, Sendable {
        case sameTime
        /// So many minutes apart on one day.
        case sameDay(minutesApart: Int?)
        /// One of the dates is not exact, and the other one fits it.
        case fittingDates
        case sameSpot
        case sameLocality
        case near(metres: Int)
        case sameTitle
        case alikeTitle
        case commonOrganisers(Int)
        case sameAddress
    }

    public static let threshold = 60

    /// Nil for what is certainly not one: other days, other places.
    init?(events a: Sighting, _ b: Sighting) {
        self.init(score: 0, reasons: [])
        guard addDays(a, b), addPlace(a, b) else { return nil }
        addTitle(a, b, weight: 30)
        addOrganisers(a, b)
    }

    /// Nil for petitions that nothing connects.
    init?(petitions a: Sighting, _ b: Sighting) {
        self.init(score: 0, reasons: [])
        if !a.address.isEmpty, ByteOrder.same(a.address, b.address) { add(70, .sameAddress) }
        addTitle(a, b, weight: 60)
        addOrganisers(a, b)
        guard !reasons.isEmpty else { return nil }
    }

    private init(score: Int, reasons: [Reason]) { (self.score, self.reasons) = (score, reasons) }

    private mutating func add(_ points: Int, _ reason: Reason) {
        score = min(100, score + points)
        reasons.append(reason)
    }

    private mutating func addDays(_ a: Sighting, _ b: Sighting) -> Bool {
        guard let days = a.days, let others = b.days, days.overlaps(others) else { return false }
        guard a.isExact, b.isExact else {
            add(12, .fittingDates)
            return true
        }
        guard let minute = a.minute, let other = b.minute else {
            add(25, .sameDay(minutesApart: nil))
            return true
        }
        let apart = abs(minute - other)
        switch apart {
        case 0: add(30, .sameTime)
        case ...30: add(27, .sameDay(minutesApart: apart))
        case ...180: add(20, .sameDay(minutesApart: apart))
        default: add(8, .sameDay(minutesApart: apart))
        }
        return true
    }

    private mutating func addPlace(_ a: Sighting, _ b: Sighting) -> Bool {
        let metres = Self.metres(a.position, b.position)
        let isOneTown = !a.locality.isEmpty && ByteOrder.same(a.locality, b.locality)
        if let metres, metres > 30_000 { return false }
        if isOneTown, !a.spots.isDisjoint(with: b.spots) {
            add(32, .sameSpot)
        } else if let metres, metres <= 300 {
            add(30, .near(metres: metres))
        } else if isOneTown {
            // Two venues that were named, and are not the same, tell them apart a little.
            add(a.spots.isEmpty || b.spots.isEmpty ? 24 : 18, .sameLocality)
        } else if let metres, metres <= 3000 {
            add(20, .near(metres: metres))
        } else {
            guard !a.isPlaced || !b.isPlaced else { return false }
            score += 5
        }
        return true
    }

    private mutating func addTitle(_ a: Sighting, _ b: Sighting, weight: Int) {
        guard !a.title.isEmpty, !b.title.isEmpty else { return }
        if ByteOrder.same(a.title, b.title) { return add(weight, .sameTitle) }
        let alike = Self.alike(a.words, b.words)
        score += Int(Double(weight) * alike)
        if alike >= 0.5 { reasons.append(.alikeTitle) }
    }

    /// From 0 to 1: the share of words that both have, or, where one title is part of the other, most of its own.
    private static func alike(_ a: Set<String>, _ b: Set<String>) -> Double {
        let (few, many) = a.count <= b.count ? (a, b) : (b, a)
        guard !few.isEmpty else { return 0 }
        let common = Double(few.count { word in many.contains(word) || many.contains { Words.areAlike(word, $0) } })
        let share = 2 * common / Double(few.count + many.count)
        return few.count > 1 ? max(share, 0.75 * common / Double(few.count)) : share
    }

    private mutating func addOrganisers(_ a: Sighting, _ b: Sighting) {
        let common = a.organisers.intersection(b.organisers).count
        if common > 0 { add(common == 1 ? 13 : 18, .commonOrganisers(common)) }
    }

    /// On a plane, which is near enough for what is near; nil where one is not known. In units of 10⁻⁷ degrees, of which ninety are a metre.
    static func metres(_ a: (latitude: Int64, longitude: Int64)?, _ b: (latitude: Int64, longitude: Int64)?) -> Int? {
        guard let a, let b else { return nil }
        let north = Double(a.latitude - b.latitude) / 1e7 * 111_195
        // The cosine of the latitude by its series: no library of the system decides what replicas show.
        let angle = Double(a.latitude) / 1e7 * 0.017_453_292_52
        let square = angle * angle
        let cosine = 1 - square / 2 + square * square / 24 - square * square * square / 720
        let east = Double(a.longitude - b.longitude) / 1e7 * 111_195 * cosine
        return Int(min((north * north + east * east).squareRoot(), 4e7))
    }
}
