import ArgumentParser
import SyncCore

struct InviteCreate: Command {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a code for one device. Needs the network.",
        discussion: """
            Who types the code asks to be let in; you compare four words with them, and say yes. With --pre-approved nobody is asked: whoever
            holds that code can read everything until it is used or ended.
            """)

    @Flag(help: "Whoever holds the code may join, with no further question.")
    var preApproved = false

    @Option(help: ArgumentHelp("reader, volunteer or coordinator.", valueName: "role"))
    var role: String = "volunteer"

    @Option(help: ArgumentHelp("How long the code is good for: 1h to 48h.", valueName: "hours"))
    var expires: String = "24h"

    @Flag(help: "Show the code as a picture, too, for a telephone to read.")
    var qr = false

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var relay: InviteRemote
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        let role = try InviteText.role(role)
        let text = expires.hasSuffix("h") ? String(expires.dropLast()) : expires
        guard let hours = Int(text), (1...48).contains(hours) else {
            throw SyncError(.usage, "--expires takes 1h to 48h.", safe: Failure.unchanged)
        }
        if qr { try QRPicture.requireLibrary() }
        let replica = try context.open()
        let exchange = try Exchange(replica, remote: try relay.remote(replica))
        let expiry = context.surroundings.now() + Int64(hours) * 3_600_000
        if preApproved {
            let invite = try await exchange.invite(role: role, expires: expiry, hours: hours)
            try reportPreApproved(context, invite, role, hours, expiry)
        } else {
            let invite = try await exchange.ask(role: role, expires: expiry, hours: hours)
            try await ask(context, replica, exchange, invite)
        }
        try InviteText.sayUnsent(replica, context.output)
    }

    private func ask(_ context: Context, _ replica: Replica, _ exchange: Exchange, _ invite: AskedInvite) async throws {
        let output = context.output
        if output.mode == .json { report(context, invite.code, short: invite.short, invite.role, invite.expires, kind: "asked") } else { try show(invite.code, output) }
        output.say("For one device, as a \(invite.role.name), until \(context.clock.text(invite.expires)). With this code one can only ask: you say yes.")
        output.say("They type:  \("sync join CODE", .strong)")
        guard waiting.isWaiting(context) else {
            return output.say("When they have:  \("sync invite answer \(invite.short)", .strong)")
        }
        output.say("Ctrl-C ends the waiting, not the invite:  \("sync invite answer \(invite.short)", .strong)  goes on.")
        try await RequestDialog(context, replica, exchange).wait(for: invite)
    }

    private func reportPreApproved(_ context: Context, _ invite: PreparedInvite, _ role: Role, _ hours: Int, _ expiry: Int64) throws {
        let output = context.output
        if output.mode == .json {
            return report(context, invite.code, short: InviteText.short(invite.invite), role, expiry, kind: "pre-approved")
        }
        try show(invite.code, output)
        output.say("For one device, as a \(role.name). The welcome waits at the relay for \(hours) hours.")
        output.say("Whoever holds this code can read everything until it is used or ended.")
        output.say("They type:  \("sync join CODE", .strong)")
    }

    private func report(_ context: Context, _ code: InviteCode, short: String, _ role: Role, _ expiry: Int64, kind: String) {
        context.output.json(
            "invite",
            [
                ("code", .string(code.text)), ("invite", .string(short)), ("kind", .string(kind)), ("role", .string(role.name)),
                ("expires", .integer(expiry)),
            ])
    }

    private func show(_ code: InviteCode, _ output: Output) throws {
        output.raw(Array((code.text + "\n").utf8))
        guard qr, output.mode == .text else { return }
        let picture = try QRPicture(code.text)
        guard output.width.map({ $0 >= picture.columns }) ?? true else {
            return output.tell("The terminal is too narrow for the picture: it takes \(picture.columns) columns.")
        }
        output.raw(Array(picture.text(inColour: output.isDataColoured).utf8))
    }
}
