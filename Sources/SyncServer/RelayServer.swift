import Hummingbird
public import Logging
public import SyncCore
import Synchronization
import UnixSignals

/// A relay: it keeps and passes on what teams push, and can read none of it.
///
/// ```swift
/// let relay = RelayServer(.init(dataFolder: "/var/lib/sync"), logger: logger)
/// try await relay.run { port in logger.notice("Listening", metadata: ["port": "\(port)"]) }
/// ```
public struct RelayServer: Sendable {
    public struct Configuration: Sendable {
        public var host: String
        /// 0: any that is free, told to `onListening`.
        public var port: Int
        public var security: RelaySecurity
        /// The relay's own folder. Made, mode 0700, when it is needed and not there.
        public var dataFolder: String
        public var storage: RelayStorage
        public var admission: Admission
        /// How long a connection may be silent.
        public var idleSeconds: Int64
        /// How long a whole request's body, or one frame of an answer, may take.
        public var transferSeconds: Int64
        public var limits: Limits
        /// Nil: nobody is told how it is.
        public var operations: OperationsAddress?
        public var version: String
        public var surroundings: Surroundings

        public init(
            host: String = "127.0.0.1", port: Int = 7373, security: RelaySecurity = .plainOnLoopback, dataFolder: String,
            storage: RelayStorage = .dataFolder, admission: Admission = .loopbackOnly, idleSeconds: Int64 = 60,
            transferSeconds: Int64 = 600, limits: Limits = Limits(), operations: OperationsAddress? = nil, version: String = "0", surroundings: Surroundings = .system
        ) {
            self.host = host
            self.port = port
            self.security = security
            self.dataFolder = dataFolder
            self.storage = storage
            self.admission = admission
            self.idleSeconds = idleSeconds
            self.transferSeconds = transferSeconds
            self.limits = limits
            self.operations = operations
            self.version = version
            self.surroundings = surroundings
        }
    }

    private let configuration: Configuration
    private let logger: Logger

    public init(_ configuration: Configuration, logger: Logger = Logger(label: "sync.relay")) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Everything that `run` needs, without listening: throws what it would.
    public func check() async throws {
        try configuration.security.check(host: configuration.host)
        try certificateSource?.check()
        let store = try await configuration.storage.open(configuration, logger: logger)
        let result: Result<Void, any Error>
        do { result = .success(try await store.checkReady()) } catch { result = .failure(error) }
        try await store.close()
        try result.get()
    }

    /// Serves until SIGTERM, SIGINT, or the task is cancelled; then finishes what it was doing, and closes the store.
    ///
    /// - Parameters:
    ///   - handlingSignals: Whether signals end it. A process that has a use of its own for them cancels the task instead.
    ///   - onListening: Called once, with the port, when connections are taken.
    /// - Throws: `SyncError(.storeInUse)` while another relay has the folder; `SyncError(.failure)` for a file that is not a relay's,
    ///   for a database that cannot be used, for a certificate that cannot, and for an address that cannot be listened on;
    ///   `SyncError(.usage)` for a storage that is not in this build, and for an address that others reach and nothing secures.
    public func run(
        handlingSignals: Bool = true, onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) async throws {
        try configuration.security.check(host: configuration.host)
        let store = try await configuration.storage.open(configuration, logger: logger)
        let isListening = Mutex(false)
        let result: Result<Void, any Error>
        do {
            let shelf = try certificateSource.map(CertificateShelf.init)
            let application = buildApplication(
                configuration: configuration, store: store, shelf: shelf, isReloading: handlingSignals, logger: logger
            ) { port in
                isListening.withLock { $0 = true }
                await onListening(port)
            }
            try await application.runService(gracefulShutdownSignals: handlingSignals ? [.sigterm, .sigint] : [])
            result = .success(())
        } catch is CancellationError {
            result = .success(())
        } catch let error as SyncError {
            result = .failure(error)
        } catch {
            result = .failure(isListening.withLock { $0 } ? error : cannotListen)
        }
        try await store.close()
        try result.get()
    }

    /// What clients know its certificate by, once it listens; nil where it speaks no TLS.
    public func certificatePin() throws -> CertificatePin? { try certificateSource?.load().pin }

    private var certificateSource: CertificateSource? {
        configuration.security.source(dataFolder: configuration.dataFolder, surroundings: configuration.surroundings)
    }

    private var cannotListen: SyncError {
        SyncError(
            .failure, "The relay cannot listen on \(configuration.host):\(configuration.port) .",
            next: "Another program may use this port, or the address may not be this machine's.")
    }

    /// Runs a relay for as long as `body` takes, which is told its port.
    public static func withRunning<Value: Sendable>(
        _ configuration: Configuration, logger: Logger = Logger(label: "sync.relay"),
        _ body: @escaping @Sendable (_ port: Int) async throws -> Value
    ) async throws -> Value {
        let relay = RelayServer(configuration, logger: logger)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { listening.finish() }
                try await relay.run(handlingSignals: false) { listening.yield($0) }
            }
            guard let port = await ports.first(where: { _ in true }) else {
                try await group.waitForAll()
                throw SyncError(.failure, "The relay ended before it listened.")
            }
            let result: Result<Value, any Error>
            do {
                result = .success(try await body(port))
            } catch {
                result = .failure(error)
            }
            group.cancelAll()
            try await group.waitForAll()
            return try result.get()
        }
    }
}
