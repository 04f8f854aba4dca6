import ArgumentParser
import SyncCore

struct PassphraseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passphrase", abstract: "Seal this store on the disk, or stop doing so.",
        discussion: """
            With a passphrase, keys, changes that were not sent, settings and lists stand sealed on the disk; what is looked at is in memory
            alone. Nobody can find a forgotten passphrase: a recovery key opens the store without it (sync passphrase set --recovery). Without
            one, what was sent comes back with a new invite, and the rest is lost.
            """,
        subcommands: [PassphraseSet.self, PassphraseChange.self, PassphraseRemove.self])
}

struct PassphraseSet: Command {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Give this store its first passphrase.",
        discussion: """
            All files are written anew, and the old ones overwritten. A flash disk may keep older blocks of them all the same: a store that
            has a passphrase from the beginning never writes anything else.

            With --recovery it gives another one to a store whose passphrase is lost: the recovery key takes its place.
            """)

    @OptionGroup var recovery: RecoveryOptions

    @OptionGroup(title: "Global options (--passphrase-file holds the new one)") var global: GlobalOptions

    func run(_ context: Context) throws {
        let folder = try StoreFinder(global, context.environment).folder()
        let reseal = Reseal(folder, surroundings: context.surroundings)
        if recovery.isWanted { return try recover(folder, reseal, context) }
        try reseal.requireNone()
        let passphrase = try context.required(passphrase: PassphraseInput(context).forSetting(), option: "--passphrase-file")
        let key = try reseal.set(passphrase, cost: context.passphraseCost())
        // The lists are made anew now, and not by the next command.
        _ = try Replica(openingAt: folder, surroundings: context.surroundings) { _ in key }.rebuild()
        context.report("set", folder, "From now on this store is locked.  \("sync unlock", .strong)  opens it for a while.")
    }

    private func recover(_ folder: String, _ reseal: Reseal, _ context: Context) throws {
        let key = try RecoveryInput(context, file: recovery.recoveryFile).key(of: reseal.requirePassphrase())
        let passphrase = try context.required(passphrase: PassphraseInput(context).forSetting(), option: "--passphrase-file")
        try reseal.change(key, to: passphrase, cost: context.passphraseCost())
        _ = context.keyCache.forget(folder)
        context.report("changed", folder, "This store has another passphrase now, and is locked. The recovery key still opens it.")
    }
}

struct PassphraseChange: Command {
    static let configuration = CommandConfiguration(
        commandName: "change", abstract: "Give this store another passphrase.",
        discussion: """
            It asks for the old one, also where the store is unlocked. Whoever has a copy of this store from before and knows the old
            passphrase can still read that copy.
            """)

    @Option(help: ArgumentHelp("A file whose first line is the new one; - for standard input.", valueName: "file"))
    var newPassphraseFile: String?

    @OptionGroup(title: "Global options (--passphrase-file holds the old one)") var global: GlobalOptions

    func run(_ context: Context) throws {
        let folder = try StoreFinder(global, context.environment).folder()
        let reseal = Reseal(folder, surroundings: context.surroundings)
        let store = try reseal.requirePassphrase()
        let key = try context.passphraseKey(of: store)
        let new = try PassphraseInput(context).new(from: newPassphraseFile, question: "New passphrase: ")
        try reseal.change(
            key, to: context.required(passphrase: new, option: "--new-passphrase-file"), cost: context.passphraseCost())
        _ = context.keyCache.forget(folder)
        context.report("changed", folder, "This store has another passphrase now, and is locked.")
    }
}

struct PassphraseRemove: Command {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Let anybody who can read this disk read the records.",
        discussion: "It asks for the passphrase, also where the store is unlocked.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let folder = try StoreFinder(global, context.environment).folder()
        let reseal = Reseal(folder, surroundings: context.surroundings)
        let store = try reseal.requirePassphrase()
        let key = try context.passphraseKey(of: store)
        try context.confirm("Anybody who can read this disk will be able to read the records. Go on?")
        try reseal.remove(key)
        _ = context.keyCache.forget(folder)
        context.report("removed", folder, "This store has no passphrase any more: anybody who can read this disk can read the records.")
    }
}

extension Context {
    fileprivate func required(passphrase: Passphrase?, option: String) throws -> Passphrase {
        guard let passphrase else {
            throw SyncError(
                .usage, "A passphrase is needed, and none was given.", safe: Failure.unchanged,
                next: "Run it on a terminal, or name a file that holds the new passphrase:  \(option) FILE.")
        }
        return passphrase
    }

    fileprivate func report(_ what: String, _ folder: String, _ line: Line) {
        switch output.mode {
        case .json: output.json("passphrase", [("store", .string(folder)), ("passphrase", .string(what))])
        default: output.say(line)
        }
    }
}
