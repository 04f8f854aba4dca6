import Foundation
import Testing

@testable import SyncCore

/// A passphrase, and a cost that tests can pay.
enum TestPassphrase {
    static let cheap: Scrypt.Cost = {
        guard let cost = try? Scrypt.Cost(rounds: 1024, blockSize: 8, parallelism: 1) else { return .standard }
        return cost
    }()

    static func of(_ text: String) throws -> Passphrase { try #require(Passphrase(Array(text.utf8))) }

    static func protection(_ text: String = "correct horse") throws -> StoreProtection { .passphrase(try of(text), cost: cheap) }
}

@Suite struct KeyFileTests {
    private let surroundings = TestSurroundings(seed: 7).surroundings

    private func someKeys() throws -> DeviceKeys {
        DeviceKeys(
            team: .zero, signingSeed: .random(surroundings), kemSeed: .random(surroundings), authorSalt: surroundings.random(16),
            epochs: [(try #require(EpochID(surroundings.random(16))), .random(surroundings))], controlToken: .random(surroundings),
            relaySeeds: [RelaySeed(epoch: try #require(EpochID(surroundings.random(16))), seed: .random(surroundings))], incarnation: Incarnation(mark: surroundings.random(16), machine: [1, 2], device: 3, inode: 4))
    }

    private func file(_ protection: StoreProtection, key: StoreKey? = nil) throws -> KeyFile {
        let key = key ?? .random(surroundings)
        let edition = Edition.random(surroundings)
        return try KeyFile(
            someKeys(), under: key, slots: [protection.slot(for: key, edition, surroundings)], edition: edition, surroundings)
    }

    /// A folder with a key file of these bytes and something that passes for a log.
    private func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
        let path = NSTemporaryDirectory() + "sync-keys-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileSystem.writeDurably(bytes, to: path)
        return try body(path)
    }

    private static func checksummed(_ bytes: [UInt8]) -> [UInt8] { bytes + Digest.plain(bytes).bytes }

    @Test func `what is written is read, with the passphrase and with no other`() throws {
        let sealed = try KeyFile(try file(TestPassphrase.protection()).bytes)
        #expect(sealed.isSealed)
        let key = try #require(try sealed.key(for: TestPassphrase.of("correct horse")))
        #expect(try sealed.keys(under: key).epochs.count == 1)
        #expect(try sealed.key(for: TestPassphrase.of("correct horses")) == nil)
        #expect(throws: SyncError.self) { try sealed.keys(under: .random(surroundings)) }
        let open = try KeyFile(try file(.none).bytes)
        #expect(try !open.isSealed && open.keys(under: #require(open.openKey)).epochs.count == 1)
    }

    @Test func `nothing of the keys can be read in a sealed file`() throws {
        let keys = try someKeys()
        let key = StoreKey.random(surroundings)
        let edition = Edition.random(surroundings)
        let slot = try TestPassphrase.protection().slot(for: key, edition, surroundings)
        let bytes = Data(try KeyFile(keys, under: key, slots: [slot], edition: edition, surroundings).bytes)
        for secret in [keys.signingSeed, keys.kemSeed, keys.controlToken, keys.epochs[0].key, key.secret, key.keys] {
            #expect(bytes.range(of: Data(secret.bytes)) == nil)
        }
    }

    @Test func `one byte that differs is noticed, wherever it is`() throws {
        for protection in [StoreProtection.none, try TestPassphrase.protection()] {
            let bytes = try file(protection).bytes
            for place in bytes.indices {
                for change in [UInt8(1), 0x80, 0xff] {
                    var other = bytes
                    other[place] ^= change
                    let error = try withFile(other) { path in #expect(throws: SyncError.self) { try KeyFile(path: path) } }
                    #expect(error?.kind == .integrity, "byte \(place)")
                }
            }
            for length in 0..<bytes.count {
                #expect(throws: DecodingFailure.self) { try KeyFile(Array(bytes.prefix(length))) }
            }
            #expect(throws: DecodingFailure.self) { try KeyFile(bytes + [0]) }
        }
    }

    /// Somebody who can write the file can write its checksum too.
    @Test func `one byte that differs under a checksum that fits opens nothing`() throws {
        let passphrase = try TestPassphrase.of("correct horse")
        let bytes = Array(try file(TestPassphrase.protection()).bytes.dropLast(32))
        for place in bytes.indices {
            var other = bytes
            other[place] ^= 0x10
            guard let read = try? KeyFile(Self.checksummed(other)), let key = try read.key(for: passphrase) else { continue }
            #expect(throws: SyncError.self, "byte \(place)") { try read.keys(under: key) }
        }
    }

    @Test func `a slot of another file does not fit, nor with its edition`() throws {
        let key = StoreKey.random(surroundings)
        let passphrase = try TestPassphrase.of("correct horse")
        let (first, second) = (try file(TestPassphrase.protection(), key: key), try file(TestPassphrase.protection(), key: key))
        let (a, b) = (Array(first.bytes.dropLast(32)), Array(second.bytes.dropLast(32)))
        // Behind the slots: a nonce, a length of two bytes, the keys and a tag.
        let end = a.count - 12 - 2 - (try someKeys().bytes.count) - 16
        #expect(a.count == b.count && a[26] == 1)
        var mixed = Array(a[..<27] + b[27..<end] + a[end...])
        #expect(try KeyFile(Self.checksummed(mixed)).key(for: passphrase) == nil)
        mixed = Array(b[..<end] + a[end...])
        let read = try KeyFile(Self.checksummed(mixed))
        let found = try #require(try read.key(for: passphrase))
        #expect(found == key)
        #expect(throws: SyncError.self) { try read.keys(under: found) }
        #expect(throws: Never.self) { try KeyFile(Self.checksummed(a)).keys(under: found) }
    }

    @Test func `a slot of a kind that this version does not know stays, and counts as a lock`() throws {
        let key = StoreKey.random(surroundings)
        let edition = Edition.random(surroundings)
        let slots = [
            KeySlot.other(kind: 9, content: [1, 2, 3]), try TestPassphrase.protection().slot(for: key, edition, surroundings),
        ]
        let written = try KeyFile(someKeys(), under: key, slots: slots, edition: edition, surroundings)
        let read = try KeyFile(written.bytes)
        #expect(read.slots == slots && read.isSealed)
        let found = try #require(try read.key(for: TestPassphrase.of("correct horse")))
        let again = try KeyFile(read.holding(someKeys(), under: found, surroundings).bytes)
        #expect(again.slots == slots)
        let alone = try KeyFile(someKeys(), under: key, slots: [slots[0]], edition: edition, surroundings)
        #expect(try KeyFile(alone.bytes).isSealed && KeyFile(alone.bytes).key(for: TestPassphrase.of("x")) == nil)
    }

    @Test(arguments: ScryptTests.hostile)
    func `a file that asks for a hostile cost is refused before scrypt runs`(rounds: UInt64, blockSize: UInt64, parallelism: UInt64) throws {
        var slot = ByteWriter()
        for number in [rounds, blockSize, parallelism] { slot.varint(number) }
        slot.raw([UInt8](repeating: 7, count: 16 + 12 + 48))
        var writer = ByteWriter()
        writer.raw(Array("sync-keys".utf8) + [1])
        writer.raw([UInt8](repeating: 5, count: 16))
        writer.count(1)
        writer.u8(1)
        writer.counted(slot.bytes)
        writer.raw([UInt8](repeating: 6, count: 12))
        writer.counted([UInt8](repeating: 6, count: 100))
        let error = try withFile(Self.checksummed(writer.bytes)) { path in #expect(throws: SyncError.self) { try KeyFile(path: path) } }
        #expect(error?.kind == .integrity)
    }

    @Test func `a newer version is named so`() throws {
        var bytes = Array(try file(.none).bytes.dropLast(32))
        bytes[9] = 2
        let error = try withFile(Self.checksummed(bytes)) { path in #expect(throws: SyncError.self) { try KeyFile(path: path) } }
        #expect(error?.kind == .integrity && error?.what.contains("newer version") == true)
    }
}
