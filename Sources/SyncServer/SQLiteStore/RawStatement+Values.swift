import GRDB
import SyncCore

extension RawStatement {
    func hash(_ column: Int32) throws -> Hash32 {
        guard let hash = withBlob(column, { Hash32($0) }) else { throw SyncError.damaged("The relay's file is damaged.") }
        return hash
    }

    func identifier<ID: Identifier16>(_ column: Int32) throws -> ID {
        guard let id = withBlob(column, { ID($0) }) else { throw SyncError.damaged("The relay's file is damaged.") }
        return id
    }
}
