import Crypto
import Foundation
import Testing

@testable import SyncCore

/// What the library alone lets through, and that ours does not: were the library to change, the first half of each test says so.
@Suite struct WeakKeysTests {
    private static let order1 = "0100000000000000000000000000000000000000000000000000000000000000"

    /// Points of small order on edwards25519, also written past the field's prime and with the sign bit.
    static let smallOrder = [
        order1, "0100000000000000000000000000000000000000000000000000000000000080",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ]

    static let lowOrder = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ]

    @Test func theLibraryTakesOneSignatureForEveryMessage() throws {
        let key = try #require(Hex.decode(Self.order1))
        let signature = key + [UInt8](repeating: 0, count: 32)
        let library = try Curve25519.Signing.PublicKey(rawRepresentation: key)
        let ours = try #require(Hash32(key))
        for message in ["remove Ana", "remove Ben"] {
            #expect(library.isValidSignature(signature, for: Signature.input("sync/v1/test", Array(message.utf8))))
            #expect(!Signature.isValid(signature, by: ours, "sync/v1/test", Array(message.utf8)))
        }
    }

    @Test(arguments: smallOrder)
    func smallOrderIsRefused(_ hex: String) throws {
        #expect(WeakKeys.isSmallOrder(signing: try #require(Hash32(hex: hex))))
    }

    /// X25519 and HPKE over it agree on zeros without an error. X-Wing takes the key as well; that it fails on sealing, an error without a
    /// name, comes too late: the device would be enrolled, and no epoch could be rotated to it.
    @Test func theLibraryTakesAKeyOfLowOrder() throws {
        let point = [UInt8](repeating: 0, count: 32)
        let agreed = try Curve25519.KeyAgreement.PrivateKey().sharedSecretFromKeyAgreement(
            with: .init(rawRepresentation: point))
        #expect(agreed.withUnsafeBytes { $0.allSatisfy { $0 == 0 } })
        #expect(throws: Never.self) {
            try HPKE.Sender(
                recipientKey: Curve25519.KeyAgreement.PublicKey(rawRepresentation: point),
                ciphersuite: .Curve25519_SHA256_ChachaPoly, info: Data())
        }
        let good = try KEMKey(seed: try #require(Secret([UInt8](repeating: 3, count: 32)))).publicKey
        let weak = good.dropLast(32) + point
        #expect(throws: Never.self) { try XWingMLKEM768X25519.PublicKey(rawRepresentation: Data(weak)) }
        let device = DeviceID(high: 1, low: 1)
        #expect(throws: SyncError.self) { try Envelope.seal([1], to: Array(weak), for: device) }
        #expect(throws: SyncError.self) { try Envelope.seal([1], to: Array(good.dropLast()), for: device) }
        #expect(throws: Never.self) { try Envelope.seal([1], to: good, for: device) }
    }

    @Test(arguments: lowOrder)
    func lowOrderIsRefused(_ hex: String) throws {
        let point = try #require(Hex.decode(hex))
        #expect(WeakKeys.isLowOrder(agreement: point))
        // Each of them makes every agreement the same, or the library refuses it by itself.
        let alone = try? Curve25519.KeyAgreement.PrivateKey().sharedSecretFromKeyAgreement(
            with: .init(rawRepresentation: point))
        if let alone { #expect(alone.withUnsafeBytes { $0.allSatisfy { $0 == 0 } }) }
    }

    @Test func ordinaryKeysPass() throws {
        var random = Seeded(7)
        for _ in 0..<50 {
            #expect(!WeakKeys.isSmallOrder(signing: try SigningKey(seed: random.secret()).publicKey))
            #expect(!WeakKeys.isLowOrder(agreement: try KEMKey(seed: random.secret()).publicKey.suffix(32)))
        }
        #expect(WeakKeys.isLowOrder(agreement: []))
    }
}
