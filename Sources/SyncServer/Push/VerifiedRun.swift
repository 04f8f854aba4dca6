import SyncCore

/// A segment whose place in its log's chain is proven by a signature of the log's own key.
struct VerifiedSegment: Hashable, Sendable {
    let chain: Hash32
    /// Whether `bytes` hold a signature. Only one that was checked is kept.
    let isSigned: Bool
    let bytes: [UInt8]

    /// As it is kept: without its body where that was withdrawn. Nil where it is absent and was not.
    func withoutBody(_ isWithdrawn: Bool) -> VerifiedSegment? {
        guard isWithdrawn || Segment.isBare(bytes) else { return self }
        guard isWithdrawn, var segment = try? Segment(bytes) else { return nil }
        segment.body = nil
        return VerifiedSegment(chain: chain, isSigned: isSigned, bytes: segment.bytes)
    }
}

/// Consecutive segments of one log, up to the last valid signature among them. Only `RunCheck` makes one.
struct VerifiedRun: Hashable, Sendable {
    let tag: LogTag
    let publicKey: Hash32
    let first: UInt64
    /// The chain value before the first of them.
    let previous: Hash32
    let segments: [VerifiedSegment]

    var range: Range<UInt64> { first..<(first + UInt64(segments.count)) }
}
