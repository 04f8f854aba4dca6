import ArgumentParser
import SyncCore

struct DevicesRemove: Command {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Put a device out of the team: it gets nothing new, and nothing new of it counts.",
        discussion: """
            For a device that was lost, seized or copied, or a person who leaves. Works without a network, too; relays that can be
            reached close their doors at once.

              sync devices remove "Ben's laptop"
              sync devices remove "Ben's laptop" --since 20:00     it was out of Ben's hands from then on

            What was on the device until now stays on it: whoever has it may read that. There is no way back in for the device; its person
            joins again with another one. Changes that do not count are kept:  sync review
            """)

    @Argument(help: "The device: its id, the beginning of it, or its name.") var device: String

    @Option(help: ArgumentHelp("What it wrote from then on by its own clock does not count either.", valueName: "time"))
    var since: String?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        let since = try since.map { try Self.moment($0, context) }
        let replica = try context.open()
        let member = try DeviceText.find(device, among: replica.team().members)
        try replica.requireCoordinator()
        let name = member.enrolment.name
        try context.confirm(
            member.isRecoveryKey
                ? "Remove the \(name, .strong)? It opens nothing any more, and cannot come back."
                : "Remove \(name, .strong) (\(member.enrolment.role.name)) from the team? It cannot come back as this device.")
        await fetchLastChanges(replica, context)
        let report = try replica.remove(member.id, since: since)
        let keys = try replica.recoveryKeys(of: member)
        tell(report, name, keys, context)
        let told = await InviteNews.tellRelays(
            replica, context.output, "Until then its doors stand open to \(name): what is new there is sealed for the others all the same.")
        if !told.isEmpty { context.output.say("Closed to it: \(told.joined(separator: ", ")).") }
        guard !member.isRecoveryKey else {
            return context.output.say("Whoever found it may have read what the team had until now. To make another:  \("sync key recovery", .strong)")
        }
        context.output.say("What \(name) held until now stays on it. If it is in wrong hands, tell everybody whose name is in these records.")
    }

    /// What the device sent while it was in good hands shall count: whatever relays have is taken in first.
    private func fetchLastChanges(_ replica: Replica, _ context: Context) async {
        for remote in (try? replica.remotes()) ?? [] {
            do {
                _ = try await Exchange(replica, remote: remote, timeoutSeconds: 10).pull()
            } catch {
                let why = (error as? SyncError)?.what ?? "\(remote.name) could not be asked."
                context.output.tell("\("!", .attention) \(why) What counts is what is here already.")
            }
        }
    }

    private func tell(_ report: RemovalReport, _ name: String, _ keys: [TeamState.Device], _ context: Context) {
        let output = context.output
        if output.mode == .json {
            return output.json(
                "removed",
                [
                    ("device", .string(DeviceText.short(report.device))), ("name", .string(name)), ("counted", JSON(report.counted)),
                    ("void", JSON(report.void)), ("recipients", JSON(report.recipients)), ("ended_invites", JSON(report.endedInvites)),
                    ("recovery_keys", .array(keys.map { .string(DeviceText.short($0.id)) })),
                ])
        }
        output.line("Removed \(name, .strong). \(ExchangeRunner.count(report.counted, "change")) of it \(report.counted == 1 ? "goes" : "go") on counting, nothing later does.")
        if report.void > 0 {
            output.line("\(ExchangeRunner.count(report.void, "change")) \(report.void == 1 ? "does" : "do") not count any more:  \("sync review", .strong)")
        }
        output.line("The team has a new key, sealed to \(ExchangeRunner.count(report.recipients, "device")); \(name) cannot read what comes from now on.")
        for key in keys {
            output.line("\("!", .attention) The \(key.enrolment.name) stands: whoever has it can come back. To put it out too:  \("sync devices remove \(DeviceText.short(key.id))", .strong)")
        }
        if report.endedInvites > 0 {
            output.line("\(ExchangeRunner.count(report.endedInvites, "open invite")) ended with the old key: make new ones with  \("sync invite", .strong)")
        }
    }

    /// A moment as people write it; a time alone is of today.
    private static func moment(_ text: String, _ context: Context) throws -> Int64 {
        let when = try (try? context.dates.parse("today \(text)")) ?? context.dates.parse(text)
        guard let moment = context.clock.milliseconds(when) else {
            throw SyncError(.usage, "--since: “\(text)” is no day or time of this place.", safe: Failure.unchanged, next: "Write  --since 20:00  or  --since \"2 April 20:00\".")
        }
        return moment
    }
}
