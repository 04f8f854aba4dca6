import Testing

@testable import SyncCore

@Suite struct PaddingTests {
    @Test func everyLengthComesBackAndCostsLittle() throws {
        for length in 0..<2_000 {
            let content = [UInt8](repeating: 0xaa, count: length)
            let padded = Padding.pad(content, floor: 64)
            #expect(padded.count >= 64)
            #expect(padded.count <= max(64, (length + 2) * 9 / 8 + 1))
            #expect(Array(try Padding.unpad(padded, floor: 64)) == content)
        }
    }

    @Test func paddedLengthsStayAsTheyAre() {
        for length in stride(from: 64, to: 1 << 20, by: 997) {
            let padded = Padding.padme(length, floor: 64)
            #expect(Padding.padme(padded, floor: 64) == padded)
        }
    }

    @Test func nothingTraps() {
        for length in [Int.max, .max - 1, 1 << 62, 0, 1, -1, .min] { _ = Padding.padme(length, floor: 0) }
    }

    @Test func everyOtherLengthAndFillingIsRefused() {
        let padded = Padding.pad(Array("rally".utf8), floor: 64)
        for count in 0..<padded.count {
            #expect(throws: DecodingFailure.self) { try Padding.unpad(Array(padded.prefix(count)), floor: 64) }
        }
        #expect(throws: DecodingFailure.self) { try Padding.unpad(padded + [0], floor: 64) }
        for position in 6..<padded.count {
            var changed = padded
            changed[position] = 1
            #expect(throws: DecodingFailure.self) { try Padding.unpad(changed, floor: 64) }
        }
    }
}
