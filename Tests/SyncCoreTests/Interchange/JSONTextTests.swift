import Testing

@testable import SyncCore

extension Interchange {
    @Suite struct JSON {
        private func back(_ text: String) throws -> String {
            String(decoding: JSONText.bytes(try JSONText.parse(Array(text.utf8))), as: UTF8.self)
        }

        @Test(arguments: [
            ("null", "null"), (" true ", "true"), ("-0", "0"), ("9223372036854775807", "9223372036854775807"),
            ("9223372036854775808", "9223372036854775808"), ("1.0", "1.0"), ("1e5", "1e5"), ("-1.50E+2", "-1.50E+2"),
            ("\"\\u00e9\\/\\b\"", "\"é/\\u0008\""), ("\"\\ud83c\\udf08\"", "\"🌈\""), ("\"\\u0000\"", "\"\\u0000\""),
            ("[ 1 , [] , {} ]", "[1,[],{}]"), ("{\"b\":1,\"a\":{\"b\":2}}", "{\"b\":1,\"a\":{\"b\":2}}"),
            ("{\"é\":1,\"e\\u0301\":2}", "{\"é\":1,\"e\u{301}\":2}"), ("\"\u{7F}\u{2028}\"", "\"\u{7F}\u{2028}\""),
        ])
        func readsAndWrites(text: String, expected: String) throws {
            #expect(Array(try back(text).utf8) == Array(expected.utf8))
        }

        @Test(arguments: [
            ("", 1), ("  ", 3), ("1 2", 3), ("[1,]", 4), ("[1", 3), ("{\"a\":1,}", 8), ("{a:1}", 2), ("{\"a\" 1}", 6), ("01", 1),
            ("-", 2), ("1.", 3), ("1e", 3), (".5", 1), ("+1", 1), ("\"a", 1), ("\"\n\"", 2), ("\"\\x\"", 2), ("\"\\u12\"", 2),
            ("\"\\ud800\"", 2), ("\"\\udc00\"", 2), ("\"\\ud800\\u0041\"", 2), ("\"\\ud800\\ud800\"", 2),
            ("{\"a\":1,\"a\":2}", 8),
            ("{\"a\":1,\"\\u0061\":2}", 8), ("nul", 1), ("nulll", 5), ("\u{FEFF}1", 1), ("NaN", 1), ("'a'", 1), ("[1]]", 4),
        ])
        func refuses(text: String, column: Int) {
            let failure = #expect(throws: JSONFailure.self) { try JSONText.parse(Array(text.utf8)) }
            #expect(failure?.column == column, "\(failure?.message ?? "")")
        }

        @Test func refusesBytesThatAreNotUTF8() {
            for bytes: [UInt8] in [
                [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xFF], [0x22, 0xE2, 0x22],
            ] {
                #expect(throws: JSONFailure.self) { try JSONText.parse(bytes) }
            }
        }

        @Test func boundsDepth() throws {
            func nested(_ depth: Int) -> [UInt8] {
                Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
            }
            _ = try JSONText.parse(nested(32))
            #expect(throws: JSONFailure.self) { try JSONText.parse(nested(33)) }
            #expect(throws: JSONFailure.self) { try JSONText.parse(Array(repeating: UInt8(ascii: "["), count: 1_000_000)) }
        }

        @Test func namesInMessagesAreHarmless() {
            let failure = #expect(throws: JSONFailure.self) {
                try JSONText.parse(Array("{\"\\u001b[2J\\u202e\":1,\"\\u001b[2J\\u202e\":2}".utf8))
            }
            #expect(failure?.message == "the name '\u{FFFD}[2J\u{FFFD}' stands twice in one object")
        }
    }

    @Suite struct Degrees {
        @Test(
            arguments: [
                (0, "0"), (1, "0.0000001"), (-1, "-0.0000001"), (488_566_000, "48.8566"), (-1_800_000_000, "-180"),
                (10_000_000, "1"),
                (-37_037_900, "-3.70379"),
            ] as [(Int64, String)])
        func areExact(units: Int64, text: String) {
            #expect(FixedPoint.text(units) == text)
            #expect(FixedPoint.units(text) == units)
        }

        @Test func takeWhatPeopleWrite() {
            #expect(FixedPoint.units("+48.85661400000049") == 488_566_140)
            #expect(FixedPoint.units("0.00000005") == 1)
            #expect(FixedPoint.units("-0.0") == 0)
            for text in ["", "-", ".5", "5.", "1e2", "180.0000001", "1800", "٣", "1,5", "0x1", "--1", " 1", "1.5.2"] {
                #expect(FixedPoint.units(text) == nil, "\(text)")
            }
        }

        @Test func extremesDoNotTrap() {
            #expect(FixedPoint.text(.min) == "-922337203685.4775808")
        }
    }
}
