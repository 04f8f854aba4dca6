import SyncCore

/// What people type for one value, checked and turned into what is stored.
struct FieldInput {
    let dates: WhenParser

    func text(_ text: String, _ option: String) throws -> Value {
        let trimmed = text.drop { $0.isWhitespace }
        guard !trimmed.isEmpty else {
            throw SyncError(.usage, "\(option): there is no text.", safe: Failure.unchanged, next: "To empty a field use  --clear FIELD.")
        }
        return .text(text)
    }

    func date(_ text: String, _ option: String) throws -> When {
        do {
            return try dates.parse(text)
        } catch {
            throw SyncError(.usage, "\(option): \(error.message)", safe: Failure.unchanged)
        }
    }

    func integer(_ text: String, _ option: String) throws -> Int64 {
        let digits = text.filter { $0 != "," && $0 != " " && $0 != "_" }
        guard let number = Int64(digits), number >= 0 else {
            throw SyncError(.usage, "\(option): “\(text)” is no whole number.", safe: Failure.unchanged)
        }
        return number
    }

    /// `51.5074,-0.1278` as the parts of a position.
    func position(_ text: String) throws -> Value {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            Double(part.filter { !$0.isWhitespace })
        }
        guard numbers.count == 2, let latitude = numbers[0], let longitude = numbers[1], abs(latitude) <= 90, abs(longitude) <= 180
        else {
            throw SyncError(
                .usage, "--geo: “\(text)” is no position.", safe: Failure.unchanged,
                next: "Write latitude and longitude in degrees, such as 53.7997,-1.5492.")
        }
        let units = [latitude, longitude].map { Value.integer(Int64(($0 * 1e7).rounded())) }
        let schema = RecordSchema.event
        return .parts((schema.inner(Field.geo, "lat"), units[0]), (schema.inner(Field.geo, "lon"), units[1]))
    }

    /// `Amnesty:host`: what follows the last colon is a role, if it is a known one or looks as if it was meant to be one.
    func organiser(_ text: String) throws -> [(number: UInt32, value: Value)] {
        let role = RecordSchema.event[Part.Organiser.role]?.type
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex else {
            return [(Part.Organiser.name, try self.text(text, "--organiser"))]
        }
        let last = text[text.index(after: colon)...]
        guard !last.isEmpty, last.allSatisfy({ $0.isLowercase }) else {
            return [(Part.Organiser.name, try self.text(text, "--organiser"))]
        }
        let name = Choice.trimmed(String(text[..<colon]))
        return [
            (Part.Organiser.name, try self.text(name, "--organiser")),
            (Part.Organiser.role, .text(try Choice.checked(String(last), role, option: "--organiser, role"))),
        ]
    }

    /// `Name (organisation)`.
    func speaker(_ text: String) throws -> [(number: UInt32, value: Value)] {
        let schema = RecordSchema.event
        let name = schema.inner(Field.speakers, "name")
        guard text.hasSuffix(")"), let open = text.lastIndex(of: "("), open > text.startIndex else {
            return [(name, try self.text(text, "--speaker"))]
        }
        let organisation = String(text[text.index(after: open)...].dropLast())
        return [
            (name, try self.text(Choice.trimmed(String(text[..<open])), "--speaker")),
            (schema.inner(Field.speakers, "organisation"), .text(organisation)),
        ]
    }

    /// A URL, or a description of what was read.
    func source(_ text: String) throws -> [(number: UInt32, value: Value)] {
        let isURL = text.contains("://") && !text.contains(" ")
        return [(RecordSchema.event.inner(Field.sources, isURL ? "url" : "title"), try self.text(text, "--source"))]
    }

    /// `against: text`; without a stance it is verbatim.
    func claim(_ text: String) throws -> Value {
        let stances = ["for", "against", "verbatim"]
        if let colon = text.firstIndex(of: ":"), case let stance = text[..<colon].lowercased(), stances.contains(stance) {
            let claim = Choice.trimmed(String(text[text.index(after: colon)...]))
            return .parts((1, .text(stance)), (2, try self.text(claim, "--claim")))
        }
        return .parts((1, .text("verbatim")), (2, try self.text(text, "--claim")))
    }

    /// `relation:target`.
    func link(_ text: String) throws -> (relation: String, target: String) {
        guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else {
            throw SyncError(
                .usage, "--link: “\(text)” has no relation.", safe: Failure.unchanged,
                next: "Write it as RELATION:TARGET, such as \"follows:7f3k2q\" or \"livestream:https://…\".")
        }
        return try link(String(text[..<colon]), String(text[text.index(after: colon)...]))
    }

    func link(_ relation: String, _ target: String) throws -> (relation: String, target: String) {
        let known = RecordSchema.event[Field.links]?.type.tupleParts.first { $0.number == Part.Link.relation }?.type
        let checked = try Choice.checked(relation, known, option: "relation")
        let trimmed = Choice.trimmed(target)
        guard !trimmed.isEmpty else {
            throw SyncError(.usage, "A link needs a target: an id or an address.", safe: Failure.unchanged)
        }
        return (checked, trimmed)
    }
}

extension Choice {
    static func trimmed(_ text: String) -> String {
        var slice = text[...]
        while slice.first?.isWhitespace ?? false { slice.removeFirst() }
        while slice.last?.isWhitespace ?? false { slice.removeLast() }
        return String(slice)
    }
}
