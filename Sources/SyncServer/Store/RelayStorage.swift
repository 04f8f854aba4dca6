import Logging
import SyncCore

/// Where a relay keeps what it is given.
public enum RelayStorage: Sendable {
    /// In `relay.db` in the relay's own folder.
    case dataFolder
    /// In PostgreSQL, at a URL such as `postgresql://user@host:5432/database`, in the schema that its search path names first. Any number of
    /// relays may use one database at once. Only a build with the trait `PostgreSQL` can.
    case postgreSQL(url: String)

    func open(_ configuration: RelayServer.Configuration, logger: Logger) async throws -> any RelayStore {
        switch self {
        case .dataFolder:
            return try SQLiteStore(
                folder: configuration.dataFolder, surroundings: configuration.surroundings, limits: configuration.limits.store, logger: logger)
        case .postgreSQL(let url):
            #if PostgreSQL
                return try await PostgreSQLStore.open(
                    PostgreSQLAddress(url), surroundings: configuration.surroundings, limits: configuration.limits.store)
            #else
                throw Self.notBuiltIn
            #endif
        }
    }

    /// What it is called where people read it: never with a password.
    public var place: String? {
        get throws {
            switch self {
            case .dataFolder: return nil
            case .postgreSQL(let url):
                #if PostgreSQL
                    return try PostgreSQLAddress(url).description
                #else
                    throw Self.notBuiltIn
                #endif
            }
        }
    }

    #if !PostgreSQL
        private static let notBuiltIn = SyncError(
            .usage, "This build of sync keeps nothing in PostgreSQL.", safe: "Nothing was changed.",
            next: "Build one that does: install libpq-dev, then  swift build -c release --product sync --traits PostgreSQL")
    #endif
}
