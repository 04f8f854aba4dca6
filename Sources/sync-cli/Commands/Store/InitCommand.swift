import ArgumentParser
import SyncCore

struct InitCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Create the store on this device, and a team.",
        discussion: """
            To take up an invite of a team that there is, use  sync join CODE  instead.

            It asks for a passphrase, under which everything is sealed on the disk; an empty answer declines it. Where nobody can be
            asked, and no --passphrase-file names one, the store has none.

            Then it shows a recovery key, once: it opens the store when the passphrase is lost, and brings you back into the team from another
            device (sync recover). Two groups of it are to be typed back. Where nobody can be asked, --recovery-file says where to write it.
            """)

    @Option(help: ArgumentHelp("What others will call this device (else its host name).", valueName: "name"))
    var device: String?

    @Flag(help: "Ask for none: you know that anybody with this disk can read the records.")
    var noPassphrase = false

    @Flag(help: "Make no recovery key: who forgets the passphrase, or loses this device, starts anew.")
    var noRecoveryKey = false

    @Option(help: ArgumentHelp("Write the recovery key into this file, which must not be there yet, and show it nowhere.", valueName: "file"))
    var recoveryFile: String?

    @OptionGroup(title: "Global options (--team names the new team)") var global: GlobalOptions

    mutating func validate() throws {
        if noRecoveryKey && recoveryFile != nil { throw ValidationError("--no-recovery-key and --recovery-file exclude each other.") }
    }

    func run(_ context: Context) throws {
        let finder = StoreFinder(global, context.environment)
        let teamName = try teamName(context, finder)
        let deviceName = try Self.name(device ?? Environment.hostName ?? "this device", "--device")
        let folder = try finder.newFolder(team: teamName)
        guard !StorePaths(folder).isStore else {
            throw SyncError(
                .failure, "There is a store at \(folder) already.", safe: "It was not changed.",
                next: "Use it, or give the new team another name with --team.")
        }
        let protection = try context.protectionOfNewStore(declined: noPassphrase)
        let offer = RecoveryOffer(context, file: recoveryFile)
        let recovery = noRecoveryKey ? nil : try offer.make()
        _ = try offer.using {
            try Replica.found(
                at: folder, team: teamName, device: deviceName, protection: protection, recovery: recovery,
                surroundings: context.surroundings)
        }
        report(context.output, teamName, deviceName, folder, hasRecoveryKey: recovery != nil)
        context.sayProtection(protection, declined: noPassphrase)
        if !noRecoveryKey, !offer.isPossible { context.output.say("There is no recovery key: nobody is here to write one down.  \("sync key recovery", .strong)") }
        if let recoveryFile { context.output.say("The recovery key is in \(recoveryFile): keep it somewhere else than this device.") }
        context.output.say("Next:  \("sync event add \"TITLE\" --on DATE --city NAME", .strong)")
    }

    private func teamName(_ context: Context, _ finder: StoreFinder) throws -> String {
        if let team = global.team { return try Self.name(team, "--team") }
        if finder.named == nil, let existing = try finder.teams().first {
            throw SyncError(
                .usage, "There is a team on this device already: \(existing).", safe: "It was not changed.",
                next: "For another one use  sync init --team NAME.")
        }
        guard context.canAsk else { return "My team" }
        let answer = context.ask("Name of the team: ").map(Choice.trimmed) ?? ""
        return try Self.name(answer.isEmpty ? "My team" : answer, "--team")
    }

    static func name(_ text: String, _ option: String) throws -> String {
        let name = Choice.trimmed(text)
        guard !name.isEmpty, name.utf8.count <= 100, Printable.escaped(name) == name else {
            throw SyncError(
                .usage, "\(option): a name has 1 to 100 bytes and no control characters.", safe: Failure.unchanged)
        }
        return name
    }

    private func report(_ output: Output, _ team: String, _ device: String, _ folder: String, hasRecoveryKey: Bool) {
        switch output.mode {
        case .json:
            output.json(
                "store",
                [
                    ("team", .string(team)), ("device", .string(device)), ("folder", .string(folder)),
                    ("recovery_key", JSON(hasRecoveryKey)),
                ])
        case .plain: output.line(Line(folder))
        case .text where output.isQuiet: output.line(Line(folder))
        case .text: output.line("Created the team \(team, .strong) with this device, \(device, .strong), in \(folder)")
        }
    }
}
