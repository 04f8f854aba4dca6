/// A log's newest segment on one branch.
public struct LogHead: Hashable, Sendable {
    public var tag: LogTag
    public var index: UInt64
    public var chain: Hash32

    public init(tag: LogTag, index: UInt64, chain: Hash32) {
        self.tag = tag
        self.index = index
        self.chain = chain
    }
}
