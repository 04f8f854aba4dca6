import SyncCore

/// Where passphrases come from: a file or descriptor that was named, or somebody at the terminal. Never an argument: other users see
/// those.
struct PassphraseInput {
    private let context: Context

    init(_ context: Context) { self.context = context }

    /// What `--passphrase-file` or `SYNC_PASSPHRASE_FILE` names.
    private var file: String? { context.options.passphraseFile ?? context.environment["SYNC_PASSPHRASE_FILE"] }

    /// The passphrase of a store that has one; nil where no file was named and nobody can be asked.
    func current(_ store: LockedStore, isAsking: Bool = true) throws -> Passphrase? {
        if let file { return try Self.read(file) }
        guard isAsking, context.canAsk else { return nil }
        try store.requireTry()
        return try ask("Passphrase: ")
    }

    /// A new one, asked for twice; nil where it is declined by an empty answer, or where no file was named and nobody can be asked.
    ///
    /// - Parameter file: What names the file, where it is not what names the current one.
    func new(from file: String?, question: Line) throws -> Passphrase? {
        if let file { return try Self.read(file) }
        guard context.canAsk, let first = try ask(question) else { return nil }
        guard let second = try ask("Once more: "), first.isSame(as: second) else {
            throw SyncError(.usage, "The two are not the same.", safe: Failure.unchanged, next: "Repeat the command.")
        }
        if first.isShort {
            context.output.say("This one is short. Five or six words that have nothing to do with each other last longer against a machine that guesses.")
        }
        return first
    }

    /// For a new store: nil where it is to have none.
    func forNewStore(declined: Bool) throws -> Passphrase? {
        guard !declined else { return nil }
        return try new(from: file, question: "Passphrase for this store (nothing: none): ")
    }

    /// For a store that has none yet.
    func forSetting() throws -> Passphrase? { try new(from: file, question: "New passphrase: ") }

    private func ask(_ question: Line) throws -> Passphrase? {
        SecretPrompt.read { context.output.ask(question) }.flatMap(Passphrase.init)
    }

    private static func read(_ path: String) throws -> Passphrase {
        let line = try SecretFile.line(path, "passphrase")
        guard let passphrase = Passphrase(line) else { throw SecretFile.noLine(path, "passphrase") }
        return passphrase
    }
}
