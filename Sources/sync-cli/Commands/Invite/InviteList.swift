import ArgumentParser
import SyncCore

struct InviteList: Command {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Show how invites stand.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        let team = try replica.team()
        for invite in try replica.askedInvites() {
            show(invite.short, "asked", invite.role, InviteText.status(invite, context.clock), context.output)
        }
        for invite in team.invites {
            let short = InviteText.short(invite.name)
            show(short, "pre-approved", invite.invite.role, InviteText.status(invite, team, now: context.clock.now), context.output)
            guard case .contested(let joins) = invite.status, context.output.mode != .json else { continue }
            for join in joins {
                let device = team.joins[join]?.enrolment.name ?? "a device"
                context.output.line("  \(InviteText.short(join), .strong)  \(device)   sync invite pick \(short) \(InviteText.short(join))")
            }
        }
    }

    private func show(_ short: String, _ kind: String, _ role: Role, _ status: String, _ output: Output) {
        switch output.mode {
        case .json:
            output.json(
                "invite",
                [("invite", .string(short)), ("kind", .string(kind)), ("role", .string(role.name)), ("status", .string(status))])
        default: output.line("\(short, .strong)  \(role.name)  \(status)")
        }
    }
}
