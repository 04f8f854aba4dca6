import Testing

@testable import SyncCore

@Suite struct IdentifierTests {
    @Test func bytesHexAndTextComeBack() throws {
        var random = Seeded(2)
        for _ in 0..<100 {
            let bytes = random.bytes(16)
            let id = try #require(RecordID(bytes))
            #expect(id.bytes == bytes)
            #expect(RecordID(hex: id.hex) == id)
            #expect(id.text.count == 26)
            #expect(RecordID(text: id.text) == id)
            #expect(RecordID(text: id.text.uppercased()) == id)
        }
    }

    @Test func orderIsThatOfBytes() throws {
        var random = Seeded(3)
        for _ in 0..<200 {
            let a = random.bytes(16)
            var b = random.bytes(16)
            let shared = random.below(17)
            b.replaceSubrange(..<shared, with: a[..<shared])
            let (first, second) = (try #require(AuthorID(a)), try #require(AuthorID(b)))
            #expect((first < second) == ByteOrder.precedes(a, b))
            let (long, other) = (a + b, b + a)
            let (left, right) = (try #require(Hash32(long)), try #require(Hash32(other)))
            #expect((left < right) == ByteOrder.precedes(long, other))
            #expect(left.bytes == long)
            #expect(Hash32(hex: left.hex) == left)
        }
    }

    @Test func otherLengthsAreRefused() {
        #expect(RecordID([UInt8](repeating: 0, count: 15)) == nil)
        #expect(RecordID(hex: "00") == nil)
        #expect(RecordID(hex: String(repeating: "0", count: 34)) == nil)
        #expect(RecordID(text: String(repeating: "0", count: 25)) == nil)
        #expect(RecordID(text: String(repeating: "0", count: 27)) == nil)
        #expect(RecordID(text: String(repeating: "z", count: 26)) == nil)
        #expect(Hash32([UInt8](repeating: 0, count: 31)) == nil)
        #expect(Hash32([UInt8](repeating: 0, count: 33)) == nil)
    }
}
