import Testing

@testable import SyncCore

extension Interchange {
    @Suite struct Tables {
        private func text(_ documents: [RecordDocument], _ table: CSVTable) -> String {
            String(decoding: Interchange.export(documents, CSVTableWriter(table)).bytes, as: UTF8.self)
        }

        @Test func headers() {
            #expect(
                CSVTable.counts.header.joined(separator: ",")
                    == "event_id,count_id,what,text,low,high,low_open,high_open,stage,basis,source_url,observed_at,by")
            #expect(
                CSVTable.readings.header.joined(separator: ",")
                    == "petition_id,reading_id,channel,value,text,exactness,as_of,scope,source_url,by")
            #expect(
                CSVTable.events.header.joined(separator: ",")
                    == "id,code,title,description,causes,targets,organisers,links,visibility,types,starts,ends,status,place.venue,place.street,"
                    + "place.locality,place.region,place.country,place.postcode,geo.lat,geo.lon,geo.precision,geo.how,participants,claims,same"
            )
            #expect(
                CSVTable.petitions.header.joined(separator: ",")
                    == "id,code,title,description,causes,targets,organisers,links,visibility,state,platform,url,opens,closes,goal.value,goal.label,same"
            )
            #expect(text([], .counts).hasPrefix("event_id,"))
        }

        @Test func aRowOfAnEvent() throws {
            let csv = "Code;Title;organisers;starts;place.locality;geo.lat;types;links\nseed:a;Rally;A (caller)"
            let full =
                csv.replacing(";", with: ",")
                + "; B (France),22 April 2017,Leeds,53.8,rally; march,follows: seed:b; fundraiser: x: y\n"
            let document = try #require(Interchange.documents(full, .csv).first)
            let id = DerivedKeys.record(.event, code: "seed:a")
            #expect(document.id == id)
            #expect(document.value(Field.starts) == .text("2017-04-22"))
            #expect(document.value(Field.place) == .parts((Part.Place.locality, .text("Leeds"))))
            #expect(document.set(Field.types) == [.text("rally"), .text("march")])
            #expect(
                document.set(Field.links) == [
                    .parts((1, .text("follows")), (2, .text("seed:b"))), .parts((1, .text("fundraiser")), (2, .text("x: y"))),
                ])
            #expect(document.items(Field.organisers).map { $0.value(7) } == [.text("A"), .text("B (France)")])
            #expect(document.items(Field.organisers).first?.value(8) == .text("caller"))
        }

        @Test func countsNameEventsByIDOrCode() throws {
            let id = RecordID(high: 7, low: 8)
            let csv = "event_id,text,low,high_open,observed_at\n\(id.text),over 150,150,yes,\nseed:a,hundreds,,,12 April 2017\n"
            let documents = Interchange.documents(csv, .csv)
            #expect(documents.map(\.id) == [id, DerivedKeys.record(.event, code: "seed:a")])
            #expect(documents[0].fields.count == 1)
            #expect(documents[1].set(Field.codes) == [.text("seed:a")])
            let first = Value.parts((1, .text("attendance")), (2, .text("over 150")), (3, .integer(150)), (6, .integer(1)))
            #expect(documents[0].entries(Field.counts).first?.values == [first])
            #expect(documents[1].entries(Field.counts).first?.values.first?[part: Part.Count.seen] == .text("2017-04-12"))
            #expect(text(documents, .counts).split(separator: "\n").count == 3)
        }

        @Test(arguments: [
            ("id,titel,starts\n", "1:- unknown columns for events: 'titel'. Nothing was read. Rename them, or take them out."),
            ("title,starts,title\n", "1:3 the column 'title' stands twice in the header"),
            ("starts\n", "1:- a header needs two columns at least"),
            ("title,starts\na,b,c\n", "2:3 the row has more cells than the header"),
            (
                "title,starts\na,\n\nb,someday\n",
                "4:2 starts: Could not read \"someday\" in a date. Write it as 22 April 2017 or 2017-04-22."
            ),
            ("id,starts\nx,\n", "2:1 id: expected 26 characters of base 32; an id of another system goes into 'code'"),
            ("event_id,text\n,50\n", "2:- event_id is missing: whose entry is this?"),
            ("event_id,text\na,\n", "2:- the row says nothing: give 'text', or figures"),
            ("event_id,low\na,many\n", "2:2 low: expected a whole number"),
            ("event_id,count_id,low\na,1,2\n", "2:2 count_id: expected 13 characters of base 32; leave it empty for a new one"),
            ("event_id,low_open\na,maybe\n", "2:2 low_open: expected true or false"),
        ])
        func saysWhatIsWrong(csv: String, expected: String) { #expect(Interchange.problem(csv, .csv) == expected) }

        @Test func anUnclearHeaderStopsTheFile() {
            let items = Interchange.items("id,title\n,a\n,b\n", .csv)
            #expect(items.count == 1)
            #expect(Interchange.problem("id,title\n,a\n", .csv).contains("does not say what the rows are"))
        }

        @Test(arguments: 1...60)
        func roundTrip(seed: UInt64) throws {
            var maker = DocumentMaker(seed: seed)
            maker.isRich = seed.isMultiple(of: 2)
            for table in CSVTable.allCases {
                let document = maker.document(table.kind)
                let first = Interchange.export([document], CSVTableWriter(table, lineEnd: .crlf))
                let back = Interchange.documents(first.bytes, .csv)
                guard table.log == nil else {
                    checkEntries(back, of: document, table, first.summary)
                    continue
                }
                let copy = try #require(back.first)
                let second = Interchange.export([copy], CSVTableWriter(table, lineEnd: .crlf))
                #expect(second.bytes == first.bytes)
                #expect(second.summary.omissions.isEmpty)
                check(copy, against: document, first.summary)
            }
        }

        private func checkEntries(
            _ back: [RecordDocument], of document: RecordDocument, _ table: CSVTable, _ summary: ExportSummary
        ) {
            guard let log = table.log, summary.omitted.isEmpty else { return }
            let entries = back.flatMap { $0.entries(log.number) }
            let expected = document.entries(log.number).filter { $0.values.first.map(Self.simplified)?.isNothing == false }
            #expect(entries.map(\.key) == expected.map(\.key))
            #expect(entries.map { $0.values.first.map(Self.simplified) } == expected.map { $0.values.first.map(Self.simplified) })
        }

        /// Every field that is not among the omissions comes back.
        private func check(_ copy: RecordDocument, against document: RecordDocument, _ summary: ExportSummary) {
            #expect(copy.id == document.id)
            for field in RecordSchema.of(document.kind).fields
            where !summary.omitted.keys.contains(where: { $0.contains(field.name) }) {
                switch document[field.number] {
                case .values: #expect(Self.simplified(copy.value(field.number)) == Self.simplified(document.value(field.number)))
                case .set(let values): #expect(copy.set(field.number) == values)
                case .map(let items) where field.number == Field.organisers:
                    let names = items.filter { $0.value(7)?.isNothing == false }.map {
                        [$0.value(7), $0.value(8)].map(Self.simplified)
                    }
                    #expect(Set(copy.items(field.number).map { [$0.value(7), $0.value(8)].map(Self.simplified) }) == Set(names))
                default: break
                }
            }
        }

        /// An empty cell stands for a cleared value, an empty text and nothing at all.
        private static func simplified(_ value: Value?) -> Value {
            switch value {
            case nil, .text(""): return .nothing
            case .tuple(let parts)?:
                let said = parts.map { Value.Part($0.number, simplified($0.value)) }.filter { !$0.value.isNothing }
                return said.isEmpty ? .nothing : .tuple(said)
            case let value?: return value
            }
        }
    }
}
