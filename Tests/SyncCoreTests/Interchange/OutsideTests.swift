import Testing

@testable import SyncCore

extension Interchange {
    /// What is written by hand or by other programs.
    @Suite struct Outside {
        private func event(_ rest: String) throws -> RecordDocument {
            try #require(Interchange.documents("{\"type\":\"event\",\"code\":\"seed:leeds\",\(rest)}", .ndjson).first)
        }

        @Test func codesGiveIDs() throws {
            let document = try event("\"codes\":[\"b\"]")
            let hash = Digest.hash("sync/v1/code", Array("event".utf8), [0], Array("seed:leeds".utf8))
            #expect(document.id == RecordID(Array(hash.bytes)))
            #expect(document.id == DerivedKeys.record(.event, code: "seed:leeds"))
            #expect(document.set(Field.codes) == [.text("b"), .text("seed:leeds")])
            let petition = try #require(Interchange.documents("{\"type\":\"petition\",\"code\":\"seed:leeds\"}", .ndjson).first)
            #expect(petition.id != document.id)
            #expect(petition.fields == [.init(Field.codes, .set([.text("seed:leeds")]))])
        }

        @Test func linesWithoutNamesAreNamedByTheirBytes() {
            let line = "{\"type\":\"event\",\"title\":\"a\"}"
            let ids = Interchange.documents("\(line)\r\n\n\(line)\n\(line) \n", .ndjson).map(\.id)
            #expect(ids.count == 3 && ids[0] != nil && ids[1] != ids[2])
            #expect(ids == Interchange.documents("\(line)\r\n\n\(line)\n\(line) \n", .ndjson).map(\.id))
        }

        @Test func keysDeriveFromContent() throws {
            let document = try event(
                "\"counts\":[{\"text\":\"hundreds\"},{\"text\":\"hundreds\"},{\"text\":\"3\",\"what\":\"arrests\"}],"
                    + "\"organisers\":[{\"role\":\"caller\",\"name\":\"A\"},{\"name\":\"A\",\"role\":\"host\"},{\"name\":\"A\",\"role\":\"caller\"}],"
                    + "\"sources\":[{\"title\":\"t\"},{\"url\":\"u\",\"title\":\"t\"}]")
            let id = try #require(document.id)
            let count = Value.parts((Part.Count.what, .text("attendance")), (Part.Count.text, .text("hundreds")))
            #expect(
                document.entries(Field.counts).map(\.values.first) == [count, .parts((1, .text("arrests")), (2, .text("3")))])
            #expect(
                document.entries(Field.counts).first?.key == ItemKey(derivedFrom: id.bytes, Array("counts".utf8), count.encoded))
            let organisers = document.items(Field.organisers)
            #expect(organisers.map { $0.value(Part.Organiser.role) } == [.text("caller"), .text("host")])
            #expect(organisers.first?.key == ItemKey(derivedFrom: id.bytes, Array("organisers".utf8), Value.text("A").encoded))
            #expect(Set(organisers.map(\.key)).count == 2)
            let sources = document.items(Field.sources).map(\.key)
            #expect(sources[0] == ItemKey(derivedFrom: id.bytes, Array("sources".utf8), Value.text("t").encoded))
            #expect(sources[1] == ItemKey(derivedFrom: id.bytes, Array("sources".utf8), Value.text("u").encoded))
        }

        @Test func aCountWithAnIDIsLeftAsItIs() throws {
            let document = try event("\"counts\":[{\"id\":\"0000000000008\",\"text\":\"x\"}]")
            #expect(document.entries(Field.counts).first?.values == [.parts((Part.Count.text, .text("x")))])
        }

        @Test func datesAreReadAsPeopleWriteThem() throws {
            let document = try event("\"starts\":\"13 April 2017 19:00\",\"ends\":\"2017-04-13T20:00\"")
            #expect(document.value(Field.starts) == .text("2017-04-13T19:00[Europe/London]"))
            #expect(document.value(Field.ends) == .text("2017-04-13T20:00"))
            #expect(
                Interchange.problem("{\"type\":\"event\",\"starts\":\"sometime\"}", .ndjson).hasPrefix(
                    "1:17 'starts': Could not read"))
        }

        @Test func hostileLinesAreLinear() {
            let items = (0..<20_000).map { "{\"name\":\"a\",\"role\":\"\($0)\"}" }.joined(separator: ",")
            let names = (0..<20_000).map { "\"x\($0)\":1" }.joined(separator: ",")
            let spent = threadSeconds {
                #expect(Interchange.items("{\"type\":\"event\",\"organisers\":[\(items)]}", .ndjson).count == 1)
                #expect(Interchange.items("{\"type\":\"event\",\(names)}", .ndjson).count == 1)
            }
            #expect(spent < 60)
        }
    }
}
