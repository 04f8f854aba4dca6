import ArgumentParser
import SyncCore

struct EventCount: Command {
    static let configuration = CommandConfiguration(
        commandName: "count", abstract: "Add what somebody said about how many there were.",
        discussion: """
            The words are kept as they are, and no count replaces another: numbers are derived when they are shown.
            sync event count 9c1x0a "hundreds" --source "evening paper" --basis press
            """)

    @Argument(help: "The id, or its beginning.") var id: String
    @Argument(help: "How many, in the words of whoever says so: \"nearly one hundred\".") var phrase: String

    @Option(help: ArgumentHelp("police, organiser, press, official, eyewitness, photo, video or tally.", valueName: "basis"))
    var basis: String?

    @Option(help: ArgumentHelp("expected, during, peak or final.", valueName: "stage")) var stage: String?
    @Option(help: ArgumentHelp("Where it was read or heard.", valueName: "source")) var source: String?
    @Option(help: ArgumentHelp("When it was seen.", valueName: "date")) var seen: String?
    @Option(help: ArgumentHelp("Who counted.", valueName: "name")) var by: String?

    @Option(help: ArgumentHelp("attendance, arrests, injured-participants or injured-police.", valueName: "subject"))
    var what: String?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let input = FieldInput(dates: context.dates)
        let details = CountDetails(what: what, stage: stage, basis: basis, source: source, seen: seen, by: by)
        let value = try details.value(phrase, input)
        let dates = try seen.map { [(field: "seen", when: try input.date($0, "--seen"))] } ?? []
        let replica = try context.open()
        context.echo(dates)
        let saved = try replica.commit { draft in
            let id = try draft.session.find(self.id, .event).id
            try draft.enter(id, Field.counts, value)
            return id
        }
        if context.output.mode == .text, !context.output.isQuiet {
            try report(saved.result, replica, context.output)
            context.sayUnsent(try replica.remotes().isEmpty ? nil : try replica.unsentCount())
        } else {
            try context.reportSaved(saved.result, change: saved.change, in: replica)
        }
        if let remark = CountDetails.remark(phrase) { context.output.note(remark) }
    }

    /// Every count, and what they come to.
    private func report(_ id: RecordID, _ replica: Replica, _ output: Output) throws {
        let (document, short) = try replica.read { session in (try session.documentAsWritten(id), try session.shortText(id)) }
        guard let document else { return }
        let counts = CountsText(document)
        let indent = short.count + 2
        let number = counts.attendance.count
        let all = counts.attendance.map(\.short).joined(separator: " · ")
        output.line(
            "\(short, .strong)  \(document.placeOrTitle): \(number) count\(number == 1 ? "" : "s")\(all.isEmpty ? "" : ": \(all)")",
            indent: indent)
        let pad = String(repeating: " ", count: indent)
        if !counts.others.isEmpty { output.line("\(pad)\(counts.others.map(\.line).joined(separator: " · "))", indent: indent) }
        if let range = counts.range() {
            output.line("\(pad)range \(range.text, .strong) by rule ccc3; no count was overwritten", indent: indent)
        }
    }
}
