import Foundation
import Testing

@testable import SyncCore

/// Which pairs a person is asked about, and which not.
@Suite struct DuplicateTests {
    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }

    init() throws { team = try TestTeam(devices: 1) }

    private func event(
        _ title: String?, _ starts: String?, _ locality: String? = nil, venue: String? = nil, geo: (Double, Double)? = nil, by organisers: [String] = []
    ) -> RecordDocument {
        var fields: [RecordDocument.FieldContent] = []
        if let title { fields.append(.init(Field.title, .values([.text(title)]))) }
        if !organisers.isEmpty {
            let items = organisers.map { RecordDocument.Item(key: ItemKey(derivedFrom: Array($0.utf8)), fields: [(Part.Organiser.name, [.text($0)])]) }
            fields.append(.init(Field.organisers, .map(items)))
        }
        if let starts { fields.append(.init(Field.starts, .values([.text(starts)]))) }
        if locality != nil || venue != nil {
            let parts = [(Part.Place.venue, venue), (Part.Place.locality, locality)].compactMap { number, text in
                text.map { Value.Part(number, .text($0)) }
            }
            fields.append(.init(Field.place, .values([.tuple(parts)])))
        }
        if let geo {
            let parts = [(UInt32(1), geo.0), (2, geo.1)].map { Value.Part($0, .integer(Int64($1 * 1e7))) }
            fields.append(.init(Field.geo, .values([.tuple(parts)])))
        }
        return RecordDocument(kind: .event, id: nil, fields: fields)
    }

    private func suggested(_ documents: RecordDocument...) throws -> [Likeness] {
        _ = try ana.importDocuments(documents, source: "test")
        return try ana.read { try $0.suggestions() }.map(\.likeness)
    }

    @Test func `one rally that two people logged in their own words is asked about`() throws {
        let found = try suggested(
            event("Solidarity rally", "2017-04-22", "Leeds", by: ["Amnesty"]), event("Leeds Rally for Solidarity!", "2017-04-22", "LEEDS", by: ["amnesty", "Choir"]))
        #expect(found.count == 1)
        #expect(found.first?.reasons == [.sameDay(minutesApart: nil), .sameLocality, .alikeTitle, .commonOrganisers(1)])
        #expect(found.first.map { $0.score >= 85 } == true)
    }

    @Test func `three rallies of three years outside one embassy are three`() throws {
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
        for name in ["1-events.ndjson", "2-petitions.ndjson"] {
            let format = try #require(InterchangeFormat.detect(fileName: name))
            let bytes = Array(try Data(contentsOf: root.appending(path: "seeds/\(name)")))
            _ = try ana.importDocuments(Interchange.documents(bytes, format), source: name)
        }
        #expect(try ana.documents().count == 19)
        #expect(try ana.read { try $0.suggestions() }.isEmpty)
    }

    @Test func `other days, other towns and other names are no question`() throws {
        #expect(
            try suggested(
                event("Rally for solidarity", "2017-04-22", "Leeds"), event("Rally for solidarity", "2017-04-23", "Leeds"),
                event("Rally for solidarity", "2017-04-22", "York"), event("Tenants' assembly", "2017-04-22", "Leeds"),
                event(nil, "2017-04-22", "Leeds"), event("Rally for solidarity", nil, "Leeds")
            ).isEmpty)
    }

    @Test func `a date that is not exact, a place by its position, or none at all`() throws {
        let about = try suggested(event("Vigil for the missing", "2019-03-02", "Bern"), event("Vigil for the missing", "2019~", "Bern"))
        #expect(about.map(\.reasons) == [[.fittingDates, .sameLocality, .sameTitle]])
        let near = try suggested(
            event("March of the nurses", "2018-05-01T14:00", "Basel", geo: (47.5596, 7.5886)),
            event("Nurses' march", "2018-05-01T14:30", "Kleinbasel", geo: (47.5605, 7.5890)))
        #expect(near.contains { $0.reasons == [.sameDay(minutesApart: 30), .near(metres: 104), .alikeTitle] }, "\(near)")
        let nowhere = try suggested(event("Die-in at the ministry", "2020-02-02"), event("Die-in at the ministry", "2020-02-02", "Turin"))
        #expect(nowhere.contains { $0.reasons == [.sameDay(minutesApart: nil), .sameTitle] })
    }

    @Test func `petitions are alike by their address, or by nearly one title`() throws {
        func petition(_ title: String, _ url: String?) -> RecordDocument {
            let address = url.map { [RecordDocument.FieldContent(Field.url, .values([.text($0)]))] } ?? []
            return RecordDocument(kind: .petition, id: nil, fields: [.init(Field.title, .values([.text(title)]))] + address)
        }
        let found = try suggested(
            petition("Stop it", "https://example.org/p/1/"), petition("Another name", "http://www.example.org/p/1"),
            petition("Save the library of Leeds now", nil), petition("Save the library of Leeds now", nil), petition("Save the baths", nil))
        #expect(found.map(\.reasons) == [[.sameAddress], [.sameTitle]])
    }

    @Test func `nobody is asked about what is one, was told apart, or is related`() throws {
        _ = try suggested(
            event("Solidarity rally", "2017-04-22", "Leeds"), event("Solidarity rally", "2017-04-22", "Leeds", venue: "City Square"),
            event("Solidarity rally", "2017-04-22", "Leeds", venue: "Town Hall"))
        let ids = try ana.documents().compactMap(\.id)
        #expect(try ana.read { try $0.suggestions() }.count == 3)
        _ = try ana.commit { try $0.link(ids[0], ids[1]) }
        #expect(try ana.read { try $0.suggestions() }.map { [$0.first, $0.second] } == [[ids[0], ids[2]]])
        // Of any member it holds for all that are one with it.
        _ = try ana.commit { try $0.part(ids[1], ids[2]) }
        #expect(try ana.read { try $0.suggestions() }.isEmpty)
        _ = try ana.commit { try $0.part(ids[0], ids[1]) }
        #expect(try ana.read { try $0.suggestions() }.map { [$0.first, $0.second] } == [[ids[0], ids[2]]])
        try ana.commit {
            try $0.add(ids[0], Field.links, .parts((Part.Link.relation, .text("counter to")), (Part.Link.target, .text(ids[2].text))))
        }
        #expect(try ana.read { try $0.suggestions() }.isEmpty)
    }

    @Test func `a new pair is told from those that were known`() throws {
        _ = try suggested(event("Solidarity rally", "2017-04-22", "Leeds"), event("Rally: solidarity", "2017-04-22", "Leeds"))
        let known = try ana.read { try $0.lastRecordNumber() }
        #expect(try ana.read { try $0.suggestions(newerThan: known) }.map(\.isNew) == [false])
        _ = try suggested(event("Solidarity rally", "2017-04-22", "Leeds", venue: "City Square"))
        #expect(try ana.read { try $0.suggestions(newerThan: known) }.count { $0.isNew } == 2)
    }

    @Test(arguments: [1, 40, 10_000]) func `what is compared grows with the records and not with their square`(towns: Int) {
        var dice = Seeded(7)
        let sightings = (0..<10_000).map { number -> Sighting in
            var sighting = Sighting(record: Int64(number))
            sighting.setWhen(towns == 1 ? "2018-04-07" : "2018-0\(1 + dice.below(9))-1\(dice.below(10))")
            sighting.setPlace(locality: "Town \(dice.below(towns))", venue: nil, street: nil)
            sighting.setTitle(towns == 1 ? "Rally" : "Rally of the \(["nurses", "miners", "teachers"][dice.below(3)])")
            return sighting
        }
        let pairs = SightingPairs(events: sightings).pairs
        #expect(pairs.count < 40 * sightings.count, "\(pairs.count)")
        #expect(towns > 40 || pairs.count > sightings.count / 2)
    }

    @Test func `words are folded, and a letter more or less is no other word`() {
        #expect(Words.plain("  Île  de\u{300} France ") == "ile de france")
        #expect(Words.significant("The Rally for Solidarity, à Paris") == ["rally", "solidarity", "paris"])
        #expect(Words.areAlike("rally", "rallys") && Words.areAlike("protest", "protests") && Words.areAlike("solidarity", "solidaritty"))
        #expect(Words.areAlike("colour", "color"))
        #expect(!Words.areAlike("rally", "tally's") && !Words.areAlike("march", "mercy") && !Words.areAlike("may", "mayor"))
        #expect(!Words.areAlike("north", "south"))
    }
}
