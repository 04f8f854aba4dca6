/// Names the log that a key file is for: 16 random bytes in both. A log is written anew when a passphrase is set or taken away, and gets
/// another edition.
struct Edition: Hashable, Sendable {
    static let length = 16

    let bytes: [UInt8]

    /// Exactly 16 bytes, or nil.
    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length else { return nil }
        self.bytes = Array(bytes)
    }

    private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    static func random(_ surroundings: Surroundings) -> Edition { Edition(unchecked: surroundings.random(length)) }
}

/// The key file: slots, each a way to the store key, and the device's keys sealed under it. Its bytes are in `docs/crypto.md`.
struct KeyFile: Hashable, Sendable {
    private static let magic = Array("sync-keys".utf8)
    private static let version: UInt8 = 1
    static let slotLimit = 8

    let edition: Edition
    let slots: [KeySlot]
    private let nonce: [UInt8]
    private let sealed: [UInt8]

    init(_ keys: DeviceKeys, under key: StoreKey, slots: [KeySlot], edition: Edition, _ surroundings: Surroundings) throws {
        self.edition = edition
        self.slots = slots
        nonce = surroundings.random(Sealing.nonceLength)
        sealed = try Sealing.seal(
            keys.bytes, key: key.keys, nonce: nonce, authenticating: Self.data(Self.head(edition, slots)))
    }

    /// The store key where no passphrase is set; nil where one is.
    var openKey: StoreKey? {
        for case .open(let key) in slots { return key }
        return nil
    }

    var isSealed: Bool { openKey == nil }

    /// Runs scrypt for each passphrase slot until one opens; nil where none does.
    func key(for passphrase: Passphrase) throws -> StoreKey? {
        for case .passphrase(let slot) in slots {
            if let key = try slot.key(for: passphrase, edition: edition) { return key }
        }
        return nil
    }

    /// Tries each recovery slot; nil where none opens.
    func key(for recovery: RecoveryKey) throws -> StoreKey? {
        for slot in recoverySlots {
            if let key = try slot.key(for: recovery, edition: edition) { return key }
        }
        return nil
    }

    var recoverySlots: [RecoverySlot] {
        slots.compactMap { if case .recovery(let slot) = $0 { slot } else { nil } }
    }

    /// Throws `integrity` when the key is not this file's, or one bit of the file differs from what was written.
    func keys(under key: StoreKey) throws -> DeviceKeys {
        do {
            let plain = try Sealing.open(
                sealed, key: key.keys, nonce: nonce, authenticating: Self.data(Self.head(edition, slots)))
            return try DeviceKeys(plain)
        } catch {
            throw Self.damaged
        }
    }

    /// The same slots around other keys.
    func holding(_ keys: DeviceKeys, under key: StoreKey, _ surroundings: Surroundings) throws -> KeyFile {
        try KeyFile(keys, under: key, slots: slots, edition: edition, surroundings)
    }

    /// The same keys behind other slots.
    func replacing(
        slots: [KeySlot], around keys: DeviceKeys, under key: StoreKey, _ surroundings: Surroundings
    ) throws -> KeyFile {
        try KeyFile(keys, under: key, slots: slots, edition: edition, surroundings)
    }

    private static func data(_ head: [UInt8]) -> [UInt8] { Array("sync/v1/keys-aad".utf8) + [0] + head }

    private static func head(_ edition: Edition, _ slots: [KeySlot]) -> [UInt8] {
        var writer = ByteWriter(capacity: 256)
        writer.raw(magic)
        writer.u8(version)
        writer.raw(edition.bytes)
        writer.count(slots.count)
        for slot in slots { slot.append(to: &writer) }
        return writer.bytes
    }

    // MARK: Bytes

    var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 1024)
        writer.raw(Self.head(edition, slots))
        writer.raw(nonce)
        writer.counted(sealed)
        writer.raw(Digest.plain(writer.bytes))
        return writer.bytes
    }

    init(_ bytes: [UInt8]) throws(DecodingFailure) {
        guard bytes.count > 32, Digest.plain(bytes.dropLast(32)) == Hash32(bytes.suffix(32)) else { throw .truncated }
        var reader = ByteReader(Array(bytes.dropLast(32)))
        guard Array(try reader.raw(Self.magic.count)) == Self.magic, try reader.u8() == Self.version,
            let edition = Edition(try reader.raw(Edition.length))
        else { throw .invalid("version") }
        self.edition = edition
        var slots: [KeySlot] = []
        for _ in 0..<(try reader.count(limit: Self.slotLimit)) { slots.append(try KeySlot(from: &reader)) }
        self.slots = slots
        nonce = Array(try reader.raw(Sealing.nonceLength))
        sealed = Array(try reader.counted(limit: reader.remaining))
        try reader.end()
    }

    /// Throws `integrity` where the file is damaged, of a newer version, or asks for a cost that nobody would have set.
    init(path: String) throws {
        let bytes = try FileSystem.read(path, first: 1 << 20)
        do {
            self = try KeyFile(bytes)
        } catch {
            let isNewer = bytes.starts(with: Self.magic) && bytes.count > Self.magic.count && bytes[Self.magic.count] > Self.version
            throw isNewer ? Self.newer : Self.damaged
        }
    }

    func write(to path: String) throws { try FileSystem.writeDurably(bytes, to: path) }

    static let damaged = SyncError(
        .integrity, "The key file of this store is damaged.", safe: "It was not changed.",
        next: "Put back a copy of it, or join the team again with a new invite.")

    private static let newer = SyncError(
        .integrity, "The key file of this store was made by a newer version of sync.", safe: "It was not changed.",
        next: "Install the newer version.")
}
