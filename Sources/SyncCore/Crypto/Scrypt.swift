import Crypto
import CryptoExtras

/// scrypt (RFC 7914): makes a key from a passphrase, and makes that expensive for whoever guesses.
public enum Scrypt {
    /// What a derivation costs: memory is `128 · rounds · blockSize` bytes, time grows with `rounds · blockSize · parallelism`.
    ///
    /// Only costs within bounds exist: the library would end the process, or take any amount of memory, on what a damaged or hostile file
    /// may hold.
    public struct Cost: Hashable, Sendable {
        /// N of the RFC.
        public let rounds: Int
        /// r.
        public let blockSize: Int
        /// p.
        public let parallelism: Int

        /// 128 MiB, and some 0.4 seconds of one core.
        public static let standard = Cost(unchecked: 1 << 17, 8, 1)

        private init(unchecked rounds: Int, _ blockSize: Int, _ parallelism: Int) {
            (self.rounds, self.blockSize, self.parallelism) = (rounds, blockSize, parallelism)
        }

        /// - Throws: Where `rounds` is no power of two from 2¹⁰ to 2²⁰, `blockSize` is not 1 to 16 or `parallelism` not 1 to 16, where it takes
        ///   more than 512 MiB, or more than eight times as long as the standard.
        public init(rounds: UInt64, blockSize: UInt64, parallelism: UInt64) throws(DecodingFailure) {
            guard (1 << 10...1 << 20).contains(rounds), rounds.nonzeroBitCount == 1, (1...16).contains(blockSize),
                (1...16).contains(parallelism), 128 * rounds * blockSize <= 512 << 20,
                rounds * blockSize * parallelism <= 8 * 1 << 20
            else { throw .invalid("scrypt") }
            self.init(unchecked: Int(rounds), Int(blockSize), Int(parallelism))
        }
    }

    static let saltLength = 16

    static func derive(_ passphrase: Passphrase, salt: [UInt8], cost: Cost) throws -> Secret {
        let key = try KDF.Scrypt.deriveKey(
            from: passphrase.bytes, salt: salt, outputByteCount: 32, rounds: cost.rounds, blockSize: cost.blockSize,
            parallelism: cost.parallelism)
        guard let secret = Secret(key.withUnsafeBytes(Array.init)) else { throw DecodingFailure.truncated }
        return secret
    }
}

/// What a person knows. Bytes as they were typed: nothing is normalised. Does not print itself.
public struct Passphrase: Sendable, CustomStringConvertible {
    let bytes: [UInt8]

    /// Nil for an empty one.
    public init?(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return nil }
        self.bytes = bytes
    }

    public var description: String { "passphrase" }

    /// Whether somebody who has the disk may soon have guessed it.
    public var isShort: Bool { bytes.count < 12 }

    public func isSame(as other: Passphrase) -> Bool { bytes == other.bytes }
}
