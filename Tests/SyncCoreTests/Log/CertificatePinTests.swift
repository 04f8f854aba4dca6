import Testing

@testable import SyncCore

@Suite struct CertificatePinTests {
    private static let digits = (0..<32).map { String($0 + 160, radix: 16) }.joined()

    @Test(
        arguments: [
            digits, "sha256=" + digits, digits.uppercased(), "SHA256=" + digits.uppercased(), " " + digits + "\n",
            stride(from: 0, to: 64, by: 2).map { String(Array(digits)[$0...($0 + 1)]) }.joined(separator: ":"),
        ])
    func `it is read as people and tools write it`(text: String) throws {
        let pin = try CertificatePin(text: text)
        #expect(pin.text == "sha256=" + Self.digits)
        #expect(Self.digits.hasPrefix(pin.short))
    }

    @Test(arguments: ["", "sha256=", String(digits.dropLast()), digits + "00", "sha1=" + digits, "sha256:" + digits, "x" + digits.dropFirst()])
    func `what is none is refused`(text: String) {
        #expect(throws: SyncError.self) { try CertificatePin(text: text) }
    }
}
