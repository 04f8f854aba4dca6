import Foundation
import Testing

@testable import SyncCore

/// What stands sealed at rest, against `Tests/Vectors/rest.json`, which `scripts/sync_rest.py` makes from `docs/crypto.md` alone.
@Suite struct RestVectorTests {
    /// Gives these, one after the other, for random bytes.
    private func giving(_ random: [[UInt8]]) -> Surroundings {
        let left = Unsaid(random)
        return Surroundings(now: { 0 }, random: { count in left.next(count) })
    }

    private final class Unsaid: @unchecked Sendable {
        // Used by one test on one thread.
        private var left: [[UInt8]]
        init(_ left: [[UInt8]]) { self.left = left }
        func next(_ count: Int) -> [UInt8] {
            guard let first = left.first, first.count == count else { preconditionFailure("more is random than the vector says") }
            left.removeFirst()
            return first
        }
    }

    // MARK: Key files

    @Test(arguments: Vector.list("rest", "key files"))
    func keyFile(_ vector: Vector) throws {
        let bytes = try vector["bytes"].bytes()
        let file = try KeyFile(bytes)
        #expect(file.bytes == bytes)
        let key = StoreKey(try vector["store_key"].secret())
        let keys = try file.keys(under: key)
        #expect(keys.bytes == (try vector["keys"].bytes()))
        let passphrase = try #require(Passphrase(try vector["passphrase"].bytes()))
        #expect(try file.openKey ?? file.key(for: passphrase) == key)
        #expect(try file.key(for: #require(Passphrase([1]))) == nil)
        let edition = try #require(Edition(try vector["edition"].bytes()))
        let again = try KeyFile(keys, under: key, slots: slots(vector, key, edition), edition: edition, giving([vector["nonce"].bytes()]))
        #expect(again.bytes == bytes)
    }

    /// Passphrase slots are made anew; others are taken as they are.
    private func slots(_ vector: Vector, _ key: StoreKey, _ edition: Edition) throws -> [KeySlot] {
        try vector["slots"].items().map { slot in
            let content = try slot["content"].bytes()
            switch try slot["kind"].natural() {
            case 0: return .open(StoreKey(try #require(Secret(content))))
            case 1:
                let cost = try Scrypt.Cost(
                    rounds: vector["rounds"].natural(), blockSize: vector["block"].natural(), parallelism: vector["parallel"].natural())
                let made = try PassphraseSlot(
                    key, under: #require(Passphrase(vector["passphrase"].bytes())), cost: cost, edition: edition,
                    giving([vector["salt"].bytes(), vector["slot_nonce"].bytes()]))
                #expect(made.bytes == content)
                return .passphrase(made)
            case let kind: return .other(kind: try #require(UInt8(exactly: kind)), content: content)
            }
        }
    }

    @Test(arguments: Vector.list("rest", "key files refused"))
    func refusedKeyFile(_ vector: Vector) throws { try expectRefused(vector) { _ = try KeyFile($0) } }

    // MARK: Columns and the view

    @Test(arguments: Vector.list("rest", "columns"))
    func column(_ vector: Vector) throws {
        let (table, name) = (try vector["table"].text(), try vector["column"].text())
        let column = try #require(SealedColumn.all.first { $0.table == table && $0.name == name })
        let nonce = try vector["nonce"].optional { try $0.bytes() }
        #expect(column.isLookup == (nonce == nil))
        let cipher = StoreCipher(StoreKey(try vector["store_key"].secret()), giving(nonce.map { [$0] } ?? []))
        let (row, value) = (try vector["row"].items().map(databaseValue), try databaseValue(vector["value"]))
        let stored = try cipher.seal(value, column, row: row)
        #expect(stored.bytes == (try vector["stored"].bytes()))
        #expect(try cipher.open(stored, column, row: row) == value)
    }

    @Test(arguments: Vector.list("rest", "view images"))
    func viewImage(_ vector: Vector) throws {
        let path = NSTemporaryDirectory() + "sync-image-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let image = ViewImage(
            path: path, key: StoreKey(try vector["store_key"].secret()), logID: try vector["log"].bytes(),
            version: Int(try vector["version"].natural()))
        let plain = (0..<Int(try vector["length"].natural())).map { UInt8($0 * 7 % 251) }
        try plain.withUnsafeBytes { try image.write($0, position: vector["position"].integer(), salt: vector["salt"].bytes()) }
        #expect(Digest.plain(try FileSystem.read(path)).bytes == (try vector["sha256"].bytes()))
        let loaded = try #require(try image.load())
        defer { loaded.discard() }
        #expect(loaded.withBytes { Array($0) } == plain)
        #expect(image.storedPosition == (try vector["position"].integer()))
    }
}
