import Logging
public import SyncCore

/// What a relay's operator does beside it, also while it runs.
public struct RelayOperator: Sendable {
    private let storage: RelayStorage
    private let dataFolder: String
    private let surroundings: Surroundings

    public init(storage: RelayStorage, dataFolder: String, surroundings: Surroundings = .system) {
        self.storage = storage
        self.dataFolder = dataFolder
        self.surroundings = surroundings
    }

    /// Makes a token with which so many teams may begin on the relay, for so many days. The relay keeps its hash alone.
    public func admissionToken(uses: Int64, days: Int64) async throws -> String {
        let text = "sync-admission-" + Hex.encode(surroundings.random(16))
        let token = AdmissionToken(hash: Digest.plain(text.utf8), uses: uses, expires: surroundings.now() + days * 86_400_000)
        switch storage {
        case .dataFolder:
            if !FileSystem.isFolder(dataFolder) { try FileSystem.createPrivateFolder(dataFolder) }
            try AdmissionFolder(dataFolder: dataFolder).leave(token)
        case .postgreSQL:
            try await withStore { try await $0.addAdmission(token) }
        }
        return text
    }

    /// What the relay has.
    public func usage() async throws -> StoreUsage {
        switch storage {
        case .dataFolder: try RelayCopy(folder: dataFolder).usage()
        case .postgreSQL: try await withStore { try await $0.usage() }
        }
    }

    /// Writes everything that the relay keeps into a new file, as it is at one moment. A relay that gets it as its `relay.db` goes on from
    /// there: devices notice, and give it back what came since.
    public func backUp(to path: String) throws {
        guard case .dataFolder = storage else {
            throw SyncError(
                .usage, "What is in PostgreSQL is backed up by PostgreSQL.", safe: "Nothing was changed.",
                next: "Use pg_dump or pg_basebackup.")
        }
        try RelayCopy(folder: dataFolder).write(to: path)
    }

    private func withStore<Value>(_ body: (any RelayStore) async throws -> Value) async throws -> Value {
        let configuration = RelayServer.Configuration(dataFolder: dataFolder, storage: storage, surroundings: surroundings)
        let store = try await storage.open(configuration, logger: Logger(label: "sync.relay", factory: { _ in SwiftLogNoOpLogHandler() }))
        let result: Result<Value, any Error>
        do { result = .success(try await body(store)) } catch { result = .failure(error) }
        try await store.close()
        return try result.get()
    }
}
