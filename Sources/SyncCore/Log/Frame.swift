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

/// Splits a stream of bytes, as it arrives in pieces, into segments and tokens. Holds at most one item, whose size is bounded.
public struct StreamParser: Sendable {
    /// A segment's largest size on the wire.
    public static let itemLimit = ItemParser.itemLimit

    private var items = ItemParser()

    public init() {}

    public mutating func append(_ bytes: some Sequence<UInt8>) { items.append(bytes) }

    /// The next whole item; nil until more has arrived. Items of unknown types are passed over.
    public mutating func next() throws(DecodingFailure) -> StreamItem? {
        while let item = try items.next() {
            switch item.type {
            case 1: return .segment(item.bytes)
            case 2: return .token(item.bytes)
            default: continue
            }
        }
        return nil
    }

    /// The stream has ended: nothing may be left over.
    public func end() throws(DecodingFailure) { try items.end() }
}
