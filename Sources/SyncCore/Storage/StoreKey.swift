/// The key of everything that one store keeps on the disk beside the log's bodies. Made with the store, or when it is put under a
/// passphrase, and never sent. Each use has a key of its own.
public struct StoreKey: Hashable, Sendable {
    let secret: Secret

    init(_ secret: Secret) { self.secret = secret }

    static func random(_ surroundings: Surroundings) -> StoreKey { StoreKey(.random(surroundings)) }

    /// Seals the device's keys.
    var keys: Secret { secret.derive("sync/v1/keys") }
    /// Seals columns of the log.
    var columns: Secret { secret.derive("sync/v1/column") }
    /// Makes the nonces of columns that are looked up.
    var lookups: Secret { secret.derive("sync/v1/lookup") }
    /// Seals the view's image.
    var view: Secret { secret.derive("sync/v1/view") }
}
