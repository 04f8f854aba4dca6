/// What tells a relay to drop bodies: signed by the key that the team's newest registration names as the next, which every coordinator holds.
public enum WithdrawalOrder {
    /// So many in one request.
    public static let limit = 1024

    public struct Item: Hashable, Sendable {
        public var tag: LogTag
        public var index: UInt64
        public var chain: Hash32

        public init(tag: LogTag, index: UInt64, chain: Hash32) { (self.tag, self.index, self.chain) = (tag, index, chain) }
    }

    private static let label: StaticString = "sync/v1/withdraw"

    /// In the order of chain values, whatever order they are in here.
    private static func signed(_ items: [Item], handle: String) -> [UInt8] {
        var writer = ByteWriter(capacity: 64 + items.count * 56)
        writer.text(handle)
        writer.count(items.count)
        for item in items.sorted(by: { $0.chain < $1.chain }) {
            writer.raw(item.tag)
            writer.varint(item.index)
            writer.raw(item.chain)
        }
        return writer.bytes
    }

    public static func sign(_ items: [Item], handle: String, with key: SigningKey) throws -> [UInt8] {
        try key.sign(label, signed(items, handle: handle))
    }

    public static func isSigned(_ items: [Item], handle: String, _ signature: [UInt8], by key: Hash32) -> Bool {
        !WeakKeys.isSmallOrder(signing: key) && Signature.isValid(signature, by: key, label, signed(items, handle: handle))
    }
}
