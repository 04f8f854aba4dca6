import SyncCore

/// Fills a frame from rows in order of arrival. It ends at a signed segment, the last one within its limits, or else the first one.
///
/// A push is stored run by run, each up to a signature, so that at a signed place no run of any log is open.
struct FrameDraft {
    private let pull: Pull
    private var items = ByteWriter()
    private var segments = 0
    private var rows = 0
    /// What stands before the last signed place.
    private var whole: (end: Position, bytes: Int, segments: Int)?
    private(set) var isFull = false

    init(_ pull: Pull) { self.pull = pull }

    /// The next segment in order of arrival. `digest` is there where it ends signed; `bytes` are not where the reader has it.
    mutating func take(at position: Int64, digest: Hash32?, _ bytes: UnsafeRawBufferPointer?) {
        rows += 1
        if let bytes {
            items.u8(1)
            items.counted(bytes)
            segments += 1
        }
        let isOver = segments > Limits.frameSegments || items.bytes.count > Limits.frameBytes
        if isOver, whole != nil {
            isFull = true
        } else if let digest {
            whole = (Position(number: position, digest: digest), items.bytes.count, segments)
            isFull = isOver || rows >= RelayLimits.rowsPerRead
        }
    }

    var frame: Frame {
        get throws {
            guard let whole else {
                guard rows == 0 else { throw SyncError.damaged("The relay's log does not end signed.") }
                return Frame(items: [], segments: 0, end: pull.through)
            }
            return Frame(items: Array(items.bytes.prefix(whole.bytes)), segments: whole.segments, end: whole.end)
        }
    }
}
