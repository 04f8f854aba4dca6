import SyncCore

extension Workloads {
    /// Operations, or records, in one durable change.
    static let batch = 1000

    /// Up to and with a checkpoint, as the floor is measured.
    static func write(_ replica: Replica, _ data: DataSet) throws {
        let rows = try data.rows("records.tsv")
        let watch = Stopwatch()
        for start in stride(from: 0, to: rows.count, by: batch) {
            _ = try replica.commit { draft in
                for row in rows[start..<min(start + batch, rows.count)] { try draft.add(row) }
            }
        }
        try replica.checkpoint()
        Figure("W1", "records_per_s", Double(rows.count) / watch.seconds).tell()
    }

    static func writeSingles(_ replica: Replica, _ data: DataSet) throws {
        let rows = try data.rows("singles.tsv")
        let watch = Stopwatch()
        for row in rows { _ = try replica.commit { try $0.add(row) } }
        Figure("W1", "singles_per_s", Double(rows.count) / watch.seconds).tell()
    }

    static func edit(_ replica: Replica, _ edits: [DataSet.Edit]) throws {
        let watch = Stopwatch()
        for start in stride(from: 0, to: edits.count, by: batch) {
            _ = try replica.commit { draft in
                for edit in edits[start..<min(start + batch, edits.count)] { try draft.apply(edit) }
            }
        }
        Figure("edit", "edit_s", watch.seconds).tell()
    }

    static func rebuild(_ replica: Replica) throws {
        let watch = Stopwatch()
        _ = try replica.rebuild()
        Figure("W9", "rebuild_s", watch.seconds).tell()
    }
}
