import ArgumentParser
import SyncCore

struct WipeCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "wipe", abstract: "Destroy this device's copy for good: keys first, then everything.",
        discussion: """
            What was sent stays with the team. What was not sent is lost, and there is no way back. In a hurry:

              sync wipe --all --yes -q

            It asks for no passphrase. A disk may keep old blocks of files that are gone: in a store with a passphrase they are sealed, and
            the key that opens them is gone too.
            """)

    @Flag(help: "The stores of every team on this device.")
    var all = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let wipes = try folders(context).map { try StoreWipe($0) }
        if !global.quiet {
            for wipe in wipes { context.output.say(Line(Self.describe(wipe, context))) }
        }
        let what = wipes.isEmpty ? "what is left here" : wipes.count == 1 ? "this store" : "these \(wipes.count) stores"
        try context.confirm("Destroy \(what) for good?")
        let waiting = try destroyQuestions(context)
        for wipe in wipes { try report(wipe, isFolderGone: wipe.run(forgetting: context.keyCache), context.output) }
        if wipes.isEmpty, waiting > 0 { context.output.say("Destroyed \(StatusCommand.count(waiting, "question")) to be let into a team.") }
    }

    private func folders(_ context: Context) throws -> [String] {
        let finder = StoreFinder(global, context.environment)
        guard all else { return [try finder.named == nil ? finder.folderToWipe() : finder.folder()] }
        guard finder.named == nil, global.team == nil else {
            throw SyncError(.usage, "--all goes with neither --store nor --team.", safe: Failure.unchanged)
        }
        let folders = try finder.foldersToWipe()
        guard try !folders.isEmpty || hasQuestions(finder) else { throw StoreFinder.none }
        return folders
    }

    /// The keys of devices that ask to be let in: they wait where stores are, or in the folder that is meant.
    private func destroyQuestions(_ context: Context) throws -> Int {
        let finder = StoreFinder(global, context.environment)
        if let named = finder.named { return try PendingJoin.destroyAll(in: StoreFinder.absolute(named)) }
        return all ? try PendingJoin.destroyAll(in: finder.dataFolder()) : 0
    }

    private func hasQuestions(_ finder: StoreFinder) throws -> Bool {
        try FileSystem.exists(PendingJoin.folder(in: finder.dataFolder()))
    }

    /// What would be lost. A store that cannot be opened is destroyed all the same.
    private static func describe(_ wipe: StoreWipe, _ context: Context) -> String {
        let folder = wipe.paths.folder
        let replica = try? Replica(openingAt: folder, surroundings: context.surroundings) { store in
            guard let found = context.keyCache.find(store) else { throw store.locked }
            return found.key
        }
        guard let status = try? replica?.status() else {
            let locked = try? LockedStore(folder, surroundings: context.surroundings)
            return "\(folder): it \(locked == nil ? "cannot be opened" : "is locked"), so what is in it cannot be counted."
        }
        let unsent = status.unsent
        let lost =
            unsent == 0
            ? "everything in it was sent" : "\(StatusCommand.count(unsent, "change")) that \(unsent == 1 ? "was" : "were") never sent will be lost"
        return "\(status.teamName) (\(folder)): \(lost)."
    }

    private func report(_ wipe: StoreWipe, isFolderGone: Bool, _ output: Output) {
        let folder = wipe.paths.folder
        switch output.mode {
        case .json: output.json("wiped", [("folder", .string(folder)), ("folder_gone", JSON(isFolderGone))])
        default:
            guard !output.isQuiet else { return }
            output.line(Line("Destroyed the store at \(folder)"))
            if !isFolderGone { output.say("The folder holds files that are not the store's; they were left.") }
        }
    }
}

extension StoreFinder {
    /// The stores in the data folder, and what is left of those whose wipe was interrupted.
    fileprivate func foldersToWipe() throws -> [String] {
        let root = try dataFolder()
        return Self.names(in: root).map { root + "/" + $0 }.filter { StoreWipe.isKnown(StorePaths($0)) }.sorted { ByteOrder.precedes($0, $1) }
    }

    /// The one that is meant, also where it was half destroyed.
    fileprivate func folderToWipe() throws -> String {
        do {
            return try folder()
        } catch let error as SyncError where error.kind == .noStore {
            let remains = try foldersToWipe().filter { isMeant($0) }
            guard remains.count == 1, let only = remains.first else { throw error }
            return only
        }
    }
}
