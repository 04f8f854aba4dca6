import ArgumentParser
import SyncCore

struct UnlockCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "unlock", abstract: "Ask for the passphrase once, and not again for a while.",
        discussion: """
            The key is kept in memory, in a folder that only you may enter ($XDG_RUNTIME_DIR, where it is set), until its time is over,
            sync lock  or a restart. Whoever sits at this device meanwhile can read and write.
            """)

    @Option(name: .customLong("for"), help: ArgumentHelp("For how long: 90s, 15m, 2h; at most 24h.", valueName: "time"))
    var time: String = "15m"

    @OptionGroup var recovery: RecoveryOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let milliseconds = try Self.milliseconds(time)
        let folder = try StoreFinder(global, context.environment).folder()
        guard let store = try LockedStore(folder, surroundings: context.surroundings) else {
            return context.output.note("This store has no passphrase: it is open to anybody who can read this disk.")
        }
        let key = recovery.isWanted
            ? try RecoveryInput(context, file: recovery.recoveryFile).key(of: store) : try context.key(of: store)
        _ = try Replica(openingAt: folder, surroundings: context.surroundings) { _ in key }
        report(try context.keyCache.keep(key, of: store, milliseconds: milliseconds), folder, context)
    }

    private func report(_ kept: KeyCache.Kept, _ folder: String, _ context: Context) {
        let output = context.output
        switch output.mode {
        case .json: output.json("unlocked", [("store", .string(folder)), ("until", .integer(kept.until))])
        default: output.say("Unlocked until \(context.clock.text(kept.until)).  \("sync lock", .strong)  ends it sooner.")
        }
        if !kept.isInMemory {
            output.note("The key lies in \(kept.place), which is on a disk: it is overwritten in the end, and a disk may keep a copy.")
        }
    }

    /// `90s`, `15m`, `2h`.
    static func milliseconds(_ text: String) throws -> Int64 {
        let units: [Character: Int64] = ["s": 1000, "m": 60_000, "h": 3_600_000]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count > 0, count <= 86_400,
            count * unit <= 86_400_000
        else {
            throw SyncError(.usage, "--for: a time is a number with s, m or h, such as 15m; at most 24h.", safe: Failure.unchanged)
        }
        return count * unit
    }
}

struct LockCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Forget the key that  sync unlock  kept.",
        discussion: "With several teams on this device, all are locked unless --store or --team says which.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let finder = StoreFinder(global, context.environment)
        let folders = try finder.named == nil && global.team == nil ? finder.teams().map { try finder.dataFolder() + "/" + $0 } : [finder.folder()]
        guard !folders.isEmpty else { throw StoreFinder.none }
        var open: [String] = []
        for folder in folders {
            _ = context.keyCache.forget(folder)
            if try LockedStore(folder, surroundings: context.surroundings) == nil { open.append(folder) }
            if context.output.mode == .json { context.output.json("locked", [("store", .string(folder)), ("locked", JSON(open.last != folder))]) }
        }
        if open.count < folders.count { context.output.say("Locked.") }
        guard let first = open.first else { return }
        throw SyncError(
            .failure, "The store at \(first) has no passphrase: it cannot be locked.", safe: "Nothing of it was changed.",
            next: "To give it one:  sync passphrase set")
    }
}
