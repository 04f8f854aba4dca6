import ArgumentParser
import SyncCore

struct InviteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite", abstract: "Offer a place in the team.",
        discussion: """
            A code that asks back opens nothing: whoever has it can ask, and you say yes or no. You compare four words with them by voice.

              sync invite                        here; waits for whoever asks
              sync join SYNC-…                   there

            Without a network, by two files on a stick:

              sync join --request ask.sync       there
              sync invite admit ask.sync -o answer.sync
              sync join --answer answer.sync     there
            """,
        subcommands: [
            InviteCreate.self, InviteAnswer.self, InviteAdmit.self, InviteList.self, InvitePick.self, InviteEnd.self,
        ], defaultSubcommand: InviteCreate.self)
}
