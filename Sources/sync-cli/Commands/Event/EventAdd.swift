import ArgumentParser
import SyncCore

struct EventAdd: Command {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add an event.",
        discussion: """
            sync event add "Rally for solidarity" --type rally --on "22 April 2017" --city Leeds \\
                --count "around 400" --basis eyewitness
            """)

    @Argument(help: "What it is called; asked for where it is missing.")
    var title: String?

    @OptionGroup(title: "Event") var fields: EventFields
    @OptionGroup(title: "Event and petition") var common: CommonFields

    @Option(help: ArgumentHelp("How many people, in the words of whoever says so: \"around 400\".", valueName: "phrase"))
    var count: String?

    @Option(help: ArgumentHelp("What the count rests on: police, organiser, press, official, eyewitness, photo, video, tally."))
    var basis: String?

    @Option(help: ArgumentHelp("Of what moment: expected, during, peak or final."))
    var stage: String?

    @Option(help: ArgumentHelp("Who counted.", valueName: "name"))
    var by: String?

    @Option(help: ArgumentHelp("Where the count was read.", valueName: "source"))
    var countSource: String?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let input = FieldInput(dates: context.dates)
        var edits = try fields.edits(input) + common.edits(input)
        if let entry = try countEntry(input) { edits.append(entry) }
        edits.insert(.assign(Field.title, try input.text(try titleOrAsk(context), "title")), at: 0)
        let echoes = try fields.echoes(input, showingStart: false)
        let replica = try context.open()
        context.echo(echoes)
        let saved = try replica.commit { draft in
            let id = draft.create(.event)
            try Editor(.event, id).apply(edits, to: &draft)
            return id
        }
        try context.reportSaved(saved.result, change: saved.change, in: replica)
        if let remark = count.flatMap(CountDetails.remark) { context.output.say(Line(remark)) }
    }

    private func countEntry(_ input: FieldInput) throws -> Edit? {
        guard let count else {
            if basis != nil || stage != nil || by != nil || countSource != nil {
                throw SyncError(
                    .usage, "--basis, --stage, --by and --count-source say more about a count, and there is no --count.",
                    safe: Failure.unchanged)
            }
            return nil
        }
        let details = CountDetails(stage: stage, basis: basis, source: countSource, by: by)
        return .enter(Field.counts, try details.value(count, input))
    }

    private func titleOrAsk(_ context: Context) throws -> String {
        try context.required(title, question: "Title: ", missing: "An event needs a title.", example: "sync event add \"Vigil\" --city Leeds")
    }
}
