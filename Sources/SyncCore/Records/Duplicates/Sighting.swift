/// What tells whether two records may be of one thing: when, where, called what, by whom. Folded for comparing, never shown.
struct Sighting: Sendable {
    /// The record's number in the view.
    var record: Int64
    var days: ClosedRange<Int>?
    /// Minutes since midnight, where a time was said.
    var minute: Int?
    var isExact = false
    var locality = ""
    /// Venue or street.
    var spots: Set<String> = []
    var position: (latitude: Int64, longitude: Int64)?
    var words: Set<String> = []
    /// The title in whole.
    var title = ""
    var organisers: Set<String> = []
    /// The address of a petition.
    var address = ""

    init(record: Int64) { self.record = record }

    var isPlaced: Bool { !locality.isEmpty || position != nil }

    mutating func setWhen(_ text: String?) {
        guard let when = text.flatMap(When.init(isoText:)) else { return }
        days = when.days
        minute = when.time.map { $0.hour * 60 + $0.minute }
        isExact = when.precision == .day || when.precision == .minute
    }

    mutating func setPlace(locality: String?, venue: String?, street: String?) {
        self.locality = Words.plain(locality ?? "")
        spots = Set([venue, street].compactMap { $0.map(Words.plain) }.filter { !$0.isEmpty })
    }

    /// The place is set before: its name in a title tells nothing more.
    mutating func setTitle(_ text: String?) {
        title = Words.plain(text ?? "")
        let all = Set(Words.significant(text ?? ""))
        let own = all.subtracting(Words.all(locality))
        words = own.isEmpty ? all : own
    }

    mutating func setAddress(_ text: String?) {
        var plain = Words.plain(text ?? "")
        for beginning in ["https://", "http://", "www."] where plain.hasPrefix(beginning) { plain.removeFirst(beginning.count) }
        while plain.hasSuffix("/") { plain.removeLast() }
        address = plain
    }
}

extension When {
    /// The days that it may mean, counted from 1970.
    fileprivate var days: ClosedRange<Int> {
        let first = date.daysSinceEpoch
        let month = (CivilDate.days(inMonth: date.month, of: date.year) ?? 31) - 1
        switch precision {
        case .minute, .day: return first...first
        case .month: return first...(first + month)
        case .year: return first...(first + 365)
        case .about:
            if isAboutYear { return (first - 182)...(first + 183) }
            return isAboutMonth ? (first - 15)...(first + month + 15) : (first - 3)...(first + 3)
        }
    }
}

/// Words of titles and names, folded.
enum Words {
    /// Words that say nothing of which rally it is, in the languages of our reports.
    private static let empty: Set<String> = [
        "the", "a", "an", "of", "for", "in", "at", "on", "and", "to", "by", "with", "from", "le", "la", "les", "de", "du", "des", "et", "pour",
        "der", "die", "das", "und", "fur", "vor", "el", "los", "las", "y", "por", "para", "en", "il", "e", "per", "di", "da", "do",
    ]

    static func plain(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in TextFold.folded(text) where scalar != " " || !(out.isEmpty || out.last == " ") { out.append(scalar) }
        if out.last == " " { out.removeLast() }
        return String(out)
    }

    static func all(_ text: String) -> [String] {
        TextFold.folded(text).split { !$0.properties.isAlphabetic && $0.properties.numericType == nil }.map { part in
            String(String.UnicodeScalarView(part))
        }
    }

    static func significant(_ text: String) -> [String] { all(text).filter { !empty.contains($0) } }

    /// Whether two words may be one: equal, a letter apart, or one the other's beginning.
    static func areAlike(_ a: String, _ b: String) -> Bool {
        if ByteOrder.same(a, b) { return true }
        let (short, long) = a.utf8.count <= b.utf8.count ? (Array(a.utf8), Array(b.utf8)) : (Array(b.utf8), Array(a.utf8))
        guard short.count >= 5, long.count - short.count <= 3 else { return false }
        return long.starts(with: short) || isOneEditApart(short, long)
    }

    private static func isOneEditApart(_ short: [UInt8], _ long: [UInt8]) -> Bool {
        guard long.count - short.count <= 1 else { return false }
        let same = zip(short, long).prefix { $0 == $1 }.count
        let rest = short.count == long.count ? short[(same + 1)...] : short[same...]
        return rest.elementsEqual(long[(same + 1)...])
    }
}
