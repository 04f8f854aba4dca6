/// A run of sealed changes as it lies on disk, travels, and lies at a relay. Nobody re-encodes it.
///
/// Reading one checks its form and that the body is the one that the header names. Whether the header belongs to the log is
/// for `Chain` to say.
public struct Segment: Hashable, Sendable {
    public var header: SegmentHeader
    /// 64 bytes over the chain value at this segment; absent inside a run.
    public var signature: [UInt8]?
    /// Absent only where a redaction names the segment.
    public var body: [UInt8]?

    public init(header: SegmentHeader, signature: [UInt8]?, body: [UInt8]?) {
        self.header = header
        self.signature = signature
        self.body = body
    }

    private enum Flags {
        static let signed: UInt8 = 1
        static let open: UInt8 = 2
        static let bodyAbsent: UInt8 = 4
        static let known: UInt8 = 7
    }

    public var tag: LogTag { header.tag }
    public var index: UInt64 { header.index }

    public var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 256 + (body?.count ?? 0))
        var flags: UInt8 = 0
        if signature != nil { flags |= Flags.signed }
        if header.index == 0 { flags |= Flags.open }
        if body == nil { flags |= Flags.bodyAbsent }
        writer.u8(flags)
        writer.raw(header.bytes)
        if let signature { writer.raw(signature) }
        if let body { writer.raw(body) }
        return writer.bytes
    }

    /// Refuses trailing bytes, unknown flags, and a body that is not the one the header names.
    public init(_ bytes: ArraySlice<UInt8>) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let flags = try reader.u8()
        let isOpen = flags & Flags.open != 0
        let hasBody = flags & Flags.bodyAbsent == 0
        guard flags & ~Flags.known == 0, hasBody || !isOpen else { throw .invalid("flags") }
        header = try SegmentHeader(from: &reader, isOpen: isOpen)
        signature = flags & Flags.signed != 0 ? Array(try reader.raw(Signature.length)) : nil
        body = hasBody ? Array(try reader.raw(header.bodyLength)) : nil
        try reader.end()
        if let body, Digest.plain(body) != header.bodyHash { throw .invalid("body") }
    }

    public init(_ bytes: [UInt8]) throws(DecodingFailure) { try self.init(bytes[...]) }

    /// Whether the bytes of a segment, which were read once, hold no body.
    public static func isBare(_ bytes: [UInt8]) -> Bool { bytes.first.map { $0 & Flags.bodyAbsent != 0 } ?? false }

    /// The same without its signature, which is how an unchecked one is passed on.
    public var unsigned: Segment { Segment(header: header, signature: nil, body: body) }
}
