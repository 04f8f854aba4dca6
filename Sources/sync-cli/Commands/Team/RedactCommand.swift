import ArgumentParser
import SyncCore

struct RedactCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "redact", abstract: "Take a field's values out of the team's history, for good. For coordinators.",
        discussion: """
            For what should never have been written: a name, a telephone number. Every value that the field ever had goes from each
            device and relay that hears of it, with what was replaced; that it was done, when, by whom and why stays to be seen.

              sync redact 7f3k2q description --reason "names a witness"

            It does not reach sticks, backups, and devices that were removed. Whoever read it has read it. What others wrote into the
            field without having heard of it stays: run it again.
            """)

    @Argument(help: "The record: an id, or its beginning.") var id: String
    @Argument(help: "The field, as  export  names it.") var field: String

    @Option(help: ArgumentHelp("Why; everybody in the team can read it.", valueName: "text"))
    var reason: String

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        let reason = Choice.trimmed(reason)
        guard !reason.isEmpty, reason.utf8.count <= Redaction.reasonLimit else {
            throw SyncError(.usage, "A reason has 1 to \(Redaction.reasonLimit) bytes.", safe: Failure.unchanged)
        }
        let replica = try context.open()
        try replica.requireCoordinator()
        let (members, kind, short, title) = try replica.read { session in
            let record = try session.find(id)
            let document = try session.document(record)
            return (try session.members(of: record), document?.kind, try session.shortText(record), document?.titleText ?? "")
        }
        let schema = try Self.field(field, kind)
        try context.confirm("Take every value of \(schema.label, .strong) of \(short)  \(title) out of the history? There is no way back.")
        let report = try replica.redact(members, schema, reason: reason)
        tell(report, short, schema, context)
        await tellRelays(replica, context)
    }

    private static func field(_ name: String, _ kind: RecordKind?) throws -> FieldSchema {
        let known = kind.map { RecordSchema.of($0).fields } ?? []
        guard let field = known.first(where: { ByteOrder.same($0.name, name.lowercased()) || ByteOrder.same($0.label, name.lowercased()) }) else {
            throw SyncError(
                .usage, "There is no field “\(name)”.", safe: Failure.unchanged,
                next: "There are: \(known.map(\.name).joined(separator: ", ")).")
        }
        return field
    }

    private func tell(_ report: RedactReport, _ short: String, _ field: FieldSchema, _ context: Context) {
        let output = context.output
        if output.mode == .json {
            return output.json(
                "redacted",
                [
                    ("record", .string(short)), ("field", .string(field.name)), ("edits", JSON(report.edits)),
                    ("segments", JSON(report.segments)),
                ])
        }
        output.line("Redacted \(field.label, .strong) of \(short, .strong): \(ExchangeRunner.count(report.edits, "value")) gone from this device.")
        output.say("Others drop them at their next exchange. Sticks, backups and removed devices keep what they have.")
    }

    /// Relays that can be reached drop it at once.
    private func tellRelays(_ replica: Replica, _ context: Context) async {
        for remote in (try? replica.remotes()) ?? [] {
            do {
                let report = try await Exchange(replica, remote: remote).push()
                guard report.keptRedacted == 0 else {
                    context.output.tell("\("!", .attention) \(remote.name) holds it still: another coordinator's next push has it dropped, or the relay is of an earlier version.")
                    continue
                }
                context.output.say("\(remote.name) has dropped it.")
            } catch {
                context.output.tell("\("!", .attention) \(remote.name) holds it still: run  \("sync now", .strong)  when it can be reached.")
            }
        }
    }
}

/// What is said of values that were taken out of the history.
enum RedactionText {
    static func line(_ entry: Redactions.Entry, _ team: TeamState, _ clock: LocalClock) -> String {
        "redacted by \(team.name(of: entry.by) ?? "an unknown device"), \(clock.text(entry.wall)): \(entry.redaction.reason)"
    }

    static func field(_ number: UInt32) -> String {
        RecordKind.allCases.lazy.compactMap { RecordSchema.of($0)[number]?.label }.first ?? "a field"
    }
}
