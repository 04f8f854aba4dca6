/// One item of a bundle: a file that carries what a push and a pull carry (`docs/format.md`, section 11).
public enum BundleItem: Hashable, Sendable {
    /// As it lies in a log.
    case segment([UInt8])
    /// What came since the last one may be taken in: every run in it ends signed.
    case frameEnd
    case registration([UInt8])
    /// Sealed.
    case control([UInt8])
    /// How far its sender had each log: `SenderHeads`, sealed.
    case heads([UInt8])

    var type: UInt8 {
        switch self {
        case .segment: 1
        case .frameEnd: 2
        case .registration: 3
        case .control: 4
        case .heads: 5
        }
    }

    init?(type: UInt8, _ bytes: [UInt8]) throws(DecodingFailure) {
        switch type {
        case 1: self = .segment(bytes)
        case 2:
            guard bytes.isEmpty else { throw .invalid("frame end") }
            self = .frameEnd
        case 3: self = .registration(bytes)
        case 4: self = .control(bytes)
        case 5: self = .heads(bytes)
        default: return nil
        }
    }

    fileprivate var bytes: [UInt8] {
        switch self {
        case .segment(let bytes), .registration(let bytes), .control(let bytes), .heads(let bytes): bytes
        case .frameEnd: []
        }
    }
}

/// What every bundle begins and ends with.
enum BundleForm {
    static let mark = Array("sync bundle\n".utf8)
    static let version: UInt8 = 1
    static let handleLength = 16
    static let headLength = mark.count + 1 + handleLength
    static let hashLength = 32
    /// The type of the last item, which holds the hash.
    static let end: UInt8 = 0
    /// A frame that is larger is refused: it must fit into memory.
    static let frameBytes = 64 << 20

    static var hasher: Digest.Hasher { Digest.Hasher("sync/v1/bundle") }
}

/// Writes a bundle from its beginning to its end; holds one item.
public struct BundleWriter {
    private var hasher = BundleForm.hasher
    private let put: ([UInt8]) throws -> Void
    /// Bytes so far.
    public private(set) var length = 0

    /// - Parameter handle: What relays call the team: 32 hexadecimal digits. Nothing else in the file says whose it is.
    public init(handle: String, to put: @escaping ([UInt8]) throws -> Void) throws {
        guard let handle = Hex.decode(handle), handle.count == BundleForm.handleLength else { throw DecodingFailure.invalid("handle") }
        self.put = put
        try write(BundleForm.mark + [BundleForm.version] + handle)
    }

    public mutating func add(_ item: BundleItem) throws {
        var writer = ByteWriter(capacity: item.bytes.count + 8)
        writer.u8(item.type)
        writer.counted(item.bytes)
        try write(writer.bytes)
    }

    public mutating func finish() throws {
        try write([BundleForm.end, UInt8(BundleForm.hashLength)])
        try write(hasher.finish().bytes)
    }

    private mutating func write(_ bytes: [UInt8]) throws {
        hasher.update(bytes)
        length += bytes.count
        try put(bytes)
    }
}
