import Testing

@testable import SyncCore

@Suite struct ZstdTests {
    @Test func comesBack() throws {
        var random = Seeded(5)
        for length in [0, 1, 100, 10_000, 300_000] {
            let plain = (0..<length).map { _ in UInt8(random.below(4)) }
            let packed = try #require(Zstd.compress(plain))
            #expect(try Zstd.decompress(packed[...], size: length) == plain)
        }
    }

    @Test func everyOtherSizeIsRefused() throws {
        let packed = try #require(Zstd.compress(Array("vigil".utf8)))
        for size in [0, 4, 6, 4096] {
            #expect(throws: DecodingFailure.self) { try Zstd.decompress(packed[...], size: size) }
        }
    }

    /// Four megabytes of zeros in a few bytes: no more is allocated than the caller allows.
    @Test func aBombIsRefused() throws {
        let packed = try #require(Zstd.compress([UInt8](repeating: 0, count: 4 << 20)))
        #expect(packed.count < 1000)
        #expect(throws: DecodingFailure.self) { try Zstd.decompress(packed[...], size: 64) }
    }

    @Test func damageNeverTraps() throws {
        var random = Seeded(6)
        let plain = (0..<2_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let packed = try #require(Zstd.compress(plain))
        for _ in 0..<2_000 {
            let changed = random.mutated(packed)
            if let read = try? Zstd.decompress(changed[...], size: plain.count) { #expect(read.count == plain.count) }
        }
        #expect(throws: DecodingFailure.self) { try Zstd.decompress([], size: 1) }
    }
}
