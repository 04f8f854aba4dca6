/// The store key, sealed to a key that derives from a recovery key: to its public half, which stands beside it. So the slot is made anew
/// around another store key without the recovery key at hand, when a passphrase is set or taken away.
struct RecoverySlot: Hashable, Sendable {
    /// What the recovery key is in the team, or would be.
    let device: DeviceID
    private let publicKey: [UInt8]
    private let envelope: [UInt8]

    private static let envelopeLength = Envelope.encapsulatedLength + Edition.length + 32 + Sealing.tagLength

    init(_ key: StoreKey, for recovery: RecoveryKey, edition: Edition) throws {
        try self.init(key, device: recovery.device, publicKey: recovery.slot.publicKey, edition: edition)
    }

    private init(_ key: StoreKey, device: DeviceID, publicKey: [UInt8], edition: Edition) throws {
        self.device = device
        self.publicKey = publicKey
        envelope = try Envelope.seal(edition.bytes + key.secret.bytes, to: publicKey, for: device, as: .recoverySlot)
    }

    /// The same way to another store key.
    func resealed(_ key: StoreKey, edition: Edition) throws -> RecoverySlot {
        try RecoverySlot(key, device: device, publicKey: publicKey, edition: edition)
    }

    /// Nil where the recovery key is another one, or somebody changed the slot: nobody can tell which.
    func key(for recovery: RecoveryKey, edition: Edition) throws -> StoreKey? {
        guard let plain = try? recovery.slot.open(envelope, for: device, as: .recoverySlot),
            plain.starts(with: edition.bytes)
        else { return nil }
        return Secret(plain.dropFirst(Edition.length)).map(StoreKey.init)
    }

    var bytes: [UInt8] { device.bytes + publicKey + envelope }

    init(_ bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        device = try reader.identifier()
        publicKey = Array(try reader.raw(KEMKey.publicLength))
        envelope = Array(try reader.raw(Self.envelopeLength))
        try reader.end()
        guard !WeakKeys.isLowOrder(agreement: publicKey.suffix(32)) else { throw .invalid("weak key") }
    }
}
