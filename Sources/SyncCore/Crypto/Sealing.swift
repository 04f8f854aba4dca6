import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// ChaCha20-Poly1305 (RFC 8439).
public enum Sealing {
    public static let nonceLength = 12
    public static let tagLength = 16

    /// Ciphertext with its tag behind it.
    public static func seal(
        _ plain: [UInt8], key: Secret, nonce: [UInt8], authenticating data: [UInt8]
    ) throws -> [UInt8] {
        let box = try ChaChaPoly.seal(
            plain, using: SymmetricKey(data: key.bytes), nonce: ChaChaPoly.Nonce(data: nonce), authenticating: data)
        var out = [UInt8]()
        out.reserveCapacity(plain.count + tagLength)
        out.append(contentsOf: box.ciphertext)
        out.append(contentsOf: box.tag)
        return out
    }

    /// Throws when one bit of anything differs.
    public static func open(
        _ sealed: some Collection<UInt8>, key: Secret, nonce: [UInt8], authenticating data: [UInt8]
    ) throws -> [UInt8] {
        guard sealed.count >= tagLength else { throw DecodingFailure.truncated }
        let box = try ChaChaPoly.SealedBox(
            nonce: ChaChaPoly.Nonce(data: nonce),
            ciphertext: Array(sealed.dropLast(tagLength)), tag: Array(sealed.suffix(tagLength)))
        return Array(try ChaChaPoly.open(box, using: SymmetricKey(data: key.bytes), authenticating: data))
    }
}
