import Testing

@testable import SyncCore

@Suite struct RelayAddressTests {
    @Test(arguments: ["https://relay.example", "http://127.0.0.1:7373", "http://[::1]:1", "https://relay.example:65535/team/"])
    func `an address`(text: String) throws {
        #expect(try !RelayAddress(text).url.hasSuffix("/"))
    }

    @Test(
        arguments: [
            "", "relay.example", "ftp://relay.example", "http://relay.example", "http://127.0.0.1:99999", "http://127.0.0.1:0",
            "https://relay.example:123456789012", "https://user@relay.example", "https://relay.example/?a", "https://relay.example/#a",
            "https://", "http://127.example.org",
        ])
    func `no address`(text: String) {
        #expect(throws: SyncError.self) { try RelayAddress(text) }
    }
}
