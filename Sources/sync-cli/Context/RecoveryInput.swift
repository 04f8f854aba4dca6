import ArgumentParser
import SyncCore

/// Where a recovery key comes from: a file or descriptor that was named, or somebody at the terminal. Never an argument: other users see
/// those.
struct RecoveryInput {
    private let context: Context
    private let file: String?

    /// - Parameter file: What `--recovery-file` names.
    init(_ context: Context, file: String?) {
        self.context = context
        self.file = file ?? context.environment["SYNC_RECOVERY_FILE"]
    }

    /// - Throws: `usage` where there is none, or it cannot be read.
    func key() throws -> RecoveryKey {
        if let file { return try RecoveryKey(text: String(decoding: SecretFile.line(file, "recovery key"), as: UTF8.self)) }
        guard context.canAsk else {
            throw SyncError(
                .usage, "A recovery key is needed, and none was given.", safe: Failure.unchanged,
                next: "Run it on a terminal, or name a file that holds it:  --recovery-file FILE.")
        }
        return try RecoveryKey(text: context.ask("Recovery key: ") ?? "")
    }

    /// The key of a store with a passphrase.
    ///
    /// - Throws: `locked` where the recovery key does not open it, or where the next try may not be made yet.
    func key(of store: LockedStore) throws -> StoreKey {
        try store.requireTry()
        return try store.key(for: try key())
    }
}

/// For commands that a recovery key opens in the place of the passphrase.
struct RecoveryOptions: ParsableArguments {
    @Flag(help: "Ask for the recovery key in the place of the passphrase.")
    var recovery = false

    @Option(help: ArgumentHelp("A file whose first line is the recovery key; - for standard input.", valueName: "file"))
    var recoveryFile: String?

    var isWanted: Bool { recovery || recoveryFile != nil }
}
