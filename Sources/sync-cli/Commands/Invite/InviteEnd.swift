import ArgumentParser
import SyncCore

struct InviteEnd: Command {
    static let configuration = CommandConfiguration(
        commandName: "end", abstract: "Let nobody in by an invite any more.",
        discussion: "Relays that can be reached are told at once, the others at the next exchange.")

    @Argument(help: "The invite.") var invite: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        let replica = try context.open()
        let name = self.invite.lowercased()
        if try replica.askedInvites().contains(where: { $0.short.hasPrefix(name) }) {
            return try await end(replica.askedInvite(name), replica, context.output)
        }
        let invite = try replica.team().invite(name)
        guard case .open = invite.status else {
            throw SyncError(.usage, "That invite is not open.", safe: Failure.unchanged, next: "See  sync invite list.")
        }
        try replica.close(invite.name, accepted: nil)
        context.output.say("Ended. Who has opened its welcome can read until the team key changes.")
        await InviteNews.tellRelays(replica, context.output, "Until then whoever holds the code can still join.")
    }

    /// Of one that asks back nobody could read anything: it is over once the relay has forgotten it.
    private func end(_ invite: AskedInvite, _ replica: Replica, _ output: Output) async throws {
        do {
            try await replica.exchange(of: invite).end(invite)
        } catch var error as SyncError where error.kind == .unreachable {
            error.safe = "Nobody is let in by it without your yes."
            error.next = "Repeat this when the relay can be reached."
            throw error
        }
        output.say("Ended. Who asked by it is told no.")
    }
}
