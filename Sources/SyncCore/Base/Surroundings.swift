#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The clock and the randomness that everything above is given, so that a test or a simulation can give its own.
public struct Surroundings: Sendable {
    /// Milliseconds since 1970, UTC.
    public var now: @Sendable () -> Int64
    /// So many random bytes.
    public var random: @Sendable (Int) -> [UInt8]

    public init(now: @escaping @Sendable () -> Int64, random: @escaping @Sendable (Int) -> [UInt8]) {
        self.now = now
        self.random = random
    }

    /// The machine's clock and its cryptographically secure generator.
    public static let system = Surroundings(
        now: { Int64(Date().timeIntervalSince1970 * 1000) },
        random: { count in
            var generator = SystemRandomNumberGenerator()
            var out = [UInt8]()
            out.reserveCapacity(count + 8)
            while out.count < count {
                withUnsafeBytes(of: generator.next()) { out.append(contentsOf: $0) }
            }
            return Array(out.prefix(count))
        })
}
