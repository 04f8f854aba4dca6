import ArgumentParser
import SyncCore

/// What a new store is made with, whichever way its device comes in.
struct NewStoreOptions: ParsableArguments {
    @Option(help: ArgumentHelp("What others will call this device (else its host name).", valueName: "name"))
    var device: String?

    @Flag(help: "Ask for no passphrase: you know that anybody with this disk can read the records.")
    var noPassphrase = false

    @Flag(help: "Take along what was logged on this device before, in a team of your own.")
    var carry = false

    @Flag(help: "Leave it where it is, and do not ask.")
    var keepApart = false

    func validate() throws {
        if carry && keepApart { throw ValidationError("--carry and --keep-apart exclude each other.") }
    }
}

/// The last steps of every way into a team: where the store goes, how it is protected, what it fetches, and what is taken along.
struct JoiningStore {
    let context: Context
    let finder: StoreFinder
    let options: NewStoreOptions

    init(_ context: Context, _ global: GlobalOptions, _ options: NewStoreOptions) {
        self.context = context
        self.options = options
        finder = StoreFinder(global, context.environment)
    }

    /// - Throws: `usage` for one that nobody could read.
    func deviceName() throws -> String { try InitCommand.name(options.device ?? Environment.hostName ?? "this device", "--device") }

    /// Where questions that are not answered yet are kept: below the folder that was named, else where stores are.
    func waitingFolder() throws -> String {
        if let named = finder.named { return StoreFinder.absolute(named) }
        let folder = try finder.dataFolder()
        try FileSystem.createPrivateFolder(folder)
        return folder
    }

    func newFolder(team: String, unless safe: String) throws -> String {
        let folder = try finder.newFolder(team: team)
        guard !StorePaths(folder).isStore else {
            throw SyncError(
                .failure, "There is a store at \(folder) already.", safe: safe, next: "Choose another folder with --store.")
        }
        return folder
    }

    func protection() throws -> StoreProtection { try context.protectionOfNewStore(declined: options.noPassphrase) }

    /// The first exchange, by which the others learn of this device.
    func fetch(_ replica: Replica) async throws {
        guard let remote = try replica.remote("relay") else { return }
        do {
            _ = try await Exchange(replica, remote: remote).pull()
        } catch var error as SyncError {
            error.safe = "The store is made, and nothing is lost."
            error.next = "Run  sync now  when the relay can be reached: only then does the team know of this device."
            throw error
        }
    }

    func finish(_ replica: Replica, team: String, role: Role, _ protection: StoreProtection) throws {
        report(team, replica.paths.folder, try replica.read { try $0.count(.event) + $0.count(.petition) })
        context.sayProtection(protection, declined: options.noPassphrase)
        context.sayRecovery(protection)
        try CarryIn(context, finder).offer(into: replica, role: role, options)
        replica.tidyUp()
    }

    private func report(_ team: String, _ folder: String, _ records: Int) {
        let output = context.output
        switch output.mode {
        case .json:
            output.json("joined", [("team", .string(team)), ("folder", .string(folder)), ("records", JSON(records))])
        case .plain: output.line(Line(folder))
        case .text: output.line("Joined \(team, .strong): \(ExchangeRunner.count(records, "record")) here, in \(folder)")
        }
        if records == 0 { output.say("Nobody has sent a record yet. What others send comes with  \("sync now", .strong)") }
    }
}
