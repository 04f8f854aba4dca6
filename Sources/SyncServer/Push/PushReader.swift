import SyncCore

/// Sorts a push into runs as it arrives. What is held is bounded by the request's own limit.
struct PushReader {
    /// A stream with more than so many damaged items is not one of segments.
    static let damagedLimit = 256
    /// Where JSON's numbers end. No log comes near.
    private static let indexLimit: UInt64 = 1 << 53

    private(set) var runs: [PushedRun] = []
    private(set) var refused: [Refusal] = []
    private var parser = StreamParser()
    private var growing: [LogTag: Int] = [:]

    mutating func take(_ bytes: some Sequence<UInt8>) throws {
        parser.append(bytes)
        while let item = try parser.next() {
            guard case .segment(let bytes) = item else { continue }
            try take(segment: bytes)
        }
    }

    func end() throws { try parser.end() }

    private mutating func take(segment bytes: [UInt8]) throws {
        let segment: Segment
        do {
            segment = try Segment(bytes)
        } catch {
            return try refuse(bytes, error == .tooLarge ? .size : .form)
        }
        guard segment.index < Self.indexLimit else { return try refuse(bytes, .form) }
        add(PushedSegment(header: segment.header, signature: segment.signature, bytes: bytes))
    }

    private mutating func add(_ segment: PushedSegment) {
        let header = segment.header
        if let place = growing[header.tag], header.index > 0, runs[place].last + 1 == header.index {
            runs[place].segments.append(segment)
        } else {
            growing[header.tag] = runs.count
            runs.append(PushedRun(segment))
        }
    }

    private mutating func refuse(_ bytes: [UInt8], _ reason: Refusal.Reason) throws {
        guard refused.count < Self.damagedLimit else { throw DecodingFailure.invalid("stream") }
        let (tag, index) = Self.name(bytes)
        refused.append(Refusal(tag: tag, index: index, reason: reason))
    }

    /// What a damaged segment says that it is, so that its sender can find it; zeros when not even that can be read.
    private static func name(_ bytes: [UInt8]) -> (LogTag, UInt64) {
        var reader = ByteReader(bytes)
        do {
            let flags = try reader.u8()
            _ = try reader.u8()
            if flags & 2 != 0 { return (SegmentHeader.tag(of: try reader.hash32()), 0) }
            let tag: LogTag = try reader.identifier()
            return (tag, min(try reader.varint(), indexLimit))
        } catch {
            return (LogTag(high: 0, low: 0), 0)
        }
    }
}
