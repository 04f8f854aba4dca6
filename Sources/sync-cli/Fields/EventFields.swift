import ArgumentParser
import SyncCore

/// The fields that only events have.
struct EventFields: ParsableArguments {
    @Option(
        name: [.customLong("type"), .customLong("add-type")],
        help: ArgumentHelp("rally, march, vigil, picket, …; repeatable.", valueName: "type"))
    var types: [String] = []

    @Option(help: ArgumentHelp("When it begins: \"22 April 2017\", \"13 April 19h00\", \"yesterday\".", valueName: "date"))
    var on: String?

    @Option(help: ArgumentHelp("When it ends.", valueName: "date"))
    var until: String?

    @Option(help: ArgumentHelp("The town or city.", valueName: "name"))
    var city: String?

    @Option(help: ArgumentHelp("The building, square or park.", valueName: "name"))
    var venue: String?

    @Option(help: ArgumentHelp(valueName: "name"))
    var street: String?

    @Option(help: ArgumentHelp("State, county or the like.", valueName: "name"))
    var region: String?

    @Option(help: ArgumentHelp("Two letters such as GB, or a name.", valueName: "country"))
    var country: String?

    @Option(help: ArgumentHelp(valueName: "code"))
    var postcode: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Position in degrees: 53.7997,-1.5492.", valueName: "lat,lon"))
    var geo: String?

    @Option(help: ArgumentHelp("called, confirmed, postponed, cancelled, held or unverified.", valueName: "status"))
    var status: String?

    @Option(
        name: [.customLong("participants"), .customLong("add-participants")],
        help: ArgumentHelp("Who takes part (\"nurses\"); repeatable.", valueName: "people"))
    var participants: [String] = []

    @Option(
        name: [.customLong("speaker"), .customLong("add-speaker")],
        help: ArgumentHelp("\"Name (organisation)\"; repeatable.", valueName: "name"))
    var speakers: [String] = []

    @Option(
        name: [.customLong("claim"), .customLong("add-claim")],
        help: ArgumentHelp("\"for: …\", \"against: …\", or in their own words; repeatable.", valueName: "text"))
    var claims: [String] = []

    func edits(_ input: FieldInput) throws -> [Edit] {
        var edits: [Edit] = try types.map { .add(Field.types, try input.text($0, "--type")) }
        if let on { edits.append(.assign(Field.starts, .text(try input.date(on, "--on").isoText))) }
        if let until { edits.append(.assign(Field.ends, .text(try input.date(until, "--until").isoText))) }
        if let status {
            let type = RecordSchema.event[Field.status]?.type
            edits.append(.assign(Field.status, .text(try Choice.checked(status, type, option: "--status"))))
        }
        edits += try placeEdits(input)
        edits += try participants.map { .add(Field.participants, try input.text($0, "--participants")) }
        edits += try speakers.map { .put(Field.speakers, try input.speaker($0)) }
        edits += try claims.map { .add(Field.claims, try input.claim($0)) }
        return edits
    }

    private func placeEdits(_ input: FieldInput) throws -> [Edit] {
        let given: [(UInt32, String?)] = [
            (Part.Place.venue, venue), (Part.Place.street, street), (Part.Place.locality, city), (Part.Place.region, region),
            (Part.Place.country, country), (Part.Place.postcode, postcode),
        ]
        let parts = given.compactMap { part, text in text.map { (part: part, value: Value.text($0)) } }
        return (parts.isEmpty ? [] : [.merge(Field.place, parts)])
            + (try geo.map { [.assign(Field.geo, try input.position($0))] } ?? [])
    }

    /// The dates as they were understood, those aside that the line about the saved record shows.
    func echoes(_ input: FieldInput, showingStart: Bool) throws -> [(field: String, when: When)] {
        var echoes: [(field: String, when: When)] = []
        if let on, showingStart { echoes.append(("starts", try input.date(on, "--on"))) }
        if let until { echoes.append(("ends", try input.date(until, "--until"))) }
        return echoes
    }
}

/// What takes something away from an event.
struct EventRemovals: ParsableArguments {
    @Option(name: .customLong("remove-type"), help: ArgumentHelp(valueName: "type"))
    var types: [String] = []

    @Option(name: .customLong("remove-participants"), help: ArgumentHelp(valueName: "people"))
    var participants: [String] = []

    @Option(name: .customLong("remove-speaker"), help: ArgumentHelp(valueName: "name"))
    var speakers: [String] = []

    @Option(name: .customLong("remove-claim"), help: ArgumentHelp(valueName: "text"))
    var claims: [String] = []

    var edits: [Edit] {
        types.map { .remove(Field.types, .text($0)) } + participants.map { .remove(Field.participants, .text($0)) }
            + speakers.map { .removeItem(Field.speakers, $0) } + claims.map { .remove(Field.claims, .text($0)) }
    }
}
