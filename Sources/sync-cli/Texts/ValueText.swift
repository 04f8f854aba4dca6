import SyncCore

/// Values as people read them.
enum ValueText {
    static func text(_ value: Value, _ field: FieldSchema) -> String {
        switch field.number {
        case Field.place: place(value)
        case Field.geo: geo(value)
        case Field.links, Field.claims: pair(value, separator: ": ")
        case Field.notes: withDetails(value, Part.Note.text, [Part.Note.by, Part.Note.at], field.type)
        case Field.goal: goal(value)
        case Field.counts: CountText(value).line
        case Field.readings: ReadingText(value).line
        case Field.milestones: milestone(value)
        default: text(value, as: field.type)
        }
    }

    static func text(_ value: Value, as type: FieldType) -> String {
        switch (type, value) {
        case (_, .nothing): return "(cleared)"
        case (.when, .text(let text)): return When(isoText: text)?.displayText ?? text
        case (.flag, .integer(let number)): return number == 1 ? "yes" : "no"
        case (.degrees, .integer(let units)): return degrees(units)
        case (_, .text(let text)): return text
        case (_, .integer(let number)): return grouped(number)
        case (.record, .bytes(let bytes)): return RecordID(bytes)?.text ?? Hex.encode(bytes)
        case (_, .bytes(let bytes)): return Hex.encode(bytes)
        case (.tuple(let schema), .tuple(let parts)):
            return parts.map { part in
                let known = schema.first { $0.number == part.number }
                return "\(known?.name ?? "#\(part.number)") \(text(part.value, as: known?.type ?? .text))"
            }.joined(separator: ", ")
        case (_, .tuple(let parts)): return parts.map { text($0.value, as: .text) }.joined(separator: ", ")
        }
    }

    /// `2,000,000`.
    static func grouped(_ number: some BinaryInteger) -> String {
        let digits = String(number.magnitude)
        var out = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { out.append(",") }
            out.append(digit)
        }
        return number < 0 ? "-\(out)" : out
    }

    /// Units of 10⁻⁷ degrees as a decimal number.
    static func degrees(_ units: Int64) -> String {
        let magnitude = units.magnitude
        var fraction = String(magnitude % 10_000_000)
        fraction = String(repeating: "0", count: 7 - fraction.count) + fraction
        while fraction.count > 1, fraction.last == "0" { fraction.removeLast() }
        return "\(units < 0 ? "-" : "")\(magnitude / 10_000_000).\(fraction)"
    }

    static func place(_ value: Value) -> String {
        let order = [
            Part.Place.venue, Part.Place.street, Part.Place.postcode, Part.Place.locality, Part.Place.region, Part.Place.country,
        ]
        return order.compactMap { value[part: $0]?.text }.filter { !$0.isEmpty }.joined(separator: ", ")
    }

    private static func geo(_ value: Value) -> String {
        let schema = RecordSchema.event
        let latitude = value[part: schema.inner(Field.geo, "lat")]?.integer
        let longitude = value[part: schema.inner(Field.geo, "lon")]?.integer
        let precision = value[part: schema.inner(Field.geo, "precision")]?.integer
        let how = value[part: schema.inner(Field.geo, "how")]?.text
        let position = [latitude, longitude].compactMap(\.self).map(degrees).joined(separator: ", ")
        let details = [precision.map { "to \(grouped($0)) m" }, how].compactMap(\.self)
        return details.isEmpty ? position : "\(position) (\(details.joined(separator: ", ")))"
    }

    private static func pair(_ value: Value, separator: String) -> String {
        [value[part: 1]?.text, value[part: 2]?.text].compactMap(\.self).joined(separator: separator)
    }

    private static func goal(_ value: Value) -> String {
        let label = value[part: Part.Goal.label]?.text
        guard let number = value[part: Part.Goal.value]?.integer else { return label ?? "" }
        return grouped(number) + (label.map { " (\($0))" } ?? "")
    }

    private static func milestone(_ value: Value) -> String {
        let on = value[part: Part.Milestone.on]?.text.map { When(isoText: $0)?.displayText ?? $0 }
        let count = value[part: Part.Milestone.count]?.integer.map { "\(grouped($0)) signatures" }
        let to = value[part: Part.Milestone.to]?.text.map { "to \($0)" }
        let parts = [value[part: Part.Milestone.what]?.text, on, to, count, value[part: Part.Milestone.text]?.text]
        return parts.compactMap(\.self).joined(separator: " · ")
    }

    private static func withDetails(_ value: Value, _ main: UInt32, _ details: [UInt32], _ type: FieldType) -> String {
        let shown = details.compactMap { number -> String? in
            guard let part = value[part: number], let schema = type.tupleParts.first(where: { $0.number == number }) else { return nil }
            return Self.text(part, as: schema.type)
        }
        let words = value[part: main]?.text ?? ""
        return shown.isEmpty ? words : "\(words) (\(shown.joined(separator: ", ")))"
    }
}
