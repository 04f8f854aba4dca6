import Foundation
import Testing

@testable import SyncCore

/// The way to a store's key that a recovery key is.
@Suite struct RecoverySlotTests {
    private let surroundings = TestSurroundings(seed: 11).surroundings
    private let recovery: RecoveryKey
    private let key: StoreKey
    private let edition: Edition

    init() {
        recovery = .random(surroundings)
        key = .random(surroundings)
        edition = .random(surroundings)
    }

    private func keys() -> DeviceKeys {
        DeviceKeys(
            team: .zero, signingSeed: .random(surroundings), kemSeed: .random(surroundings), authorSalt: surroundings.random(16),
            epochs: [(EpochID(high: 1, low: 1), .random(surroundings))], controlToken: .random(surroundings), relaySeeds: [],
            incarnation: Incarnation(mark: surroundings.random(16), machine: [1, 2], device: 3, inode: 4))
    }

    private func file() throws -> KeyFile {
        let slots = [
            try TestPassphrase.protection().slot(for: key, edition, surroundings),
            .recovery(try RecoverySlot(key, for: recovery, edition: edition)),
        ]
        return try KeyFile(keys(), under: key, slots: slots, edition: edition, surroundings)
    }

    @Test func `it opens with the recovery key and with no other, beside the passphrase`() throws {
        let file = try KeyFile(try file().bytes)
        #expect(file.isSealed)
        #expect(try file.key(for: recovery) == key && file.key(for: TestPassphrase.of("correct horse")) == key)
        #expect(try file.key(for: .random(surroundings)) == nil)
        #expect(file.recoverySlots.map(\.device) == [try recovery.device])
        let bytes = Data(file.bytes)
        for secret in [key.secret.bytes, try recovery.slot.seed.bytes] { #expect(bytes.range(of: Data(secret)) == nil) }
    }

    @Test func `it is made anew around another key, without the recovery key`() throws {
        let slot = try #require(try file().recoverySlots.first)
        let (other, next) = (StoreKey.random(surroundings), Edition.random(surroundings))
        let again = try slot.resealed(other, edition: next)
        #expect(try again.key(for: recovery, edition: next) == other)
        #expect(try again.key(for: recovery, edition: edition) == nil && slot.key(for: recovery, edition: next) == nil)
    }

    /// Somebody who can write the file can write its checksum too.
    @Test func `one byte that differs under a checksum that fits opens nothing`() throws {
        let bytes = Array(try file().bytes.dropLast(32))
        // All of the head and of the ends, and some of the long keys between.
        let places = Array(0..<200) + Array(stride(from: 200, to: bytes.count - 60, by: 97)) + Array((bytes.count - 60)..<bytes.count)
        for place in places {
            var other = bytes
            other[place] ^= 0x10
            guard let read = try? KeyFile(other + Digest.plain(other).bytes), let found = try read.key(for: recovery) else { continue }
            #expect(throws: SyncError.self, "byte \(place)") { try read.keys(under: found) }
        }
    }

    @Test func `a slot of another length, or to a key that protects nothing, is damage`() throws {
        let bytes = try RecoverySlot(key, for: recovery, edition: edition).bytes
        #expect(throws: Never.self) { try RecoverySlot(bytes) }
        for wrong in [[], Array(bytes.dropLast()), bytes + [0], [UInt8](repeating: 0, count: bytes.count)] {
            #expect(throws: DecodingFailure.self) { try RecoverySlot(wrong) }
            var writer = ByteWriter()
            writer.raw(Array("sync-keys".utf8) + [1] + edition.bytes)
            writer.count(1)
            writer.u8(2)
            writer.counted(wrong)
            writer.raw([UInt8](repeating: 6, count: 12))
            writer.counted([UInt8](repeating: 6, count: 100))
            #expect(throws: DecodingFailure.self) { try KeyFile(writer.bytes + Digest.plain(writer.bytes).bytes) }
        }
    }
}
