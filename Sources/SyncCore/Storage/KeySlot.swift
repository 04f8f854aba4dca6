/// One way to the store key.
enum KeySlot: Hashable, Sendable {
    /// None is needed: there is no passphrase.
    case open(StoreKey)
    case passphrase(PassphraseSlot)
    case recovery(RecoverySlot)
    /// Of a kind that this version does not know: kept as it is.
    case other(kind: UInt8, content: [UInt8])

    private enum Kind {
        static let open: UInt8 = 0
        static let passphrase: UInt8 = 1
        static let recovery: UInt8 = 2
    }

    private static let contentLimit = 8192

    func append(to writer: inout ByteWriter) {
        switch self {
        case .open(let key):
            writer.u8(Kind.open)
            writer.counted(key.secret.bytes)
        case .passphrase(let slot):
            writer.u8(Kind.passphrase)
            writer.counted(slot.bytes)
        case .recovery(let slot):
            writer.u8(Kind.recovery)
            writer.counted(slot.bytes)
        case .other(let kind, let content):
            writer.u8(kind)
            writer.counted(content)
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let kind = try reader.u8()
        let content = Array(try reader.counted(limit: Self.contentLimit))
        switch kind {
        case Kind.open:
            guard let secret = Secret(content) else { throw .invalid("slot") }
            self = .open(StoreKey(secret))
        case Kind.passphrase: self = .passphrase(try PassphraseSlot(content))
        case Kind.recovery: self = .recovery(try RecoverySlot(content))
        default: self = .other(kind: kind, content: content)
        }
    }
}

/// The store key, sealed under what scrypt makes of a passphrase.
struct PassphraseSlot: Hashable, Sendable {
    let cost: Scrypt.Cost
    private let salt: [UInt8]
    private let nonce: [UInt8]
    private let sealed: [UInt8]

    private static let sealedLength = 32 + Sealing.tagLength

    /// Runs scrypt.
    init(_ key: StoreKey, under passphrase: Passphrase, cost: Scrypt.Cost, edition: Edition, _ surroundings: Surroundings) throws {
        self.cost = cost
        salt = surroundings.random(Scrypt.saltLength)
        nonce = surroundings.random(Sealing.nonceLength)
        sealed = try Sealing.seal(
            key.secret.bytes, key: Self.slotKey(passphrase, salt, cost), nonce: nonce,
            authenticating: Self.data(cost, salt, edition))
    }

    /// Runs scrypt. Nil where the passphrase is another one, or somebody changed the slot: nobody can tell which.
    func key(for passphrase: Passphrase, edition: Edition) throws -> StoreKey? {
        let key = try Self.slotKey(passphrase, salt, cost)
        let opened = try? Sealing.open(sealed, key: key, nonce: nonce, authenticating: Self.data(cost, salt, edition))
        return opened.flatMap { Secret($0) }.map(StoreKey.init)
    }

    private static func slotKey(_ passphrase: Passphrase, _ salt: [UInt8], _ cost: Scrypt.Cost) throws -> Secret {
        try Scrypt.derive(passphrase, salt: salt, cost: cost).derive("sync/v1/slot")
    }

    private static func data(_ cost: Scrypt.Cost, _ salt: [UInt8], _ edition: Edition) -> [UInt8] {
        Array("sync/v1/slot-aad".utf8) + [0] + edition.bytes + head(cost, salt)
    }

    private static func head(_ cost: Scrypt.Cost, _ salt: [UInt8]) -> [UInt8] {
        var writer = ByteWriter(capacity: 32)
        for number in [cost.rounds, cost.blockSize, cost.parallelism] { writer.count(number) }
        writer.raw(salt)
        return writer.bytes
    }

    var bytes: [UInt8] { Self.head(cost, salt) + nonce + sealed }

    init(_ bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        cost = try Scrypt.Cost(rounds: try reader.varint(), blockSize: try reader.varint(), parallelism: try reader.varint())
        salt = Array(try reader.raw(Scrypt.saltLength))
        nonce = Array(try reader.raw(Sealing.nonceLength))
        sealed = Array(try reader.raw(Self.sealedLength))
        try reader.end()
    }
}
