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

    /// Columns: place, log, index, digest, bytes.
    mutating func take(_ row: RawStatement) throws {
        rows += 1
        if pull.have.map({ row.int(2) > ($0[row.int(1)] ?? -1) }) ?? true {
            row.withBlob(4) { bytes in
                items.u8(1)
                items.counted(bytes)
            }
            segments += 1
        }
        let isOver = segments > Limits.frameSegments || items.bytes.count > Limits.frameBytes
        if isOver, whole != nil {
            isFull = true
        } else if !row.isNull(3) {
            let position = Position(number: Place.position(row.int(0)), digest: try row.hash(3))
            whole = (position, items.bytes.count, segments)
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
