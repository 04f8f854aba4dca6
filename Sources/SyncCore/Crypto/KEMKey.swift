import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An X-Wing key (ML-KEM-768 with X25519, draft-connolly-cfrg-xwing-kem), kept as its 32-byte seed. What is sealed to it and
/// captured today stays closed to a quantum computer.
public struct KEMKey: Sendable {
    public static let publicLength = 1216
    static let suite = HPKE.Ciphersuite.XWingMLKEM768X25519_SHA256_AES_GCM_256

    public let seed: Secret
    /// 1,216 bytes: ML-KEM-768, then X25519.
    public let publicKey: [UInt8]
    private let key: XWingMLKEM768X25519.PrivateKey

    public init(seed: Secret) throws {
        self.seed = seed
        key = try XWingMLKEM768X25519.PrivateKey(seedRepresentation: Data(seed.bytes), publicKey: nil)
        publicKey = Array(key.publicKey.rawRepresentation)
    }

    /// Opens what `Envelope.seal` made for this key.
    public func open(_ envelope: some Collection<UInt8>, for device: DeviceID) throws -> [UInt8] {
        guard envelope.count > Envelope.encapsulatedLength else { throw DecodingFailure.truncated }
        var recipient = try HPKE.Recipient(
            privateKey: key, ciphersuite: Self.suite, info: Envelope.info(device),
            encapsulatedKey: Data(envelope.prefix(Envelope.encapsulatedLength)))
        return Array(try recipient.open(Data(envelope.dropFirst(Envelope.encapsulatedLength))))
    }
}

/// A secret sealed to one device: HPKE (RFC 9180), base mode.
public enum Envelope {
    static let encapsulatedLength = 1120

    static func info(_ device: DeviceID) -> Data {
        Data(Array("sync/v1/envelope".utf8) + [0] + device.bytes)
    }

    /// Refuses a key whose X25519 half is of low order.
    public static func seal(_ secret: [UInt8], to publicKey: [UInt8], for device: DeviceID) throws -> [UInt8] {
        guard publicKey.count == KEMKey.publicLength, !WeakKeys.isLowOrder(agreement: publicKey.suffix(32)) else {
            throw SyncError.damaged("A device's encryption key is not a usable one.")
        }
        var sender = try HPKE.Sender(
            recipientKey: XWingMLKEM768X25519.PublicKey(rawRepresentation: publicKey),
            ciphersuite: KEMKey.suite, info: info(device))
        return Array(sender.encapsulatedKey) + Array(try sender.seal(Data(secret)))
    }
}
