import Testing

@testable import SyncCore

@Suite struct SealingTests {
    private var random = Seeded(8)

    @Test mutating func everyBitMatters() throws {
        let (key, nonce) = (random.secret(), random.bytes(12))
        let (plain, data) = (random.bytes(20), random.bytes(8))
        let sealed = try Sealing.seal(plain, key: key, nonce: nonce, authenticating: data)
        for position in sealed.indices {
            var changed = sealed
            changed[position] ^= 1
            #expect(throws: (any Error).self) { try Sealing.open(changed, key: key, nonce: nonce, authenticating: data) }
        }
        let other = random.secret()
        #expect(throws: (any Error).self) { try Sealing.open(sealed, key: other, nonce: nonce, authenticating: data) }
        #expect(throws: (any Error).self) { try Sealing.open(sealed, key: key, nonce: nonce, authenticating: data + [0]) }
        #expect(throws: (any Error).self) { try Sealing.open([], key: key, nonce: nonce, authenticating: data) }
        #expect(throws: (any Error).self) { try Sealing.open(sealed, key: key, nonce: [], authenticating: data) }
    }

    @Test mutating func envelopesOpenForTheirDeviceAlone() throws {
        let (key, other) = (try KEMKey(seed: random.secret()), try KEMKey(seed: random.secret()))
        let device: DeviceID = random.id()
        let secret = random.bytes(32)
        let envelope = try Envelope.seal(secret, to: key.publicKey, for: device)
        #expect(envelope.count == 1120 + 48)
        #expect(try key.open(envelope, for: device) == secret)
        #expect(throws: (any Error).self) { try other.open(envelope, for: device) }
        #expect(throws: (any Error).self) { try key.open(envelope, for: DeviceID(high: 0, low: 0)) }
        for count in [0, 1, 1119, 1120, 1121, envelope.count - 1] {
            #expect(throws: (any Error).self) { try key.open(envelope.prefix(count), for: device) }
        }
    }

    @Test mutating func secretsDoNotPrintThemselves() {
        let secret = random.secret()
        #expect("\(secret)" == "secret")
        #expect(String(reflecting: secret) == "secret")
        #expect(Secret([UInt8](repeating: 0, count: 31)) == nil)
    }
}
