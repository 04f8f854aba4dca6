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
            let configuration = RelayServer.Configuration(dataFolder: dataFolder, storage: storage, surroundings: surroundings)
            let store = try await storage.open(configuration, logger: Logger(label: "sync.relay", factory: { _ in SwiftLogNoOpLogHandler() }))
            try await store.addAdmission(token)
            try await store.close()
        }
        return text
    }
}
