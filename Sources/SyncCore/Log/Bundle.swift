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

    /// Nil for a type of a later version.
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

    var bytes: [UInt8] {
        switch self {
        case .segment(let bytes), .registration(let bytes), .control(let bytes), .heads(let bytes): bytes
        case .frameEnd: []
        }
    }
}

extension ItemFile {
    /// Between version and items stands what relays call the team.
    static let bundle = ItemFile(
        mark: Array("sync bundle\n".utf8), version: 1, headLength: 16, label: "sync/v1/bundle", name: "bundle")
}

/// Writes a bundle from its beginning to its end; holds one item.
public struct BundleWriter {
    /// A frame that is larger is refused: it must fit into memory.
    static let frameBytes = 64 << 20

    private var file: ItemFileWriter

    /// Bytes so far.
    public var length: Int { file.length }

    /// - Parameter handle: What relays call the team: 32 hexadecimal digits. Nothing else in the file says whose it is.
    public init(handle: String, to put: @escaping ([UInt8]) throws -> Void) throws {
        file = try ItemFileWriter(.bundle, head: Hex.decode(handle) ?? [], to: put)
    }

    public mutating func add(_ item: BundleItem) throws { try file.add(type: item.type, item.bytes) }

    public mutating func finish() throws { try file.finish() }
}

/// Reads bundles.
public enum BundleReader {
    /// Gives each item of a bundle to `take`, with what relays call the team. Items of unknown types are passed over.
    ///
    /// Nobody may rely on what was handed out before this returns: see `ItemFile.read`.
    ///
    /// - Returns: How many bytes it has.
    @discardableResult
    public static func read(_ source: ByteSource, _ take: (_ handle: String, BundleItem) throws -> Void) throws -> Int {
        var (hasSegments, isFrameOpen) = (false, false)
        return try ItemFile.bundle.read(source) { head, type, bytes in
            guard let item = try BundleItem(type: type, bytes) else { return }
            switch item {
            case .segment, .frameEnd: (hasSegments, isFrameOpen) = (true, item != .frameEnd)
            case .registration, .control, .heads: guard !hasSegments else { throw DecodingFailure.invalid("order") }
            }
            try take(Hex.encode(head), item)
        } finish: {
            guard !isFrameOpen else { throw DecodingFailure.truncated }
        }
    }
}
