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

    /// The same from memory into memory that is as long as the plain bytes: for megabytes.
    static func open(
        _ sealed: UnsafeRawBufferPointer, into plain: UnsafeMutableRawBufferPointer, key: Secret, nonce: [UInt8],
        authenticating data: [UInt8]
    ) throws {
        guard sealed.count == plain.count + tagLength else { throw DecodingFailure.truncated }
        let box = try ChaChaPoly.SealedBox(
            nonce: ChaChaPoly.Nonce(data: nonce), ciphertext: UnsafeRawBufferPointer(rebasing: sealed.dropLast(tagLength)),
            tag: UnsafeRawBufferPointer(rebasing: sealed.suffix(tagLength)))
        let opened = try ChaChaPoly.open(box, using: SymmetricKey(data: key.bytes), authenticating: data)
        opened.withUnsafeBytes { plain.copyMemory(from: $0) }
    }

    /// The same from memory onto the end of `out`.
    static func seal(
        _ plain: UnsafeRawBufferPointer, onto out: inout [UInt8], key: Secret, nonce: [UInt8], authenticating data: [UInt8]
    ) throws {
        let box = try ChaChaPoly.seal(
            plain, using: SymmetricKey(data: key.bytes), nonce: ChaChaPoly.Nonce(data: nonce), authenticating: data)
        box.ciphertext.withUnsafeBytes { out.append(contentsOf: $0) }
        box.tag.withUnsafeBytes { out.append(contentsOf: $0) }
    }
}
