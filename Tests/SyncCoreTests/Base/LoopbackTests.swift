import SyncCore
import Testing

@Suite struct LoopbackTests {
    @Test(arguments: ["localhost", "127.0.0.1", "127.3.2.1", "::1", "[::1]"])
    func `this machine alone`(host: String) { #expect(Loopback.isLoopback(host)) }

    @Test(arguments: ["0.0.0.0", "::", "192.0.2.7", "relay.example", "127.example.org", "127.0.0.1.example.org", "1270.0.0.1", ""])
    func `others too`(host: String) { #expect(!Loopback.isLoopback(host)) }
}
