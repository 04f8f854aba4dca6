#if PostgreSQL
    import Foundation
    import HTTPTypes
    import HummingbirdTesting
    import SyncCore
    import Synchronization

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Darwin)
        import Darwin
    #endif

    /// `sync serve` on a database, as a process of its own that may be killed and started again at the same port.
    actor ServedRelay {
        nonisolated let port: Int
        private let database: String
        private let folder: TestFolder
        private var process: Process?
        /// Nobody else ends it where a test fails.
        private let running = Mutex<pid_t?>(nil)

        deinit { if let id = running.withLock(\.self) { kill(id, SIGKILL) } }

        init(_ database: TestDatabase) throws {
            self.database = database.url
            folder = try TestFolder()
            port = try Self.freePort()
        }

        /// Returns when it answers.
        func start() async throws {
            let process = Process()
            process.executableURL = Self.program
            // All devices have one address here.
            process.arguments = ["serve", "--listen", "127.0.0.1:\(port)", "--open", "--requests-per-minute", "0", "--json"]
            process.environment = ["HOME": folder.path, "SYNC_POSTGRES": database]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            self.process = process
            running.withLock { $0 = process.processIdentifier }
            let end = ContinuousClock.now + .seconds(30)
            while await !answers() {
                guard ContinuousClock.now < end, process.isRunning else { throw SyncError(.failure, "The relay does not start.") }
                try await Task.sleep(for: .milliseconds(20))
            }
        }

        /// As when its machine loses power, or when it is told to stop.
        func end(_ signal: Int32 = SIGKILL) {
            guard let process else { return }
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
            running.withLock { $0 = nil }
            self.process = nil
        }

        private func answers() async -> Bool {
            let answer = try? await TestClient.withClient(host: "127.0.0.1", port: port) { try await $0.get("/healthz") }
            return answer?.status == .ok
        }

        /// The program beside the test bundle.
        private static let program: URL = {
            let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
            return (bundle ?? URL(fileURLWithPath: CommandLine.arguments[0])).deletingLastPathComponent().appendingPathComponent(
                "sync")
        }()

        private static func freePort() throws -> Int {
            let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(file) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isBound = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(file, $0, length) == 0 && getsockname(file, $0, &length) == 0
                }
            }
            guard isBound else { throw SyncError(.failure, "No port is free.") }
            return Int(UInt16(bigEndian: address.sin_port))
        }
    }
#endif
