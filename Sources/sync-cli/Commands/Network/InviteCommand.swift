import ArgumentParser
import SyncCore

struct InviteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite", abstract: "Offer a place in the team.",
        subcommands: [InviteCreate.self, InviteList.self, InvitePick.self, InviteEnd.self], defaultSubcommand: InviteCreate.self)
}

struct InviteCreate: Command {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a code that lets one device join. Needs the network.",
        discussion: "Whoever holds the code can read everything until it is used or ended.")

    @Flag(help: "Whoever holds the code may join, with no further question.")
    var preApproved = false

    @Option(help: ArgumentHelp("reader, volunteer or coordinator.", valueName: "role"))
    var role: String = "volunteer"

    @Option(help: ArgumentHelp("How long the welcome waits: 1h to 48h.", valueName: "hours"))
    var expires: String = "24h"

    @OptionGroup var exchange: InviteRemote
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        guard preApproved else {
            throw SyncError(
                .usage, "Invites that ask back are not in this version yet.", safe: Failure.unchanged,
                next: "Use  sync invite --pre-approved  and hand the code over in person.")
        }
        guard let role = Role(name: role) else {
            throw SyncError(.usage, "A role is reader, volunteer or coordinator.", safe: Failure.unchanged)
        }
        let text = expires.hasSuffix("h") ? String(expires.dropLast()) : expires
        guard let hours = Int(text), (1...48).contains(hours) else {
            throw SyncError(.usage, "--expires takes 1h to 48h.", safe: Failure.unchanged)
        }
        let replica = try context.open()
        let remote = try exchange.remote(replica)
        let expiry = context.surroundings.now() + Int64(hours) * 3_600_000
        let invite = try await Exchange(replica, remote: remote).invite(role: role, expires: expiry, hours: hours)
        report(context, invite, role, hours, expiry)
        let unsent = try replica.unsentCount()
        guard unsent > 0 else { return }
        let changes = ExchangeRunner.count(unsent, "change")
        context.output.say("\(changes) of this device \(unsent == 1 ? "is" : "are") not sent yet: run  \("sync now", .strong)  so that they find what is here.")
    }

    private func report(_ context: Context, _ invite: PreparedInvite, _ role: Role, _ hours: Int, _ expiry: Int64) {
        let output = context.output
        if output.mode == .json {
            return output.json(
                "invite",
                [
                    ("code", .string(invite.code.text)), ("invite", .string(InviteText.short(invite.invite))),
                    ("role", .string(role.name)), ("expires", .integer(expiry)),
                ])
        }
        output.raw(Array((invite.code.text + "\n").utf8))
        output.say("For one device, as a \(role.name). The welcome waits at the relay for \(hours) hours.")
        output.say("Whoever holds this code can read everything until it is used or ended.")
        output.say("They type:  \("sync join CODE", .strong)")
    }
}

/// Which relay the welcome waits at.
struct InviteRemote: ParsableArguments {
    @Option(help: ArgumentHelp("The relay where the welcome waits.", valueName: "name"))
    var remote: String?

    func remote(_ replica: Replica) throws -> StoredRemote {
        let known = try replica.remotes()
        if let remote {
            guard let found = known.first(where: { $0.name == remote }) else {
                throw SyncError(.usage, "There is no remote “\(remote)”.", safe: Failure.unchanged, next: "See  sync remote list.")
            }
            return found
        }
        guard let first = known.first else {
            throw SyncError(
                .usage, "An invite needs a relay where its welcome waits.", safe: Failure.unchanged,
                next: "Add one with  sync remote add relay URL.")
        }
        return first
    }
}

/// What was decided about an invite, for those who do not know it yet.
enum InviteNews {
    /// Says at once to every relay what was decided. One that cannot be reached learns of it at the next exchange.
    ///
    /// - Returns: The names of those that know.
    @discardableResult
    static func tellRelays(_ replica: Replica, _ output: Output, _ until: String) async -> [String] {
        var told: [String] = []
        for remote in (try? replica.remotes()) ?? [] {
            do {
                try await Exchange(replica, remote: remote, timeoutSeconds: 10).exchangeControl()
                told.append(remote.name)
            } catch {
                output.tell("\("!", .attention) \(remote.name) does not know yet: run  \("sync now", .strong)  when it can be reached. \(until)")
            }
        }
        return told
    }
}

/// How invites are named and described.
enum InviteText {
    static func short(_ name: Hash32) -> String { String(Base32.encode(name.bytes).prefix(6)) }

    static func status(_ invite: TeamState.InviteState, _ team: TeamState, now: Int64) -> String {
        switch invite.status {
        case .open where invite.invite.expires < now:
            "past its date, and not ended until the team key changes: who holds the code can still read"
        case .open: "open"
        case .joined(let device): "used by \(team.name(of: device) ?? "a device")"
        case .contested(let joins):
            "taken up by \(joins.count) devices: nobody counts until you pick one"
        case .closed(let device): device.flatMap { team.name(of: $0) }.map { "used by \($0)" } ?? "ended"
        }
    }
}

struct InviteList: Command {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Show how invites stand.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let team = try context.open().team()
        for invite in team.invites {
            let status = InviteText.status(invite, team, now: context.clock.now)
            let short = InviteText.short(invite.name)
            switch context.output.mode {
            case .json:
                context.output.json(
                    "invite",
                    [
                        ("invite", .string(short)), ("role", .string(invite.invite.role.name)), ("status", .string(status)),
                    ])
            default:
                context.output.line("\(short, .strong)  \(invite.invite.role.name)  \(status)")
                if case .contested(let joins) = invite.status {
                    for join in joins {
                        let device = team.joins[join]?.enrolment.name ?? "a device"
                        context.output.line("  \(InviteText.short(join), .strong)  \(device)   sync invite pick \(short) \(InviteText.short(join))")
                    }
                }
            }
        }
    }
}

extension TeamState {
    /// The invite whose name begins so.
    func invite(_ prefix: String) throws -> InviteState {
        let found = invites.filter { Base32.encode($0.name.bytes).hasPrefix(prefix.lowercased()) }
        guard found.count == 1, let invite = found.first else {
            throw SyncError(
                .usage, found.isEmpty ? "There is no invite “\(prefix)”." : "Several invites begin with “\(prefix)”.",
                safe: Failure.unchanged, next: "See  sync invite list.")
        }
        return invite
    }
}

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

struct InviteEnd: Command {
    static let configuration = CommandConfiguration(
        commandName: "end", abstract: "Let nobody join by an invite any more.",
        discussion: "Relays that can be reached are told at once, the others at the next exchange.")

    @Argument(help: "The invite.") var invite: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        let replica = try context.open()
        let invite = try replica.team().invite(invite)
        guard case .open = invite.status else {
            throw SyncError(.usage, "That invite is not open.", safe: Failure.unchanged, next: "See  sync invite list.")
        }
        try replica.close(invite.name, accepted: nil)
        context.output.say("Ended. Who has opened its welcome can read until the team key changes.")
        await InviteNews.tellRelays(replica, context.output, "Until then whoever holds the code can still join.")
    }
}
