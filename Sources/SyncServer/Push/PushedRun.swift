import SyncCore

/// A segment as it came: its form is right and its body is the one that its header names. Nothing else is known of it.
struct PushedSegment: Hashable, Sendable {
    var header: SegmentHeader
    var signature: [UInt8]?
    var bytes: [UInt8]

    var withoutSignature: [UInt8] {
        guard signature != nil, let segment = try? Segment(bytes) else { return bytes }
        return segment.unsigned.bytes
    }
}

/// Segments of one log with consecutive indices, in the order in which they came.
struct PushedRun: Hashable, Sendable {
    let tag: LogTag
    let first: UInt64
    var segments: [PushedSegment]

    init(_ segment: PushedSegment) {
        tag = segment.header.tag
        first = segment.header.index
        segments = [segment]
    }

    var last: UInt64 { first + UInt64(segments.count) - 1 }

    /// The stretch that has to be known to place it: from the predecessor of its first segment.
    var range: LogRange { LogRange(tag: tag, first: first == 0 ? 0 : first - 1, last: last) }

    /// When it begins with the open: the log's own key.
    var openKey: Hash32? {
        guard case .open(let publicKey, _) = segments[0].header.form else { return nil }
        return publicKey
    }

    func refusal(at position: Int, _ reason: Refusal.Reason) -> Refusal {
        Refusal(tag: tag, index: first + UInt64(position), reason: reason)
    }
}
