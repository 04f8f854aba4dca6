import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An Ed25519 key (RFC 8032), kept as its 32-byte seed.
public struct SigningKey: Sendable {
    public let seed: Secret
    private let key: Curve25519.Signing.PrivateKey
    /// The 32 bytes that others check with.
    public let publicKey: Hash32

    public init(seed: Secret) throws {
        self.seed = seed
        key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed.bytes)
        guard let publicKey = Hash32(Array(key.publicKey.rawRepresentation)) else { throw DecodingFailure.truncated }
        self.publicKey = publicKey
    }

    /// 64 bytes over `label ‖ 0x00 ‖ message`.
    public func sign(_ label: StaticString, _ message: [UInt8]) throws -> [UInt8] {
        Array(try key.signature(for: Signature.input(label, message)))
    }
}

/// Checking an Ed25519 signature.
public enum Signature {
    public static let length = 64

    static func input(_ label: StaticString, _ message: [UInt8]) -> [UInt8] {
        var input = label.withUTF8Buffer(Array.init)
        input.append(0)
        input.append(contentsOf: message)
        return input
    }

    /// False for a wrong signature, and for anything by a key of small order, under which one signature fits every message.
    public static func isValid(
        _ signature: some Collection<UInt8>, by publicKey: Hash32, _ label: StaticString, _ message: [UInt8]
    ) -> Bool {
        guard signature.count == length, !WeakKeys.isSmallOrder(signing: publicKey),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey.bytes)
        else { return false }
        return key.isValidSignature(Array(signature), for: input(label, message))
    }
}
