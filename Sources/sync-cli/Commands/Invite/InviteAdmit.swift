import ArgumentParser
import SyncCore

struct InviteAdmit: Command {
    static let configuration = CommandConfiguration(
        commandName: "admit", abstract: "Let in whoever wrote a request file; works without a network.",
        discussion: """
            The other device made the file with  sync join --request FILE  and shows six words. Compare them by voice: a file may have been
            put in the place of theirs. The answer is a file that only that device can open; it shows six words too.

              sync invite admit /media/stick/ask.sync -o /media/stick/answer.sync
            """)

    @Argument(help: "The request.") var file: String
    @Option(name: .shortAndLong, help: ArgumentHelp("Where the answer goes. A file that is there is not replaced.", valueName: "file")) var output: String

    @Option(help: ArgumentHelp("reader, volunteer or coordinator.", valueName: "role"))
    var role: String = "volunteer"

    @Option(help: ArgumentHelp("The six words that their screen shows, for scripts.", valueName: "words"))
    var words: String?

    @OptionGroup var relay: InviteRemote
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let role = try InviteText.role(role)
        let request = try JoinFile.request(file)
        let replica = try context.open()
        try replica.requireCoordinator()
        let url = try relay.remoteIfAny(replica)?.url ?? ""
        let shown = try JoinWords.request(joiner: request.keys)
        try JoinFile.compare(shown, given: words, context, "\(request.name) asks to be let in, as a \(role.name).", safe: "Nobody was let in.")
        let target = try OutputTarget(output, context.output)
        let answer = try target.writing { put in
            let answer = try replica.answerFile(to: request, as: role, relayURL: url)
            try put(answer.bytes)
            return answer
        }
        report(context.output, request, role, answer.words)
        try InviteText.sayUnsent(replica, context.output)
    }

    private func report(_ output: Output, _ request: JoinRequest, _ role: Role, _ words: [String]) {
        if output.mode == .json {
            return output.json(
                "admitted",
                [
                    ("device", .string(request.name)), ("role", .string(role.name)), ("file", .string(self.output)),
                    ("words", .string(SpokenText.text(words))),
                ])
        }
        output.line("Let in \(request.name, .strong) as a \(role.name). The answer is in \(self.output)")
        output.line("There  \("sync join --answer FILE", .strong)  must show:  \(SpokenText.text(words), .strong)")
        output.say("Its keys are in no other file. It gets records by a relay, or by  \("sync bundle create", .strong)")
    }
}
