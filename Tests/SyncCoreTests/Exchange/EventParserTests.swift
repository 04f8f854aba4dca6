import Testing

@testable import SyncCore

@Suite struct EventParserTests {
    private func events(_ parts: String...) throws -> [String] {
        var parser = EventParser()
        return try parts.flatMap { try parser.take($0.utf8) }.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `events are what stands between empty lines, however they are cut`() throws {
        #expect(try events("data: a\n\ndata:b\n\n") == ["a", "b"])
        #expect(try events("da", "ta: a", "b\n", "\nda") == ["ab"])
        #expect(try events("data: a\ndata: b\n\n") == ["a\nb"])
        #expect(try events("data: a\r", "\n\r\n") == ["a"])
        #expect(try events("data: a\r\rdata: b\r\r") == ["a", "b"])
    }

    @Test func `what is no data is passed over`() throws {
        #expect(try events(": still here\n\nevent: x\nid: 1\nretry: 5\n\nunknown\n\n") == [])
        #expect(try events("data\n\n") == [])
    }

    @Test func `a line without end is refused`() throws {
        var parser = EventParser()
        #expect(throws: DecodingFailure.self) { for _ in 0..<100 { _ = try parser.take(String(repeating: "data: a", count: 200).utf8) } }
        var lines = EventParser()
        #expect(throws: DecodingFailure.self) { for _ in 0..<70_000 { _ = try lines.take("data: a\n".utf8) } }
    }
}
