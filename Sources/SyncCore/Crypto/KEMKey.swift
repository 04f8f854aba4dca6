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

    /// Opens what `Envelope.seal` made for this key and this purpose.
    public func open(
        _ envelope: some Collection<UInt8>, for device: DeviceID, as purpose: Envelope.Purpose = .epoch
    ) throws -> [UInt8] {
        guard envelope.count > Envelope.encapsulatedLength else { throw DecodingFailure.truncated }
        var recipient = try HPKE.Recipient(
            privateKey: key, ciphersuite: Self.suite, info: Envelope.info(device, purpose),
            encapsulatedKey: Data(envelope.prefix(Envelope.encapsulatedLength)))
        return Array(try recipient.open(Data(envelope.dropFirst(Envelope.encapsulatedLength))))
    }
}

/// Something sealed to one device: HPKE (RFC 9180), base mode.
public enum Envelope {
    static let encapsulatedLength = 1120

    /// What is sealed: nothing that was made for one purpose opens for another.
    public enum Purpose: String, Sendable {
        case epoch = "sync/v1/envelope"
        case request = "sync/v1/request"
        case answer = "sync/v1/answer"
        case recoverySlot = "sync/v1/recovery-slot"
    }

    static func info(_ device: DeviceID, _ purpose: Purpose = .epoch) -> Data {
        Data(Array(purpose.rawValue.utf8) + [0] + device.bytes)
    }

    /// Refuses a key whose X25519 half is of low order.
    public static func seal(
        _ secret: [UInt8], to publicKey: [UInt8], for device: DeviceID, as purpose: Purpose = .epoch
    ) throws -> [UInt8] {
        guard publicKey.count == KEMKey.publicLength, !WeakKeys.isLowOrder(agreement: publicKey.suffix(32)) else {
            throw SyncError.damaged("A device's encryption key is not a usable one.")
        }
        var sender = try HPKE.Sender(
            recipientKey: XWingMLKEM768X25519.PublicKey(rawRepresentation: publicKey),
            ciphersuite: KEMKey.suite, info: info(device, purpose))
        return Array(sender.encapsulatedKey) + Array(try sender.seal(Data(secret)))
    }
}
