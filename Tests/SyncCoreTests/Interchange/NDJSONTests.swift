import Testing

@testable import SyncCore

extension Interchange {
    @Suite struct NDJSON {
        @Test(arguments: 1...40)
        func importAfterExportIsTheIdentity(seed: UInt64) {
            var maker = DocumentMaker(seed: seed)
            let documents = (0..<10).map { maker.document($0.isMultiple(of: 2) ? .event : .petition) }
            let first = Interchange.export(documents, NDJSONWriter())
            let back = Interchange.documents(first.bytes, .ndjson)
            #expect(back == documents)
            #expect(Interchange.export(back, NDJSONWriter()).bytes == first.bytes)
            #expect(first.summary.omissions.filter { !$0.what.hasSuffix("field 4000") }.isEmpty)
        }

        @Test func looksAsDocumented() throws {
            let document = RecordDocument(
                kind: .event, id: RecordID(high: 1, low: 4),
                fields: [
                    .init(Field.title, .values([.text("Rally"), .text("March")])),
                    .init(
                        Field.organisers,
                        .map([.init(key: ItemKey(2), fields: [(7, [.text("A"), .text("B")]), (8, [.text("caller")])])])),
                    .init(Field.starts, .values([.text("2017-04-13T19:00[Europe/Paris]")])),
                    .init(Field.geo, .values([.parts((1, .integer(488_566_000)), (2, .integer(20_000_000)))])),
                    .init(Field.counts, .log([.init(key: ItemKey(4), values: [.parts((2, .text("50")), (5, .integer(1)))])])),
                ])
            let expected =
                "{\"schema\":1,\"type\":\"event\",\"id\":\"0000000000002000000000000g\",\"title\":\"Rally\","
                + "\"organisers\":[{\"id\":\"0000000000004\",\"name\":\"A\",\"role\":\"caller\"}],\"starts\":\"2017-04-13T19:00[Europe/Paris]\","
                + "\"geo\":{\"lat\":48.8566,\"lon\":2},\"counts\":[{\"id\":\"0000000000008\",\"text\":\"50\",\"low_open\":true}],"
                + "\"alternatives\":{\"title\":[\"March\"],\"organisers\":{\"0000000000004\":{\"name\":[\"B\"]}}}}\n"
            #expect(String(decoding: Interchange.export([document], NDJSONWriter()).bytes, as: UTF8.self) == expected)
        }

        @Test func namesWhatHasNoPlace() {
            let document = RecordDocument(
                kind: .event, id: RecordID(high: 1, low: 4),
                fields: [
                    .init(Field.title, .values([.integer(3)])), .init(Field.starts, .values([.text("soon")])),
                    .init(Field.state, .values([.text("open")])), .init(Field.causes, .counter(1)),
                ])
            let (bytes, summary) = Interchange.export([document], NDJSONWriter())
            #expect(
                String(decoding: bytes, as: UTF8.self)
                    == "{\"schema\":1,\"type\":\"event\",\"id\":\"0000000000002000000000000g\"}\n")
            #expect(summary.omitted == ["title": 1, "starts": 1, "field 70": 1, "causes": 1])
        }

        @Test(arguments: [
            ("\n{\"type\":\"event\",\"xyz\":1}", "2:17 unknown field 'xyz'"),
            ("{\"type\":\"event\",\"place\":{\"town\":\"x\"}}", "1:26 'place': unknown field 'town'"),
            ("{\"type\":\"event\",\"state\":\"open\"}", "1:17 unknown field 'state'"),
            ("[]", "1:1 expected an object, found a list"),
            ("{\"title\":\"x\"}", "1:- 'type' is missing: \"event\" or \"petition\""),
            ("{\"type\":\"rally\"}", "1:2 'type': expected \"event\" or \"petition\""),
            (
                "{\"schema\":2,\"type\":\"event\"}",
                "1:2 this line has format version 2; this program reads up to 1. Use a newer one."
            ),
            (
                "{\"type\":\"event\",\"id\":\"leeds\"}",
                "1:17 'id': expected 26 characters of base 32; an id of another system goes into 'code'"
            ),
            ("{\"type\":\"event\",\"title\":1}", "1:17 'title': expected a text, found a number"),
            ("{\"type\":\"event\",\"causes\":\"x\"}", "1:17 'causes': expected a list, found a text"),
            ("{\"type\":\"event\",\"counts\":[\"50\"]}", "1:17 'counts': expected an object, found a text"),
            ("{\"type\":\"event\",\"counts\":[{\"low\":1.5}]}", "1:28 'counts': 'low': expected a whole number, found a number"),
            (
                "{\"type\":\"event\",\"counts\":[{\"id\":\"1\"}]}",
                "1:28 'id' of an entry: expected 13 characters of base 32; leave it out for a new one"
            ),
            (
                "{\"type\":\"event\",\"geo\":{\"lat\":1e2}}",
                "1:24 'geo': 'lat': expected degrees between -180 and 180, such as 48.8566"
            ),
            (
                "{\"type\":\"event\",\"media\":[{\"sha256\":\"00\"}]}",
                "1:27 'sha256': expected a SHA-256 value: 64 hexadecimal digits"
            ),
            (
                "{\"type\":\"event\",\"alternatives\":{\"title\":[\"x\"]}}",
                "1:33 alternatives of 'title', of which the record has no value"
            ),
            (
                "{\"type\":\"event\",\"title\":\"x\",\"alternatives\":{\"title\":\"x\"}}",
                "1:45 'title': expected a list, found a text"
            ),
            ("{\"type\":\"event\",\"title\":\"x\"", "1:28 not JSON: expected ',' or '}' after a value of an object"),
            ("{\"type\":\"petition\",\"tally\":1.5}", "1:20 'tally': expected a whole number"),
            ("{\"type\":\"event\",\"place\":{\"#3\":\"00\"}}", "1:26 'place': unknown field '#3'"),
            ("{\"type\":\"event\",\"place\":{\"#09\":\"00\"}}", "1:26 'place': unknown field '#09'"),
            ("{\"type\":\"event\",\"place\":{\"#9\":\"ff\"}}", "1:26 'place': '#9': damaged value"),
        ])
        func saysWhatIsWrong(text: String, expected: String) { #expect(Interchange.problem(text, .ndjson) == expected) }

        @Test func oneWrongThingLeavesTheOtherLines() {
            let items = Interchange.items(
                "{\"type\":\"event\",\"title\":\"a\"}\r\n{\"type\":\"event\",\"title\":1}\n{\"type\":\"event\",\"title\":\"c\"}",
                .ndjson)
            #expect(items.count == 3)
            if case .record(let last, let line) = items[2] {
                #expect(line == 3 && last.value(Field.title) == .text("c"))
            } else {
                Issue.record()
            }
        }

        @Test func twoEntriesWithOneID() {
            let text =
                "{\"type\":\"event\",\"counts\":[{\"id\":\"0000000000008\",\"text\":\"1\"},{\"id\":\"0000000000008\",\"text\":\"2\"}]}"
            #expect(Interchange.problem(text, .ndjson) == "1:17 two different entries have the id 0000000000008")
        }

        @Test func tooLongLinesAreSkipped() {
            var bytes = Array("{\"type\":\"event\",\"title\":\"".utf8)
            bytes += [UInt8](repeating: 0x78, count: NDJSONReader.lineLimit) + Array("\"}\n{\"type\":\"event\"}\n".utf8)
            let items = Interchange.items(bytes, .ndjson, chunk: 1 << 20)
            #expect(items.first == .problem(line: 1, column: nil, message: "a line is longer than 16777216 bytes"))
            #expect(items.count == 2)
        }
    }
}
