import Testing

@testable import SyncCore

@Suite struct ByteReaderTests {
    @Test func everyPowerOfTwoComesBack() throws {
        for bit in 0..<64 {
            let power = UInt64(1) << UInt64(bit)
            for value in [power, power - 1, UInt64.max - power] {
                let bytes = written { $0.varint(value) }
                #expect(bytes.count <= 10)
                #expect(try whole(bytes) { try $0.varint() } == value)
                let signed = Int64(bitPattern: value)
                #expect(try whole(written { $0.zig(signed) }) { try $0.zig() } == signed)
            }
        }
    }

    /// The same number with a byte more.
    @Test func overlongIsRefused() {
        var random = Seeded(4)
        for _ in 0..<200 {
            var bytes = written { $0.varint(random.next() >> UInt64(random.below(64))) }
            bytes[bytes.count - 1] |= 0x80
            bytes.append(0)
            #expect(throws: DecodingFailure.overlong) { try whole(bytes) { try $0.varint() } }
        }
    }

    @Test func pastSixtyFourBitsIsRefused() {
        let full = [UInt8](repeating: 0xff, count: 9)
        #expect((try? whole(full + [1]) { try $0.varint() }) == .max)
        for last in 2...255 as ClosedRange<UInt8> {
            #expect(throws: DecodingFailure.self) { try whole(full + [last]) { try $0.varint() } }
        }
    }

    @Test func lengthsPastTheEndAreRefusedBeforeAnythingIsAllocated() {
        for length in [2, 1 << 20, 1 << 40, Int.max] {
            let bytes = written { $0.count(length) } + [0]
            #expect(throws: DecodingFailure.self) { try whole(bytes) { try $0.counted(limit: .max) } }
            #expect(throws: DecodingFailure.self) { try whole(bytes) { try $0.text(limit: .max) } }
        }
        #expect(throws: DecodingFailure.truncated) { try whole([]) { try $0.raw(-1) } }
    }

    @Test func limitsHold() throws {
        let bytes = written { $0.counted([1, 2, 3]) }
        #expect(Array(try whole(bytes) { try $0.counted(limit: 3) }) == [1, 2, 3])
        #expect(throws: DecodingFailure.tooLarge) { try whole(bytes) { try $0.counted(limit: 2) } }
    }

    @Test func slicesReadFromTheirOwnBeginning() throws {
        let bytes: [UInt8] = [9, 9, 1, 2, 9]
        var reader = ByteReader(bytes[2..<4])
        #expect(reader.remaining == 2)
        #expect(try reader.u8() == 1)
        #expect(reader.offset == 1)
        #expect(Array(reader.taken(since: 0)) == [1])
        #expect(try reader.u8() == 2)
        #expect(throws: DecodingFailure.truncated) { try reader.u8() }
        try reader.end()
    }

    @Test func flagsAreOneOrZero() throws {
        #expect(try whole([0]) { try $0.flag() } == false)
        #expect(try whole([1]) { try $0.flag() } == true)
        for byte in 2...255 as ClosedRange<UInt8> {
            #expect(throws: DecodingFailure.self) { try whole([byte]) { try $0.flag() } }
        }
    }
}
