import SyncCore
import Testing

@testable import SyncServer

@Suite struct PositionTokenTests {
    @Test func isThirtyTwoCharactersThatAURLTakes() throws {
        let position = Position.beginning.following(TestKeys.hash("a"))
        let text = position.token.text
        #expect(text.utf8.count == 32)
        #expect(text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        #expect(PositionToken(text) == position.token)
        #expect(Position.beginning.token.text == String(repeating: "A", count: 32))
    }

    @Test(arguments: ["", "A", "AAAA", String(repeating: "A", count: 33), String(repeating: "_", count: 32), "\u{e9}", "a=b"])
    func refusesWhatNoRelayGave(_ text: String) {
        #expect(PositionToken(text) == nil)
    }
}

@Suite struct EntityTagTests {
    private let tag = EntityTag(TeamSummary(registration: 1, control: 2, position: .beginning))

    @Test func changesWithWhatTheHeadsSay() {
        let position = Position.beginning.following(.zero)
        for other in [
            TeamSummary(registration: 2, control: 2, position: .beginning),
            TeamSummary(registration: 1, control: 3, position: .beginning),
            TeamSummary(registration: 1, control: 2, position: position),
        ] {
            #expect(EntityTag(other) != tag)
        }
    }

    @Test func isFoundInAList() {
        #expect(tag.isNamed(in: tag.text))
        #expect(tag.isNamed(in: "\"x\", W/\(tag.text)"))
        #expect(tag.isNamed(in: "*"))
        #expect(!tag.isNamed(in: "\"x\""))
        #expect(!tag.isNamed(in: ""))
    }
}

@Suite struct PushReaderTests {
    @Test func takesAStreamInPiecesOfAnySize() throws {
        var log = try TestLog("a", salt: .zero)
        let run = try log.run(5)
        let bytes = stream(run)
        for size in [1, 7, 1000] {
            var reader = PushReader()
            for start in Swift.stride(from: 0, to: bytes.count, by: size) {
                try reader.take(bytes[start..<min(start + size, bytes.count)])
            }
            try reader.end()
            #expect(reader.runs.map { $0.segments.map(\.bytes) } == [run.map(\.bytes)])
        }
    }

    @Test func refusesAStreamThatIsCutOrIsNone() throws {
        var log = try TestLog("a", salt: .zero)
        let bytes = stream(try log.run(1))
        var cut = PushReader()
        try cut.take(bytes.dropLast())
        #expect(throws: DecodingFailure.self) { try cut.end() }
        var huge = PushReader()
        #expect(throws: DecodingFailure.self) { try huge.take([1, 0xff, 0xff, 0xff, 0xff, 0x7f]) }
        var junk = PushReader()
        #expect(throws: DecodingFailure.self) {
            try junk.take(Array(repeatElement([1, 1, 0], count: PushReader.damagedLimit + 1).joined()))
        }
    }

    @Test func passesOverItemsThatItDoesNotKnow() throws {
        var log = try TestLog("a", salt: .zero)
        var reader = PushReader()
        try reader.take([9, 2, 0, 0] + stream(try log.run(1)) + [2, 1, 0])
        try reader.end()
        #expect(reader.runs.count == 1)
        #expect(reader.refused.isEmpty)
    }
}

@Suite struct AdmissionTests {
    @Test func tokensAreComparedWhole() {
        #expect(Access.areSame(TestKeys.hash("a"), TestKeys.hash("a")))
        #expect(!Access.areSame(TestKeys.hash("a"), TestKeys.hash("b")))
    }
}
