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
            "https://", "http://127.example.org", "https://relay.example#sha256=00", "https://relay.example/" + String(repeating: "a", count: 600),
        ])
    func `no address`(text: String) {
        #expect(throws: SyncError.self) { try RelayAddress(text) }
    }

    private static let digits = String(repeating: "3f", count: 32)

    @Test func `an address carries the pin of a certificate, and is read again as it is written`() throws {
        let address = try RelayAddress("https://192.0.2.7:7373/#sha256=" + Self.digits)
        #expect(address.url == "https://192.0.2.7:7373")
        #expect(address.pin?.digest.hex == Self.digits)
        #expect(try RelayAddress(address.text) == address)
        #expect(try RelayAddress(address.url, pin: address.pin) == address)
        #expect(try RelayAddress(address.text, pin: address.pin) == address)
        #expect(try RelayAddress(address.url) != address)
    }

    @Test func `a pin is for a certificate, and one address has one`() throws {
        let pin = try CertificatePin(text: Self.digits)
        #expect(throws: SyncError.self) { try RelayAddress("http://127.0.0.1:7373", pin: pin) }
        #expect(throws: SyncError.self) {
            try RelayAddress("https://relay.example#sha256=" + String(repeating: "0", count: 64), pin: pin)
        }
    }
}
