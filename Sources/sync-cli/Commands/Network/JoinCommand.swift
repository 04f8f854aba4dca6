import ArgumentParser
import SyncCore

struct JoinCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Take up an invite. Needs the network.")

    @Argument(help: "The code: SYNC-…; groups may be separate words.")
    var code: [String]

    @Option(help: ArgumentHelp("What others will call this device (else its host name).", valueName: "name"))
    var device: String?

    @Flag(help: "Ask for no passphrase: you know that anybody with this disk can read the records.")
    var noPassphrase = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        let code = try InviteCode(text: code.joined())
        let plan = try await Exchange.planJoin(code)
        let output = context.output
        output.say("\(plan.inviterName) invites you to the team \(plan.teamName, .strong) as a \(plan.role.name).")
        let folder = try StoreFinder(global, context.environment).newFolder(team: plan.teamName)
        guard !StorePaths(folder).isStore else {
            throw SyncError(
                .failure, "There is a store at \(folder) already.", safe: "It was not changed, and the invite was not used.",
                next: "Choose another folder with --store.")
        }
        try context.confirm("Join?")
        let name = device ?? Environment.hostName ?? "this device"
        let protection = try context.protectionOfNewStore(declined: noPassphrase)
        let replica = try Replica.join(at: folder, plan, device: name, protection: protection, surroundings: context.surroundings)
        try replica.addRemote(name: "relay", url: code.relayURL)
        try await fetch(replica, code)
        report(output, plan, folder, try replica.read { try $0.count(.event) + $0.count(.petition) })
        context.sayProtection(protection, declined: noPassphrase)
        replica.saveViewImage()
    }

    private func fetch(_ replica: Replica, _ code: InviteCode) async throws {
        guard let remote = try replica.remote("relay") else { return }
        do {
            _ = try await Exchange(replica, remote: remote).pull()
        } catch var error as SyncError {
            error.safe = "The store is made, and nothing is lost."
            error.next = "Run  sync now  when the relay can be reached: only then does the team know of this device."
            throw error
        }
        await Exchange.discardMailbox(code)
    }

    private func report(_ output: Output, _ plan: JoinPlan, _ folder: String, _ records: Int) {
        switch output.mode {
        case .json:
            output.json(
                "joined",
                [("team", .string(plan.teamName)), ("folder", .string(folder)), ("records", JSON(records))])
        case .plain: output.line(Line(folder))
        case .text: output.line("Joined \(plan.teamName, .strong): \(ExchangeRunner.count(records, "record")) here, in \(folder)")
        }
        if records == 0 { output.say("Nobody has sent a record yet. What others send comes with  \("sync now", .strong)") }
    }
}
