import SyncCore
import Testing

@testable import SyncServer

@Suite struct RelaySecurityTests {
    @Test(arguments: ["0.0.0.0", "::", "192.0.2.7", "relay.example", "127.example.org"])
    func `what others can reach is not served without TLS unless somebody says so`(host: String) async throws {
        let folder = try TestFolder()
        let relay = RelayServer(.init(host: host, port: 0, dataFolder: folder.path))
        let error = await #expect(throws: SyncError.self) { try await relay.run(handlingSignals: false) }
        #expect(error?.kind == .usage)
        #expect(error?.next?.contains("--self-signed") == true)
        #expect(FileSystem.names(in: folder.path).isEmpty)
        for security in [RelaySecurity.plainAnywhere, .selfSigned, .files(certificate: "a", key: "b")] {
            #expect(throws: Never.self) { try security.check(host: host) }
        }
    }

    @Test(arguments: ["127.0.0.1", "localhost", "::1"])
    func `what this machine alone reaches needs no TLS`(host: String) {
        #expect(throws: Never.self) { try RelaySecurity.plainOnLoopback.check(host: host) }
    }

    @Test func `a relay whose certificate cannot be used does not start and lets its folder go`() async throws {
        let folder = try TestFolder()
        let missing = RelaySecurity.files(certificate: folder.path + "/none.pem", key: folder.path + "/none.pem")
        let relay = RelayServer(.init(port: 0, security: missing, dataFolder: folder.path))
        let error = await #expect(throws: SyncError.self) { try await relay.run(handlingSignals: false) }
        #expect(error?.what.contains("none.pem") == true)
        try await RelayServer.withRunning(.init(port: 0, dataFolder: folder.path)) { _ in }
    }
}
