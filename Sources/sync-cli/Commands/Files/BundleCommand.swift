import ArgumentParser
import SyncCore

struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Exchange by a file: on a stick, by e-mail, by Bluetooth.",
        discussion: """
            A bundle is what a relay would pass on, in one file: sealed for the team, and of no use to anybody else. Whoever finds it
            learns that it is of sync, which team it belongs to if they know what relays call that team, and about how much is in it.

              sync bundle create /media/stick/april.bundle
              sync bundle apply /media/stick/april.bundle          on the other device; twice does no harm
              sync bundle create answer.bundle --for "Ana's laptop"
            """,
        subcommands: [BundleCreate.self, BundleApply.self, BundleShow.self])
}

struct BundleCreate: Command {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Write one.",
        discussion: "Holds everything; with --for what that device was not seen to have. A file that is there is not replaced.")

    @Argument(help: "The file; - is standard output.")
    var file: String

    @Option(name: .customLong("for"), help: ArgumentHelp("Leave out what this device was seen to have.", valueName: "device"))
    var recipient: String?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        let device = try recipient.map { try DeviceText.find($0, among: replica.team().members) }
        let target = try OutputTarget(file, context.output)
        let written = try target.writing { put in try replica.writeBundle(for: device?.id, to: put) }
        report(written, for: device?.enrolment.name, context.output)
    }

    private func report(_ written: BundleWritten, for name: String?, _ output: Output) {
        if written.unsealed > 0 {
            output.note(
                "\(StatusCommand.count(written.unsealed, "change")) of this device cannot be sealed at present, and stay out of it.")
        }
        guard output.mode != .json else {
            let members: [(String, JSON)] = [
                ("file", .string(file)), ("for", JSON(name)), ("segments", JSON(written.segments)),
                ("bytes", JSON(written.bytes)), ("unsealed", JSON(written.unsealed)),
            ]
            return file == "-" ? output.tellJSON(JSON.line("bundle_created", members)) : output.json("bundle_created", members)
        }
        let held = StatusCommand.count(written.segments, "segment")
        let what = name.map { "what \($0) was not seen to have" } ?? "everything that is here"
        output.say("Wrote \(file == "-" ? "a bundle" : file): \(held), \(ExchangeRunner.size(written.bytes)), \(what).")
        output.say("What was not sent stays listed as unsent until a relay or an answer shows that it arrived.")
    }
}

struct BundleApply: Command {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Take in what is in some: all of them, or nothing.",
        discussion: "The files are only read. What is here already is passed over.")

    @Argument(help: "The files; - is standard input.")
    var files: [String]

    @Flag(help: "Exit with 3 where conflicts remain.")
    var strict = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        let applied = try replica.apply(files.map(BundleFile.source))
        Self.report(applied, context.output)
        try ReceivedText.reportDuplicates(applied.received, replica, context.output)
        try ReceivedText.reportConflicts(replica, context.output, strict: strict)
    }

    static func report(_ applied: BundleReceived, _ output: Output) {
        let received = applied.received
        if output.mode == .json {
            return output.json(
                "bundle_applied",
                [
                    ("changes", JSON(received.changes)), ("segments", JSON(received.segments)),
                    ("control_records", JSON(applied.controlRecords)), ("devices", JSON(received.authors.count)),
                    ("new_events", JSON(received.newRecords[.event] ?? 0)),
                    ("new_petitions", JSON(received.newRecords[.petition] ?? 0)), ("updated", JSON(received.updatedRecords)),
                ])
        }
        if let line = ReceivedText.line(received) { return output.line(Line(line)) }
        if applied.controlRecords > 0 || received.segments > 0 {
            return output.line("Nothing new for the records; what is new of the team was taken in.")
        }
        output.line("Nothing new: everything in it is here.")
    }
}

struct BundleShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Say what one holds, and whether it is whole. Changes nothing.")

    @Argument(help: "The file; - is standard input.")
    var file: String

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let source = BundleFile.source(file)
        let summary: BundleSummary
        do {
            summary = try context.open().summary(of: source)
        } catch let error as SyncError where error.kind == .noStore && StoreFinder(global, context.environment).named == nil {
            summary = try BundleSummary(of: source)
        }
        if context.output.mode == .json { return json(summary, context.output) }
        for row in rows(summary, context) {
            if context.output.mode == .plain {
                context.output.line(Line(row.label) + Line("\t", .separator) + Line(row.text))
            } else {
                context.output.line("\(row.label, .faint)\(String(repeating: " ", count: 11 - row.label.count))\(row.text)", indent: 11)
            }
        }
    }

    private func rows(_ summary: BundleSummary, _ context: Context) -> [(label: String, text: String)] {
        let holds = [
            StatusCommand.count(summary.segments, "segment"), "of", StatusCommand.count(summary.logs.count, "log") + ",",
            StatusCommand.count(summary.controlRecords, "control record"),
        ].joined(separator: " ")
        var rows = [("file", "\(file), \(ExchangeRunner.size(summary.bytes)), whole")]
        if let inside = summary.forMembers {
            rows.append(("team", inside.teamName))
            rows.append(("made", Self.sender(inside, context)))
            rows.append(("holds", holds))
            rows.append(("new here", inside.newSegments == 0 ? "nothing" : StatusCommand.count(inside.newSegments, "segment")))
        } else {
            rows.append(("team", "none of which this store is: relays call it \(summary.handle)"))
            rows.append(("holds", holds))
        }
        return rows
    }

    private static func sender(_ inside: BundleSummary.ForMembers, _ context: Context) -> String {
        guard let sender = inside.sender else { return "by a device that is not known here yet" }
        let name = inside.senderName ?? "a device that is not known here"
        let reader = sender.recipient == nil ? "everybody" : inside.recipientName ?? "a device that is not known here"
        return "by \(name), \(context.clock.text(sender.wall)), for \(reader)"
    }

    private func json(_ summary: BundleSummary, _ output: Output) {
        let inside = summary.forMembers
        output.json(
            "bundle",
            [
                ("file", .string(file)), ("handle", .string(summary.handle)), ("bytes", JSON(summary.bytes)),
                ("segments", JSON(summary.segments)), ("logs", JSON(summary.logs.count)),
                ("control_records", JSON(summary.controlRecords)), ("team", JSON(inside?.teamName)),
                ("device", JSON(inside?.senderName)), ("made", inside?.sender.map { .integer($0.wall) } ?? .null),
                ("for", JSON(inside?.recipientName)), ("new_segments", JSON(inside?.newSegments)),
            ])
    }
}

enum BundleFile {
    static func source(_ file: String) -> ByteSource { file == "-" ? .standardInput : ByteSource(path: file) }
}
