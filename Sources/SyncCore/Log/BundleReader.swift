/// Reads a bundle as it comes, and knows at its end whether every byte is as it was written.
///
/// Nobody may rely on what it handed out before `end` has returned.
public struct BundleReader {
    private var hasher = BundleForm.hasher
    /// The last bytes so far: those that may turn out to be the hash.
    private var tail: [UInt8] = []
    private var items = ItemParser()
    private var form: Form = .head
    private var isFrameOpen = false
    /// Whose it is, as a relay says it: 32 hexadecimal digits.
    public private(set) var handle: String?
    public private(set) var length = 0

    private enum Form: Hashable {
        case head
        /// Before the first segment.
        case control
        case segments
        case ended
    }

    public init() {}

    public mutating func append(_ piece: ArraySlice<UInt8>) {
        length += piece.count
        items.append(piece)
        tail += piece
        let sure = tail.count - BundleForm.hashLength
        guard sure > 0 else { return }
        hasher.update(tail[..<sure])
        tail.removeFirst(sure)
    }

    /// The same, for the hash alone: of a file that cannot be read, or need not be.
    public mutating func skip(_ piece: ArraySlice<UInt8>) {
        items = ItemParser()
        append(piece)
        items = ItemParser()
        form = .ended
    }

    /// The next whole item; nil until more has arrived. Items of unknown types are passed over.
    ///
    /// - Throws: `DecodingFailure` where it is no bundle, or one of another version, or not in the order in which bundles are.
    public mutating func next() throws -> BundleItem? {
        if form == .head, try !readHead() { return nil }
        while form != .ended, let raw = try items.next() {
            if raw.type == BundleForm.end {
                guard raw.bytes.count == BundleForm.hashLength else { throw DecodingFailure.invalid("end") }
                form = .ended
                break
            }
            guard let item = try BundleItem(type: raw.type, raw.bytes) else { continue }
            switch item {
            case .segment, .frameEnd: (form, isFrameOpen) = (.segments, item != .frameEnd)
            case .registration, .control, .heads: guard form == .control else { throw DecodingFailure.invalid("order") }
            }
            return item
        }
        return nil
    }

    private mutating func readHead() throws -> Bool {
        guard let head = items.take(BundleForm.headLength) else { return false }
        var reader = ByteReader(head)
        guard try reader.raw(BundleForm.mark.count).elementsEqual(BundleForm.mark) else { throw NoBundle() }
        guard try reader.u8() == BundleForm.version else { throw NewerBundle() }
        handle = Hex.encode(try reader.raw(BundleForm.handleLength))
        form = .control
        return true
    }

    /// Whether the file is whole: to be asked when nothing more comes, before anything of it counts.
    public var isWhole: Bool { length > BundleForm.hashLength && hasher.finish().bytes == tail }

    /// - Throws: where the last item is missing, a frame has no end, or something stands behind it all.
    public func end() throws(DecodingFailure) {
        guard form == .ended, !isFrameOpen else { throw .truncated }
        try items.end()
    }
}

/// Not a bundle, or one whose first bytes are damaged.
struct NoBundle: Error {}

/// Of a version that this one does not know.
struct NewerBundle: Error {}

extension BundleReader {
    /// Reads all of `source`. Whatever is wrong inside, a hash that does not hold comes first: then the file is damaged, and nothing
    /// in it says anything.
    ///
    /// - Parameter take: Is given each item with the team's handle. What it throws ends the reading, and is thrown if the file is whole.
    /// - Throws: `integrity` for a file that is damaged, or no bundle; `refused` for one of a newer version.
    /// - Returns: How many bytes it has.
    @discardableResult
    public static func read(_ source: ByteSource, _ take: (_ handle: String, BundleItem) throws -> Void) throws -> Int {
        var reader = BundleReader()
        var problem: (any Error)?
        try source.forEachPiece { piece in
            guard problem == nil else { return reader.skip(piece) }
            reader.append(piece)
            do {
                while let item = try reader.next() { try take(reader.handle ?? "", item) }
            } catch {
                problem = error
            }
        }
        if problem is NoBundle { throw isNoBundle(source) }
        guard reader.isWhole else { throw isDamaged(source) }
        if problem == nil { do { try reader.end() } catch { problem = error } }
        switch problem {
        case nil: return reader.length
        case is NewerBundle:
            throw SyncError(
                .refused, "\(source.name) was made by a newer version of sync.", safe: nothing, next: "Install the newer version.")
        case is DecodingFailure: throw isDamaged(source)
        case let problem?: throw problem
        }
    }

    private static let nothing = "Nothing of it was applied."

    private static func isNoBundle(_ source: ByteSource) -> SyncError {
        SyncError(.integrity, "\(source.name) is no bundle of sync, or it is damaged.", safe: nothing)
    }

    private static func isDamaged(_ source: ByteSource) -> SyncError {
        SyncError(
            .integrity, "\(source.name) is damaged, or only part of it is there.", safe: nothing,
            next: "Have it copied again, or made again.")
    }
}
