import ArgumentParser
import SyncCore

struct DevicesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices", abstract: "Who is in the team: list, rename, give a role, remove.",
        subcommands: [DevicesList.self, DevicesRename.self, DevicesRole.self, DevicesRemove.self], defaultSubcommand: DevicesList.self)
}

/// How devices are named on the command line.
enum DeviceText {
    static func short(_ id: DeviceID) -> String { String(Base32.encode(id.bytes).prefix(6)) }

    /// The device whose id begins so, or whose name it is.
    ///
    /// - Throws: `usage`, with what there is to choose from.
    static func find(_ text: String, among devices: [TeamState.Device]) throws -> TeamState.Device {
        let wanted = Choice.trimmed(text)
        let byID = devices.filter { !wanted.isEmpty && Base32.encode($0.id.bytes).hasPrefix(wanted.lowercased()) }
        let byName = devices.filter { ByteOrder.same($0.enrolment.name.lowercased(), wanted.lowercased()) }
        let found = byName.isEmpty ? byID : byName
        guard let device = found.first, found.count == 1 else {
            let several = found.map { "\(short($0.id)) \($0.enrolment.name)" }.joined(separator: ", ")
            throw SyncError(
                .usage, found.isEmpty ? "There is no device “\(text)” in the team." : "“\(text)” may mean several devices: \(several).",
                safe: Failure.unchanged, next: "See  sync devices list.")
        }
        return device
    }
}

extension TeamState {
    /// Those who are in, the oldest first.
    var members: [Device] { roster.values.sorted { ($0.joined, $0.id) < ($1.joined, $1.id) } }
}

struct DevicesList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show who is in the team, and who was removed.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        let team = try replica.team()
        let gaps = try replica.read { try $0.clockGaps() }
        let clocks = ClockText(gaps, team, own: replica.device)
        var table = Table(.fixed, .flexible(8), .fixed, .flexible(16))
        for member in team.members {
            let note = Self.note(member, replica.device, team, context) + (clocks.text(of: member.id).map { "; \($0)" } ?? "")
            let clock = ClockText.json(gaps.offset(of: member.id, from: replica.device), team)
            switch context.output.mode {
            case .json: json(member.id, member.enrolment.name, member.enrolment.role.name, nil, note, member.isRecoveryKey, clock, context.output)
            default:
                let role = member.isRecoveryKey ? "recovery key" : member.enrolment.role.name
                table.add(Line(DeviceText.short(member.id), .strong), Line(member.enrolment.name), Line(role), Line(note, .faint))
            }
        }
        for (id, removal) in team.removals.sorted(by: { $0.value.wall < $1.value.wall }) {
            let name = team.name(of: id) ?? "a device"
            let by = "removed \(context.clock.text(removal.wall)) by \(team.name(of: removal.by) ?? "a coordinator")"
            switch context.output.mode {
            case .json: json(id, name, nil, removal.wall, by, nil, .null, context.output)
            default: table.add(Line(DeviceText.short(id)), Line(name), Line("out"), Line(by, .attention))
            }
        }
        if context.output.mode != .json { context.output.table(table) }
    }

    private static func note(_ member: TeamState.Device, _ own: DeviceID, _ team: TeamState, _ context: Context) -> String {
        let this = member.id == own ? "this device; " : ""
        let lacks = team.lacking.contains(member.id) ? "; lacks the team's key until a coordinator exchanges" : ""
        return "\(this)since \(context.clock.text(member.joined))\(lacks)"
    }

    private func json(
        _ id: DeviceID, _ name: String, _ role: String?, _ removed: Int64?, _ note: String, _ isRecoveryKey: Bool?, _ clock: JSON, _ output: Output
    ) {
        output.json(
            "device",
            [
                ("device", .string(DeviceText.short(id))), ("name", .string(name)), ("role", JSON(role)),
                ("removed", removed.map(JSON.integer) ?? .null), ("note", .string(note)),
                ("recovery_key", isRecoveryKey.map { JSON($0) } ?? .null), ("clock", clock),
            ])
    }
}

struct DevicesRename: Command {
    static let configuration = CommandConfiguration(
        commandName: "rename", abstract: "Give a device another name: your own, or, as a coordinator, any.",
        discussion: "sync devices rename \"Ana's laptop\" \"Ana's old laptop\"")

    @Argument(help: "The device: its id, the beginning of it, or its name.") var device: String
    @Argument(help: "The new name.") var name: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let name = try InitCommand.name(name, "NAME")
        let replica = try context.open()
        let member = try DeviceText.find(device, among: replica.team().members)
        try replica.rename(member.id, to: name)
        context.output.say("\(member.enrolment.name) is \(name, .strong) now. The others learn of it at the next  \("sync now", .strong)")
    }
}

struct DevicesRole: Command {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Make a device a reader, a volunteer or a coordinator.",
        discussion: """
            A reader reads and writes nothing; what it wrote until now goes on counting. A coordinator invites, removes and accepts.
            sync devices role "Ben's phone" coordinator
            """)

    @Argument(help: "The device: its id, the beginning of it, or its name.") var device: String
    @Argument(help: "reader, volunteer or coordinator.") var role: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        guard let role = Role(name: role.lowercased()) else {
            throw SyncError(.usage, "A role is reader, volunteer or coordinator.", safe: Failure.unchanged)
        }
        let replica = try context.open()
        let member = try DeviceText.find(device, among: replica.team().members)
        try replica.setRole(role, of: member.id)
        context.output.say("\(member.enrolment.name, .strong) is a \(role.name) now.")
        if role < .coordinator { try Self.tellRecovery(of: member, replica, context.output) }
        await InviteNews.tellRelays(replica, context.output, "The others learn of it only then.")
    }

    private static func tellRecovery(of member: TeamState.Device, _ replica: Replica, _ output: Output) throws {
        for key in try replica.recoveryKeys(of: member) {
            output.tell("\("!", .attention) The \(key.enrolment.name) stands: whoever has it can come back as a coordinator. To put it out:  \("sync devices remove \(DeviceText.short(key.id))", .strong)")
        }
    }
}
