import ArgumentParser
import SyncCore

struct LogCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "What was changed, by which device, the newest first.")

    @Argument(help: "Only changes of this record: an id, or its beginning.") var id: String?
    @Option(help: ArgumentHelp("At most so many (else 50; with --json all).", valueName: "number")) var limit: Int?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let limit = try RecordList.limit(limit, all: false, context)
        let replica = try context.open()
        let record = try id.map { prefix in try replica.read { try $0.find(prefix) } }
        let lines = try replica.changes(of: record, limit: limit)
        let hasRemote = try !replica.remotes().isEmpty
        try replica.read { session in
            if context.output.mode == .json {
                for line in lines { json(line, context.output) }
            } else {
                context.output.table(try table(lines, session, context, hasRemote))
            }
            try redactions(record, session, context)
        }
        if lines.isEmpty { context.output.say("Nothing was changed yet.") }
    }

    private func table(_ lines: [LogLine], _ session: Session, _ context: Context, _ hasRemote: Bool) throws -> Table {
        let names = try session.changeShortNames()
        var table = Table(.fixed, .fixed, .flexible(8), .number, .flexible(16), .flexible(8))
        for line in lines {
            let note: Line = line.void.map { Line("! \($0.text)", .attention) } ?? (hasRemote && !line.isSent ? "not sent" : "")
            table.add(
                Line(context.clock.text(line.origin.wall)), Line(try names.text(line.name), .faint), Line(line.origin.deviceName),
                Line("\(line.operations) edit\(line.operations == 1 ? " " : "s")"), Line(try records(line, session)), note)
        }
        return table
    }

    /// What was taken out of the history, below what is in it.
    private func redactions(_ record: RecordID?, _ session: Session, _ context: Context) throws {
        let team = try session.team()
        for entry in team.redactions.entries.reversed() where record.map({ $0 == entry.redaction.record }) ?? true {
            let field = RedactionText.field(entry.redaction.field)
            if context.output.mode == .json {
                context.output.json(
                    "redaction",
                    [
                        ("record", .string(entry.redaction.record.text)), ("field", .string(field)), ("device", JSON(team.name(of: entry.by))),
                        ("wall", .integer(entry.wall)), ("reason", .string(entry.redaction.reason)),
                        ("edits", JSON(entry.redaction.edits.reduce(0) { $0 + $1.operations.count })),
                    ])
            } else {
                let text = RedactionText.line(entry, team, context.clock)
                context.output.line("\(try session.shortText(entry.redaction.record), .strong)  \(field) \(text)", indent: 8)
            }
        }
    }

    private func records(_ line: LogLine, _ session: Session) throws -> String {
        guard let first = line.records.first else { return "" }
        let title = try session.document(first)?.titleText ?? "(not here yet)"
        let more = line.records.count > 1 ? " and \(line.records.count == 20 ? "many" : String(line.records.count - 1)) more" : ""
        return "\(try session.shortText(first))  \(title)\(more)"
    }

    private func json(_ line: LogLine, _ output: Output) {
        output.json(
            "change",
            [
                ("name", .string(line.name.description)), ("device", .string(line.origin.deviceName)),
                ("wall", .integer(line.origin.wall)), ("operations", JSON(line.operations)),
                ("records", .array(line.records.map { .string($0.text) })), ("sent", JSON(line.isSent)), ("void", JSON(line.void?.text)),
            ])
    }
}
