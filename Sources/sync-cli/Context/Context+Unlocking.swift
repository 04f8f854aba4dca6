#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import SyncCore

extension Context {
    /// Where  sync unlock  leaves keys.
    var keyCache: KeyCache { KeyCache(environment.runtimePlaces, surroundings: surroundings) }

    /// The key of a store with a passphrase: what  sync unlock  left, else what the passphrase gives.
    ///
    /// - Throws: `locked` where neither is at hand.
    func key(of store: LockedStore, isAsking: Bool = true) throws -> StoreKey {
        if let found = keyCache.find(store) { return found.key }
        return try passphraseKey(of: store, isAsking: isAsking)
    }

    /// The same by the passphrase alone: for what somebody at an unlocked device must not do in passing.
    func passphraseKey(of store: LockedStore, isAsking: Bool = true) throws -> StoreKey {
        guard let passphrase = try PassphraseInput(self).current(store, isAsking: isAsking) else { throw store.locked }
        return try store.key(for: passphrase)
    }

    /// How a new store is to be protected.
    func protectionOfNewStore(declined: Bool) throws -> StoreProtection {
        guard let passphrase = try PassphraseInput(self).forNewStore(declined: declined) else { return .none }
        return .passphrase(passphrase, cost: try passphraseCost())
    }

    /// What a passphrase that is set costs whoever guesses.
    func passphraseCost() throws -> Scrypt.Cost {
        guard let rounds = environment["SYNC_SCRYPT_ROUNDS"] else { return .standard }
        guard let rounds = UInt64(rounds), let cost = try? Scrypt.Cost(rounds: rounds, blockSize: 8, parallelism: 1) else {
            throw SyncError(
                .usage, "SYNC_SCRYPT_ROUNDS is no power of two from 1,024 to 524,288.", safe: Failure.unchanged,
                next: "Unset it: it is meant for tests.")
        }
        return cost
    }

    /// Tells whoever joined that a lost passphrase need not be the end of what was never sent.
    func sayRecovery(_ protection: StoreProtection) {
        guard case .passphrase = protection else { return }
        output.say("A recovery key opens this store when the passphrase is lost:  \("sync key recovery", .strong)")
    }

    /// Says what a store without a passphrase means to whoever did not decline one.
    func sayProtection(_ protection: StoreProtection, declined: Bool) {
        guard case .none = protection, !declined else { return }
        output.say("There is no passphrase: anybody who can read this disk can read the records.  \("sync passphrase set", .strong)")
    }
}

extension Environment {
    /// Folders in memory for what lasts as long as a session: what the system says, where systems put it, and else a folder of one's own
    /// where everybody may write.
    var runtimePlaces: [KeyCache.Place] {
        let chosen = self["XDG_RUNTIME_DIR"].flatMap { $0.hasPrefix("/") ? KeyCache.Place($0 + "/sync", isChosen: true) : nil }
        return (chosen.map { [$0] } ?? []) + [
            KeyCache.Place("/run/user/\(getuid())/sync", isChosen: false), KeyCache.Place("/dev/shm/sync-\(getuid())", isChosen: false),
        ]
    }
}
