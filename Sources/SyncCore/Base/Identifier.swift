/// A fixed number of bytes with a meaning: a record, a device, an author, a log.
///
/// Held as two 64-bit words so that it hashes, compares and copies without an allocation. Its order is the order of its bytes.
public protocol Identifier16: Hashable, Comparable, Sendable, CustomStringConvertible {
    var high: UInt64 { get }
    var low: UInt64 { get }
    init(high: UInt64, low: UInt64)
}

extension Identifier16 {
    /// The first 16 of `bytes`; nil when there are fewer.
    @inlinable
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count >= 16 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (position, byte) in bytes.prefix(16).enumerated() {
            if position < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
        }
        self.init(high: high, low: low)
    }

    /// 32 hexadecimal digits.
    public init?(hex: String) {
        guard let bytes = Hex.decode(hex), bytes.count == 16 else { return nil }
        self.init(bytes)
    }

    /// The 16 bytes, most significant first.
    public var bytes: [UInt8] {
        var out = [UInt8]()
        out.reserveCapacity(16)
        append(to: &out)
        return out
    }

    @inlinable
    public func append(to out: inout [UInt8]) {
        withUnsafeBytes(of: high.bigEndian) { out.append(contentsOf: $0) }
        withUnsafeBytes(of: low.bigEndian) { out.append(contentsOf: $0) }
    }

    @inlinable
    public static func < (a: Self, b: Self) -> Bool {
        a.high != b.high ? a.high < b.high : a.low < b.low
    }

    public var hex: String { Hex.encode(bytes) }
    public var description: String { hex }
}

/// A rally or a petition. People see the shortest unique beginning of `text`.
public struct RecordID: Identifier16 {
    public let high: UInt64
    public let low: UInt64
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// 26 characters of Crockford's base 32.
    public var text: String { Base32.encode(bytes) }

    /// The reverse of `text`; also takes capitals, and the letters that people mistake for digits.
    public init?(text: String) {
        guard let bytes = Base32.decode(text), bytes.count == 16 else { return nil }
        self.init(bytes)
    }
}

/// One install in one team.
public struct DeviceID: Identifier16 {
    public let high: UInt64
    public let low: UInt64
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// One incarnation of a device: what changes are numbered by.
public struct AuthorID: Identifier16 {
    public let high: UInt64
    public let low: UInt64
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// One log: the chain of segments of one device in one epoch.
public struct LogTag: Identifier16 {
    public let high: UInt64
    public let low: UInt64
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// One team key and the time in which it is used.
public struct EpochID: Identifier16 {
    public let high: UInt64
    public let low: UInt64
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
