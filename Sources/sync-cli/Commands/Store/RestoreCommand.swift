import ArgumentParser
import SyncCore

struct RestoreCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Bring a backup back. Never overwrites a store.",
        discussion: """
            A backup with an identity becomes a store in a folder that has none. It goes on as another incarnation of its device, so that nothing
            is written twice under one name, and keeps what was never sent. Run  sync now  after it.

            One without an identity is added to the store that is there (join the team anew first), or put beside a key file whose log is lost.

              sync restore april.backup --store ~/.local/share/sync/solidarity
            """)

    @Argument(help: "The file; - is standard input, for a backup with an identity.")
    var file: String

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let source = BundleFile.source(file)
        let isTeam = try file != "-" && Restore.kind(ofFileAt: file) == .team
        try isTeam ? team(source, context) : device(source, context)
    }

    // MARK: With an identity

    private func device(_ source: ByteSource, _ context: Context) throws {
        let finder = StoreFinder(global, context.environment)
        guard let folder = try finder.named.map(StoreFinder.absolute) ?? global.team.map({ try finder.newFolder(team: $0) }) else {
            throw SyncError(
                .usage, "Nothing says where the store is to go.", safe: Failure.unchanged,
                next: "Name a new folder with  --store DIR,  or the team with  --team NAME.")
        }
        try Restore(source, to: folder, surroundings: context.surroundings).device()
        let replica = try context.open()
        try replica.settle()
        let status = try replica.status()
        guard context.output.mode != .json else {
            return context.output.json(
                "restored", [("store", .string(folder)), ("team", .string(status.teamName)), ("changes", JSON(status.changes)), ("unsent", JSON(status.unsent))])
        }
        let unsent = status.unsent == 0 ? "" : ", \(StatusCommand.count(status.unsent, "change")) of them not sent yet"
        context.output.line("Restored \(status.deviceName) of \(status.teamName, .strong): \(StatusCommand.count(status.changes, "change"))\(unsent).")
        context.output.say("What was written after the backup comes with  \("sync now", .strong)")
    }

    // MARK: Without

    private func team(_ source: ByteSource, _ context: Context) throws {
        let folder = try StoreFinder(global, context.environment).folder()
        let restore = Restore(source, to: folder, surroundings: context.surroundings)
        if restore.hasKeysAlone {
            let received = try restore.besideKeys { try context.key(of: $0) }
            let replica = try context.open()
            try replica.settle()
            return BundleApply.report(received, context.output)
        }
        guard StorePaths(folder).isStore else {
            throw SyncError(
                .notJoined, "This backup is without an identity, and there is no device of the team at \(folder).", safe: Failure.unchanged,
                next: "Join the team with a new invite (sync join CODE) and repeat it, or put the device's key file there.")
        }
        let replica = try context.open()
        BundleApply.report(try replica.apply([source]), context.output)
        try ReceivedText.reportConflicts(replica, context.output, strict: false)
    }
}
