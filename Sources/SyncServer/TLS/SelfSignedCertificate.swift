import Crypto
import Foundation
import SwiftASN1
import SyncCore
import X509

/// A key of a relay's own and a certificate that nobody vouches for: clients know it by its pin. It names no place, and has no date that
/// says when the relay was set up or ends it one day.
struct SelfSignedCertificate {
    static let fileName = "relay-tls.pem"

    /// The key, then the certificate.
    let pem: String

    /// - Parameter validUntil: Seconds since 1970. Absent: as late as a certificate can say, which means that it does not end (RFC 5280, 4.1.2.5).
    init(_ surroundings: Surroundings, key: P256.Signing.PrivateKey? = nil, validUntil: Int64 = 253_402_300_799) throws {
        let key = try key ?? Self.makeKey(surroundings)
        let name = try DistinguishedName { CommonName("sync relay") }
        // The first byte keeps it positive and of one length.
        let serial = [1] + surroundings.random(15)
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(bytes: serial), publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSince1970: 946_684_800), notValidAfter: Date(timeIntervalSince1970: Double(validUntil)),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try .init { Critical(BasicConstraints.notCertificateAuthority) }, issuerPrivateKey: .init(key))
        pem = key.pemRepresentation + "\n" + (try certificate.serializeAsPEM().pemString) + "\n"
    }

    /// Of the bytes that are no scalar of the curve, one in 2³² is drawn.
    private static func makeKey(_ surroundings: Surroundings) throws -> P256.Signing.PrivateKey {
        for _ in 0..<8 {
            if let key = try? P256.Signing.PrivateKey(rawRepresentation: surroundings.random(32)) { return key }
        }
        throw SyncError(.failure, "No key could be made for the relay's certificate.", safe: "Nothing was changed.")
    }

    /// Both in one file, which is there whole or not at all, and readable for its owner alone.
    func keep(in folder: String) throws {
        try FileSystem.createPrivateFolder(folder)
        try FileSystem.writeDurably(Array(pem.utf8), to: folder + "/" + Self.fileName)
    }
}
