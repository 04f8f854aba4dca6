import ArgumentParser
import SyncCore

struct InvitePick: Command {
    static let configuration = CommandConfiguration(
        commandName: "pick", abstract: "Say which of several devices that took up one invite counts.")

    @Argument(help: "The invite.") var invite: String
    @Argument(help: "The join, as invite list shows it.") var join: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        let replica = try context.open()
        let team = try replica.team()
        let invite = try team.invite(invite)
        guard case .contested(let joins) = invite.status,
            let picked = joins.first(where: { Base32.encode($0.bytes).hasPrefix(join.lowercased()) })
        else { throw SyncError(.usage, "There is nothing to pick.", safe: Failure.unchanged, next: "See  sync invite list.") }
        try replica.close(invite.name, accepted: picked)
        context.output.say("Picked \(team.joins[picked]?.enrolment.name ?? "the device"). The others learn of it at their next exchange.")
        await InviteNews.tellRelays(replica, context.output, "The others learn of it only then.")
    }
}
