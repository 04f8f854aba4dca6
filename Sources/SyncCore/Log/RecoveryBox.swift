/// What whoever holds a recovery key finds with nothing but it: the welcome of its admission.
///
/// It lies in the control log and has the form of a sealed record, under a key that nobody else has: replicas, relays and bundles keep it
/// and pass it on like a record that they cannot open. So it is wherever the team's control log is, and a relay cannot tell it from a record.
enum RecoveryBox {
    private static func data(_ key: RecoveryKey) -> [UInt8] { Array("sync/v1/recovery-box".utf8) + [0] + key.boxID }

    /// - Throws: `usage` where the team has had so many keys that they do not fit.
    static func seal(_ welcome: Welcome, for key: RecoveryKey, nonce: [UInt8]) throws -> [UInt8] {
        let plain = welcome.bytes
        guard plain.count <= Welcome.sizeLimit else {
            throw SyncError(
                .usage, "This team has had too many keys for a recovery key: \(welcome.epochs.count).", safe: "Nothing was changed.",
                next: "Found a new team, and take the records along:  sync export, sync import.")
        }
        let sealed = try Sealing.seal(
            Padding.pad(plain, floor: Welcome.floor), key: key.boxKey, nonce: nonce, authenticating: data(key))
        return [SealedControl.suite] + key.boxID + nonce + sealed
    }

    /// Nil where it is the box of another key, none at all, or differs in one bit from what was sealed.
    static func open(_ sealed: [UInt8], with key: RecoveryKey) -> Welcome? {
        var reader = ByteReader(sealed)
        guard let suite = try? reader.u8(), suite == SealedControl.suite,
            let id = try? reader.raw(SealedControl.tagLength), id.elementsEqual(key.boxID),
            let nonce = try? reader.raw(Sealing.nonceLength), let rest = try? reader.raw(reader.remaining),
            let plain = try? Sealing.open(rest, key: key.boxKey, nonce: Array(nonce), authenticating: data(key)),
            let welcome = try? Padding.unpad(plain, floor: Welcome.floor)
        else { return nil }
        return try? Welcome(Array(welcome))
    }
}
