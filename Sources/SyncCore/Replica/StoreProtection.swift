/// What stands between the files of a store and whoever has the disk.
public enum StoreProtection: Sendable {
    case none
    case passphrase(Passphrase, cost: Scrypt.Cost = .standard)

    /// Runs scrypt.
    func slot(for key: StoreKey, _ edition: Edition, _ surroundings: Surroundings) throws -> KeySlot {
        switch self {
        case .none: .open(key)
        case .passphrase(let passphrase, let cost):
            .passphrase(try PassphraseSlot(key, under: passphrase, cost: cost, edition: edition, surroundings))
        }
    }

    var isSealed: Bool {
        if case .none = self { false } else { true }
    }
}
