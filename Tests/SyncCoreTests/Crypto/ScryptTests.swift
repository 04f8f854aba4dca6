import Testing

@testable import SyncCore

@Suite struct ScryptTests {
    private static func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(hex.dropFirst($0).prefix(2), radix: 16) }
    }

    @Test func `it gives what RFC 7914 gives`() throws {
        let password = try #require(Passphrase(Array("password".utf8)))
        let first = try Scrypt.derive(
            password, salt: Array("NaCl".utf8), cost: Scrypt.Cost(rounds: 1024, blockSize: 8, parallelism: 16))
        #expect(first.bytes == Self.bytes("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"))
        let letMeIn = try #require(Passphrase(Array("pleaseletmein".utf8)))
        let second = try Scrypt.derive(
            letMeIn, salt: Array("SodiumChloride".utf8), cost: Scrypt.Cost(rounds: 16384, blockSize: 8, parallelism: 1))
        #expect(second.bytes == Self.bytes("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"))
    }

    /// What the library would die of, or take any amount of memory or time for, is no cost at all.
    static let hostile: [(rounds: UInt64, blockSize: UInt64, parallelism: UInt64)] = [
        (0, 8, 1), (1, 8, 1), (512, 8, 1), (1 << 21, 8, 1), (1 << 40, 8, 1), (1 << 62, 8, 1), (UInt64(bitPattern: -131_072), 8, 1),
        (.max, 8, 1), (1 << 63, 8, 1), (131_071, 8, 1), (131_073, 8, 1), (3 << 15, 8, 1), (131_072, 0, 1), (131_072, .max, 1),
        (131_072, 17, 1), (131_072, 1 << 60, 1), (131_072, 8, 0), (131_072, 8, .max), (131_072, 8, 17), (131_072, 8, 1 << 30),
        (1 << 20, 16, 1), (1 << 17, 16, 16),
    ]

    @Test(arguments: hostile)
    func `a cost that nobody would set is refused`(rounds: UInt64, blockSize: UInt64, parallelism: UInt64) {
        #expect(throws: DecodingFailure.self) {
            try Scrypt.Cost(rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        }
    }

    @Test(arguments: [(1024, 1, 1), (1024, 16, 16), (1 << 17, 8, 1)] as [(UInt64, UInt64, UInt64)])
    func `what is within the bounds can be computed`(rounds: UInt64, blockSize: UInt64, parallelism: UInt64) throws {
        let passphrase = try #require(Passphrase([1]))
        let cost = try Scrypt.Cost(rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        #expect(try Scrypt.derive(passphrase, salt: [2], cost: cost).bytes.count == 32)
    }

    @Test func `an empty passphrase is none, and one prints nothing of itself`() {
        #expect(Passphrase([]) == nil)
        #expect(Passphrase(Array("quagga".utf8)).map { "\($0)" } == "passphrase")
    }
}
