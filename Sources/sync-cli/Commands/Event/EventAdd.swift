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

    @OptionGroup(title: "A count") var counting: CountOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let input = FieldInput(dates: context.dates)
        var edits = try fields.edits(input) + common.edits(input)
        if let entry = try counting.edit(input) { edits.append(entry) }
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
        if let remark = counting.count.flatMap(CountDetails.remark) { context.output.note(remark) }
    }

    private func titleOrAsk(_ context: Context) throws -> String {
        try context.required(title, question: "Title: ", missing: "An event needs a title.", example: "sync event add \"Vigil\" --city Leeds")
    }
}
