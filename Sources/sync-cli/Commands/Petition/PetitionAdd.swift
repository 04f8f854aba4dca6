import ArgumentParser
import SyncCore

struct PetitionAdd: Command {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a petition.",
        discussion: "sync petition add \"Stop the camps\" --platform Avaaz --goal \"one million\" --state open")

    @Argument(help: "What it is called; asked for where it is missing.") var title: String?

    @OptionGroup(title: "Petition") var fields: PetitionFields
    @OptionGroup(title: "Event and petition") var common: CommonFields
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let input = FieldInput(dates: context.dates)
        var edits = try fields.edits(input) + common.edits(input)
        let title = try context.required(
            title, question: "Title: ", missing: "A petition needs a title.",
            example: "sync petition add \"Stop the camps\" --platform Avaaz")
        edits.insert(.assign(Field.title, try input.text(title, "title")), at: 0)
        let replica = try context.open()
        context.echo(try fields.echoes(input))
        let saved = try replica.commit { draft in
            let id = draft.create(.petition)
            try Editor(.petition, id).apply(edits, to: &draft)
            return id
        }
        try context.reportSaved(saved.result, change: saved.change, in: replica)
    }
}

struct PetitionEdit: Command {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change what is known of a petition.",
        discussion: "Repeatable options add to what is there; --remove-… takes away, --clear empties a field.")

    @Argument(help: "The id, or its beginning.") var id: String

    @Option(help: ArgumentHelp("What it is called.", valueName: "text")) var title: String?

    @OptionGroup(title: "Petition") var fields: PetitionFields
    @OptionGroup(title: "Event and petition") var common: CommonFields
    @OptionGroup(title: "Take away") var removals: CommonRemovals
    @Flag(help: "Write the description in your editor; also what happens where nothing is said on a terminal.") var editor = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let input = FieldInput(dates: context.dates)
        var edits = try fields.edits(input) + common.edits(input) + removals.edits(.petition)
        if let title { edits.append(.assign(Field.title, try input.text(title, "--title"))) }
        try RecordEditing(context).save(edits, to: id, .petition, dates: try fields.echoes(input), inEditor: editor)
    }
}

struct PetitionList: Command {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List petitions by title.")

    @Option(help: ArgumentHelp("At most so many (else 50; with --json all).", valueName: "number")) var limit: Int?
    @Flag(help: "All of them.") var all = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let query = ListQuery(kind: .petition, limit: try RecordList.limit(limit, all: all, context))
        try RecordList(context).show(query, isFiltered: false)
    }
}
