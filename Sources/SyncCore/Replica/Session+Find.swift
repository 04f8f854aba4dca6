/// What a list shows.
public struct ListQuery: Sendable {
    public var kind: RecordKind
    /// Events that start on or after this day, and on or before that one: `YYYY-MM-DD`.
    public var from: String?
    public var to: String?
    public var locality: String?
    public var limit: Int

    public init(kind: RecordKind, from: String? = nil, to: String? = nil, locality: String? = nil, limit: Int = 50) {
        self.kind = kind
        self.from = from
        self.to = to
        self.locality = locality
        self.limit = limit
    }
}

extension Session {
    /// The visible records of one kind: events with the newest start first, petitions by title.
    public func list(_ query: ListQuery) throws -> [RecordDocument] {
        guard let known = schema[query.kind] else { return [] }
        var filters: [ViewTransaction.Filter] = []
        if let from = query.from { filters.append(.init("starts", .atLeast, .text(from))) }
        // Every text that begins with the day stands before the day with the last scalar behind it.
        if let to = query.to { filters.append(.init("starts", .atMost, .text(to + "\u{10FFFF}"))) }
        if let locality = query.locality { filters.append(.init("place_locality", .like, .text(locality))) }
        let column = ViewRows.sortColumn(of: known)
        return try view.list(
            query.kind.rawValue, filters: filters, orderBy: column, descending: column == "starts", limit: query.limit
        ).compactMap(document)
    }

    public func count(_ kind: RecordKind) throws -> Int { schema[kind] == nil ? 0 : try view.count(kind.rawValue) }

    /// Every visible record of a kind in the order of ids, page by page.
    public func forEach(_ kind: RecordKind, _ body: (RecordDocument) throws -> Void) throws {
        var last: RecordID?
        while true {
            let page = try view.records(kind: kind.number, after: last, limit: 256)
            for stored in page { try document(stored).map(body) }
            guard let final = page.last else { return }
            last = final.id
        }
    }

    /// The record that an id, or the beginning of one, means: of several that are one, the one that lists show. Deleted records are
    /// found too.
    ///
    /// - Throws: `usage` when none or several begin so; several are listed.
    public func find(_ prefix: String) throws -> RecordID { try find(prefix, among: { $0.canonical ?? $0.number }) }

    /// The same by itself, also where it is shown as part of another.
    public func findMember(_ prefix: String) throws -> RecordID { try find(prefix, among: \.number) }

    /// `one` tells which of those found are one.
    private func find(_ prefix: String, among one: (ViewTransaction.StoredRecord) -> Int64) throws -> RecordID {
        // Copied from a terminal, an id may bring marks of direction with it that nobody sees.
        let prefix = String(prefix.unicodeScalars.filter { $0.properties.generalCategory != .format })
        let bounds = try Self.bounds(prefix)
        var begun = try view.records(from: bounds.low, to: bounds.high, limit: 6)
        // A file may have said that a record is one with another that never came.
        if begun.isEmpty { begun = try view.records(naming: bounds.low, to: bounds.high, limit: 6) }
        var found: [ViewTransaction.StoredRecord] = []
        for stored in begun {
            let number = one(stored)
            guard !found.contains(where: { $0.number == number }) else { continue }
            if let stored = try number == stored.number ? stored : view.record(number: number) { found.append(stored) }
        }
        if found.count == 1 { return found[0].id }
        guard !found.isEmpty else {
            throw SyncError(
                .usage, "No record's id begins with “\(prefix)”.", safe: "Nothing was changed.",
                next: "See  sync event list  or  sync search WORDS.")
        }
        let visible = found.filter(\.isVisible)
        if visible.count == 1 { return visible[0].id }
        let lines = try found.prefix(5).map { "  \(try shortText($0.id))  \(try document($0)?.title ?? "(no title)")" }
        let more = found.count > 5 ? "\n  …" : ""
        throw SyncError(
            .usage, "Several records' ids begin with “\(prefix)”:\n\(lines.joined(separator: "\n"))\(more)\n",
            safe: "Nothing was changed.", next: "Type more of the id.")
    }

    private static func bounds(_ prefix: String) throws -> (low: RecordID, high: RecordID) {
        let digits = prefix.utf8.map(Base32.digit)
        guard !digits.isEmpty, digits.count <= 26, !digits.contains(nil) else {
            throw SyncError(
                .usage, "“\(prefix)” is no id: ids are letters and digits, such as 7f3k2q.", safe: "Nothing was changed.")
        }
        let text = prefix.lowercased()
        // The last of 26 characters holds 3 bits.
        let low = Base32.decodeLoosely(text + String(repeating: "0", count: 26 - digits.count))
        let high = Base32.decodeLoosely(text + String(repeating: "z", count: 26 - digits.count))
        guard let low = RecordID(low), let high = RecordID(high) else { throw ChangeIndex.inconsistent }
        return (low, high)
    }

    /// The shortest beginning, of at least six characters, that means this record and no other.
    public func shortText(_ id: RecordID) throws -> String {
        let text = id.text
        let shared = try view.neighbours(of: id).map { other in
            zip(text.utf8, other.text.utf8).prefix { $0 == $1 }.count
        }
        return String(text.prefix(max(6, (shared.max() ?? 0) + 1)))
    }
}

extension RecordDocument {
    public var title: String? { value(Field.title)?.text }
}

extension Base32 {
    /// Like `decode`, but fills or drops bits at the end instead of refusing them: the bounds of a prefix.
    static func decodeLoosely(_ text: String) -> [UInt8] {
        var bits: [Bool] = []
        for character in text.utf8 {
            let value = digit(character) ?? 0
            for shift in stride(from: 4, through: 0, by: -1) { bits.append(value >> UInt8(shift) & 1 == 1) }
        }
        return stride(from: 0, to: 128, by: 8).map { start in
            (start..<(start + 8)).reduce(UInt8(0)) { $0 << 1 | ($1 < bits.count && bits[$1] ? 1 : 0) }
        }
    }
}

extension Replica {
    /// The records that have every word, best first. Brings the search index up to date first.
    public func search(_ text: String, limit: Int = 50) throws -> [RecordDocument] {
        let words = text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        guard !words.isEmpty else {
            throw SyncError(.usage, "There is no word to search for.", safe: "Nothing was changed.")
        }
        return try onSoundView {
            try read { _ in }
            if try view().read({ try !$0.searchQueue(limit: 1).isEmpty }) { try locked { try indexForSearch() } }
            return try reading { session in
                try session.view.search(words: words, limit: limit).compactMap(session.document)
            }
        }
    }

    private func indexForSearch() throws {
        let view = try view()
        var indexed: Int
        repeat {
            indexed = try log.read { log in
                try view.write { view in
                    let session = Session(log, view, loader, schema, now: surroundings.now, team: { try self.team(log) })
                    let queue = try view.searchQueue(limit: 1000)
                    for number in queue { try index(number, session) }
                    try view.noteIndexed(queue)
                    return queue.count
                }
            }
            // Of a view in memory only an image keeps it for the next process.
            tail.add(changes: 0, operations: indexed)
        } while indexed > 0
    }

    private func index(_ number: Int64, _ session: Session) throws {
        guard let stored = try session.view.record(number: number), stored.standing == .shown,
            let document = try session.document(stored)
        else { return try session.view.unindex(record: number) }
        let text = SearchText(document)
        try session.view.index(record: number, title: text.title, place: text.place, text: text.rest)
    }
}

/// The words of a record by which it is found.
struct SearchText {
    private(set) var title = ""
    private(set) var place = ""
    private(set) var rest = ""

    init(_ document: RecordDocument) {
        for field in document.fields {
            switch field.number {
            case Field.title: title = Self.words(field.content)
            case Field.place: place = Self.words(field.content)
            default: rest += Self.words(field.content) + "\n"
            }
        }
    }

    private static func words(_ content: RecordDocument.Content) -> String {
        switch content {
        case .values(let values), .set(let values): values.map(words).joined(separator: "\n")
        case .log(let entries): entries.flatMap(\.values).map(words).joined(separator: "\n")
        case .map(let items): items.flatMap(\.fields).flatMap(\.values).map(words).joined(separator: "\n")
        case .counter: ""
        }
    }

    private static func words(_ value: Value) -> String {
        switch value {
        case .text(let text): text
        case .tuple(let parts): parts.map { words($0.value) }.joined(separator: " ")
        default: ""
        }
    }
}
