import ArgumentParser
import SyncCore

struct RecoverCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "recover", abstract: "Come back into your team with a recovery key.",
        discussion: """
            For a coordinator whose device is lost: this one becomes a new device of the team. The recovery key is asked for, or read from a
            file, and never an argument. What was never sent from the lost device is lost with it. Any bundle will do that was written after
            the key was made.

              sync recover --relay https://relay.example
              sync recover --bundle /media/stick/april.bundle
            """)

    @Option(help: ArgumentHelp("The address of a relay of the team's.", valueName: "url"))
    var relay: String?

    @Option(help: ArgumentHelp("A bundle of the team's.", valueName: "file"))
    var bundle: String?

    @Option(help: ArgumentHelp("A file whose first line is the recovery key; - for standard input.", valueName: "file"))
    var recoveryFile: String?

    @Option(help: ArgumentHelp("What others will call this device (else its host name).", valueName: "name"))
    var device: String?

    @Flag(help: "Ask for no passphrase: you know that anybody with this disk can read the records.")
    var noPassphrase = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    mutating func validate() throws {
        guard (relay == nil) != (bundle == nil) else { throw ValidationError("Say where the team is: --relay URL or --bundle FILE, one of them.") }
        if bundle == "-" { throw ValidationError("--bundle needs a file: it is read more than once.") }
    }

    func run(_ context: Context) async throws {
        let name = try InitCommand.name(device ?? Environment.hostName ?? "this device", "--device")
        let key = try RecoveryInput(context, file: recoveryFile).key()
        let (plan, url) = try await plan(key)
        let output = context.output
        output.say("This is the \(plan.keyName) in the team \(plan.teamName, .strong). With it this device becomes a coordinator's, \(name, .strong).")
        let folder = try StoreFinder(global, context.environment).newFolder(team: plan.teamName)
        guard !StorePaths(folder).isStore else {
            throw SyncError(
                .failure, "There is a store at \(folder) already.", safe: "It was not changed.",
                next: "Choose another folder with --store. To open that one without its passphrase:  sync passphrase set --recovery")
        }
        try context.confirm("Go on?")
        let protection = try context.protectionOfNewStore(declined: noPassphrase)
        let replica = try Replica.recover(
            at: folder, plan, device: name, relayURL: url, protection: protection, surroundings: context.surroundings)
        try await fill(replica)
        report(output, plan, folder, try replica.read { try $0.count(.event) + $0.count(.petition) })
        context.sayProtection(protection, declined: noPassphrase)
        sayNext(output, plan)
        replica.tidyUp()
    }

    /// With the relay's address as it is kept.
    private func plan(_ key: RecoveryKey) async throws -> (RecoveryPlan, url: String?) {
        if let bundle { return (try RecoveryPlan(key, bundle: BundleFile.source(bundle)), nil) }
        let recovering = try Recovering(key, relayURL: relay ?? "")
        return (try await recovering.plan(), recovering.relayURL)
    }

    /// What the team wrote, and to the relay: that this device is in it.
    private func fill(_ replica: Replica) async throws {
        do {
            if let bundle { _ = try replica.apply([BundleFile.source(bundle)]) }
            for remote in try replica.remotes() { _ = try await Exchange(replica, remote: remote).pull() }
        } catch var error as SyncError {
            error.safe = "The store is made, and nothing is lost."
            error.next = bundle.map { "Run  sync bundle apply \($0)." }
                ?? "Run  sync now  when the relay can be reached: only then does the team know of this device."
            throw error
        }
    }

    private func report(_ output: Output, _ plan: RecoveryPlan, _ folder: String, _ records: Int) {
        switch output.mode {
        case .json:
            output.json(
                "recovered",
                [
                    ("team", .string(plan.teamName)), ("folder", .string(folder)), ("records", JSON(records)),
                    ("maker", JSON(plan.maker?.enrolment.name)),
                ])
        case .plain: output.line(Line(folder))
        case .text: output.line("Recovered \(plan.teamName, .strong): \(ExchangeRunner.count(records, "record")) here, in \(folder)")
        }
    }

    private func sayNext(_ output: Output, _ plan: RecoveryPlan) {
        if bundle != nil {
            output.say("The team does not know of this device yet:  \("sync remote add relay URL", .strong),  then  \("sync now", .strong);  or  \("sync bundle create", .strong)")
        }
        if let maker = plan.maker {
            output.say("If \(maker.enrolment.name) is lost, put it out:  \("sync devices remove \(DeviceText.short(maker.id))", .strong)")
        }
        output.say("The recovery key still stands, and opens this store too. If anybody else may have seen it:  \("sync key recovery", .strong)  ends it and makes another.")
    }
}
