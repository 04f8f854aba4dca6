import ArgumentParser
import SyncCore

struct InviteAnswer: Command {
    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Say yes or no to whoever asks by an invite. Needs the network.",
        discussion: """
            Ask them by voice which four words their screen shows. Only if these are the same is nobody between you.

              sync invite answer                         asks you
              sync invite answer 7f3k2q --words "apple river stone cloud"      the words that they read out, for scripts
            """)

    @Argument(help: "The invite (else the only one).") var invite: String?

    @Option(help: ArgumentHelp("Let in whose screen shows these.", valueName: "words"))
    var words: String?

    @Flag(help: "Tell everybody who asks no; with --words the one that shows these.")
    var decline = false

    @OptionGroup var waiting: WaitOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        let replica = try context.open()
        let invite = try replica.askedInvite(invite)
        let exchange = try replica.exchange(of: invite)
        let dialog = RequestDialog(context, replica, exchange)
        if let admitted = invite.admitted {
            try await exchange.finish(invite)
            return dialog.sayAdmitted(admitted, invite.role)
        }
        if words == nil, !decline, waiting.isWaiting(context) { return try await dialog.wait(for: invite) }
        guard let requests = try await exchange.requests(for: invite) else { throw RequestDialog.isOver(invite) }
        guard !requests.isEmpty else { return context.output.say("Nobody has asked by this invite yet.") }
        if words != nil || decline { return try await answer(requests, dialog, exchange) }
        dialog.list(requests)
    }

    private func answer(_ requests: [WaitingRequest], _ dialog: RequestDialog, _ exchange: Exchange) async throws {
        let meant = try words.map { try Self.matching($0, requests) } ?? requests
        if decline {
            for request in meant { try await dialog.decline(request) }
        } else if let request = meant.first {
            try await exchange.admit(request)
            dialog.sayAdmitted(request.request, request.invite.role)
        }
    }

    private static func matching(_ text: String, _ requests: [WaitingRequest]) throws -> [WaitingRequest] {
        let found = requests.filter { SpokenText.isSame($0.words, text) }
        guard !found.isEmpty else {
            throw SyncError(
                .integrity, "No device that asks shows these words.", safe: "Nobody was let in.",
                next: "Ask for them again. If they differ still, somebody is between you:  sync invite end \(requests.first?.invite.short ?? "INVITE"), and make a new one.")
        }
        return found
    }
}

/// Words that people read to each other.
enum SpokenText {
    static func text(_ words: [String]) -> String { words.joined(separator: " ") }

    /// However they are written.
    static func isSame(_ words: [String], _ text: String) -> Bool {
        text.lowercased().split { !$0.isLetter }.map(String.init) == words
    }
}
