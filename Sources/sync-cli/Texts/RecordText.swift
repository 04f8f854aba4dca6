import SyncCore

extension RecordDocument {
    var titleText: String { value(Field.title)?.text ?? "(no title)" }

    /// The city, else whatever of the place is known.
    var cityText: String? {
        guard let place = value(Field.place) else { return nil }
        if let city = place[part: Part.Place.locality]?.text, !city.isEmpty { return city }
        let text = ValueText.place(place)
        return text.isEmpty ? nil : text
    }

    var venueText: String? { value(Field.place)?[part: Part.Place.venue]?.text }

    func when(_ field: UInt32) -> When? { value(field)?.text.flatMap { When(isoText: $0) } }

    /// `Rally for solidarity · Leeds · Sat 22 Apr 2017 · around 400 (eyewitness)`.
    var summary: String {
        let parts: [String?]
        switch kind {
        case .event: parts = [titleText, cityText, when(Field.starts)?.displayText, CountsText(self).short]
        case .petition: parts = [titleText, value(Field.platform)?.text, TotalsText(self).short]
        }
        return parts.compactMap(\.self).joined(separator: " · ")
    }

    /// `London, Russian embassy`; the title where no place is known.
    var placeOrTitle: String {
        let place = [cityText, venueText == cityText ? nil : venueText].compactMap(\.self).joined(separator: ", ")
        return place.isEmpty ? titleText : place
    }
}

extension When {
    /// Short enough for a list: without the zone, and with `?` where the year was assumed.
    var listText: String {
        let words = displayText.replacing(" (year assumed)", with: "?")
        guard let zone else { return words }
        return words.replacing(" \(zone)", with: "")
    }
}
