import Crypto
import Foundation
import NIOSSL
import SyncCore
import Testing

@testable import SyncServer

@Suite struct CertificateSourceTests {
    private func source(_ folder: TestFolder) throws -> CertificateSource {
        try #require(RelaySecurity.selfSigned.source(dataFolder: folder.path, surroundings: .system))
    }

    @Test func `a relay's own certificate is made once, for its owner alone, and is another relay's never`() throws {
        let (first, second) = (try TestFolder(), try TestFolder())
        let source = try source(first)
        #expect(throws: SyncError.self) { try source.load() }
        try source.prepare()
        let pin = try source.load().pin
        try source.prepare()
        #expect(try source.load().pin == pin)
        #expect(FileSystem.mode(of: first.path + "/" + SelfSignedCertificate.fileName).map { $0 & 0o777 } == 0o600)
        let other = try self.source(second)
        try other.prepare()
        #expect(try other.load().pin != pin)
    }

    @Test func `its certificate says nothing of a place or a day, and does not end`() throws {
        let certificate = try #require(try NIOSSLCertificate.fromPEMBytes(Array(SelfSignedCertificate(.system).pem.utf8)).first)
        #expect(certificate.notValidBefore == 946_684_800)
        #expect(certificate.notValidAfter == 253_402_300_799)
        #expect(certificate.description.contains("sync relay"))
        #expect(certificate._subjectAlternativeNames().isEmpty)
    }

    @Test func `a pin is of the key, whatever certificate holds it`() throws {
        let key = P256.Signing.PrivateKey()
        let pins = try [253_402_300_799, 1_000_000_000].map { try pin(SelfSignedCertificate(.system, key: key, validUntil: $0)) }
        #expect(pins[0] == pins[1])
        // What  openssl pkey -pubout -outform DER | sha256sum  prints.
        #expect(pins[0].digest == Digest.plain(key.publicKey.derRepresentation))
    }

    private func pin(_ certificate: SelfSignedCertificate) throws -> CertificatePin {
        try LoadedCertificate(certificatePEM: Array(certificate.pem.utf8), keyPEM: Array(certificate.pem.utf8)).pin
    }

    @Test func `files that hold no certificate, no key, or the key of another are told apart from what can be used`() throws {
        let folder = try TestFolder()
        let (own, other) = (try SelfSignedCertificate(.system).pem, try SelfSignedCertificate(.system).pem)
        let onlyKey = try #require(own.range(of: "-----BEGIN CERTIFICATE-----")).lowerBound
        let parts = ["own": own, "other": other, "key": String(own[..<onlyKey]), "certificate": String(own[onlyKey...]), "junk": "junk", "empty": ""]
        for (name, text) in parts { try FileSystem.writeDurably(Array(text.utf8), to: folder.path + "/" + name) }
        func load(_ certificate: String, _ key: String) throws {
            _ = try CertificateSource(certificate: folder.path + "/" + certificate, key: folder.path + "/" + key).load()
        }
        #expect(throws: Never.self) { try load("certificate", "key") }
        #expect(throws: Never.self) { try load("own", "own") }
        for (certificate, key) in [
            ("own", "other"), ("key", "own"), ("own", "certificate"), ("junk", "own"), ("own", "junk"), ("empty", "own"), ("own", "empty"),
        ] {
            let error = #expect(throws: SyncError.self) { try load(certificate, key) }
            #expect(error?.kind == .failure && error?.what.contains("no certificate with its key") == true, "\(certificate) \(key)")
        }
    }
}
