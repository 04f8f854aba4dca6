import SyncCore

extension SyncError.Kind {
    /// The table of `sync help exit-codes`.
    var exitCode: Int32 {
        switch self {
        case .failure: 1
        case .usage: 2
        case .conflictsRemain: 3
        case .notJoined: 4
        case .unreachable: 5
        case .refused: 6
        case .integrity: 7
        case .locked: 8
        case .noStore: 10
        case .storeInUse: 11
        case .brake: 12
        }
    }
}
