import ArgumentParser
import SyncCore

struct JoinCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Come into a team, by a code or by a file.",
        discussion: """
            With a code that asks back, four words are shown: whoever invited you asks for them, by voice, and lets you in. Typing the same
            command again goes on with the same question. Needs the network; by files it goes without:

              sync join SYNC-…
              sync join --request ask.sync         a file for whoever lets you in:  sync invite admit ask.sync -o answer.sync
              sync join --answer answer.sync       what they give back

            What was logged before, in a team of your own, stays where it is; --carry takes it along.
            """)

    @Argument(help: "The code: SYNC-…; groups may be separate words.")
    var code: [String] = []

    @Option(help: ArgumentHelp("Write a request into this file, instead of asking by a code.", valueName: "file"))
    var request: String?

    @Option(help: ArgumentHelp("Come in by the answer to it.", valueName: "file"))
    var answer: String?

    @Option(help: ArgumentHelp("With --answer: the six words that whoever let you in reads, for scripts.", valueName: "words"))
    var words: String?

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var store: NewStoreOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard [!code.isEmpty, request != nil, answer != nil].count(where: \.self) == 1 else {
            throw ValidationError("Give a code, or --request FILE, or --answer FILE.")
        }
        guard words == nil || answer != nil else { throw ValidationError("--words goes with --answer.") }
    }

    func run(_ context: Context) async throws {
        let joining = JoiningStore(context, global, store)
        if let request { return try JoinByFile(context, joining).ask(into: request) }
        if let answer { return try await JoinByFile(context, joining).takeUp(answer, words: words) }
        let code = try InviteCode(text: code.joined())
        if code.inviter == nil { return try await preApproved(code, context, joining) }
        try await JoinByAsking(context, joining, isWaiting: waiting.isWaiting(context)).run(code)
    }

    private func preApproved(_ code: InviteCode, _ context: Context, _ joining: JoiningStore) async throws {
        let name = try joining.deviceName()
        let plan = try await Exchange.planJoin(code)
        context.output.say("\(plan.inviterName) invites you to the team \(plan.teamName, .strong) as a \(plan.role.name).")
        let folder = try joining.newFolder(team: plan.teamName, unless: "It was not changed, and the invite was not used.")
        try context.confirm("Join?")
        let protection = try joining.protection()
        let replica = try Replica.join(
            at: folder, plan, device: name, protection: protection, surroundings: context.surroundings)
        try replica.addRemote(name: "relay", url: code.relayAddress)
        try await joining.fetch(replica)
        await Exchange.discardMailbox(code)
        try joining.finish(replica, team: plan.teamName, role: plan.role, protection)
    }
}
