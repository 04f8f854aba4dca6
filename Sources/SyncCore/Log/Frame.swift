/// One item of a `application/vnd.sync.segments` stream.
public enum StreamItem: Hashable, Sendable {
    case segment([UInt8])
    /// Ends a frame: what came before it may be stored, and a later pull may begin here.
    case token([UInt8])

    public static let contentType = "application/vnd.sync.segments"

    public func append(to writer: inout ByteWriter) {
        switch self {
        case .segment(let bytes):
            writer.u8(1)
            writer.counted(bytes)
        case .token(let bytes):
            writer.u8(2)
            writer.counted(bytes)
        }
    }
}

/// Splits a stream of bytes, as it arrives in pieces, into items. Holds at most one item, whose size is bounded.
public struct StreamParser: Sendable {
    /// A segment's largest size on the wire.
    public static let itemLimit = Limits.bodyBytes + 512

    private var buffer: [UInt8] = []
    private var start = 0

    public init() {}

    public mutating func append(_ bytes: some Sequence<UInt8>) {
        if start > 1 << 16 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole item; nil until more has arrived. Items of unknown types are passed over.
    public mutating func next() throws(DecodingFailure) -> StreamItem? {
        while true {
            var reader = ByteReader(buffer[start...])
            guard reader.remaining > 1 else { return nil }
            let type = try reader.u8()
            guard let length = try lengthIfThere(&reader), reader.remaining >= length else { return nil }
            let bytes = Array(try reader.raw(length))
            start += reader.offset
            switch type {
            case 1: return .segment(bytes)
            case 2: return .token(bytes)
            default: continue
            }
        }
    }

    private func lengthIfThere(_ reader: inout ByteReader) throws(DecodingFailure) -> Int? {
        var probe = reader
        do {
            let length = try probe.count(limit: Self.itemLimit)
            reader = probe
            return length
        } catch .truncated {
            return nil
        }
    }

    /// The stream has ended: nothing may be left over.
    public func end() throws(DecodingFailure) {
        guard start == buffer.count else { throw .truncated }
    }
}
