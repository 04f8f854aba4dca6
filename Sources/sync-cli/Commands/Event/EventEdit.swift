import ArgumentParser
import SyncCore

struct EventEdit: Command {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change what is known of an event.",
        discussion: "Repeatable options add to what is there; --remove-… takes away, --clear empties a field.")

    @Argument(help: "The id, or its beginning.") var id: String

    @Option(help: ArgumentHelp("What it is called.", valueName: "text")) var title: String?

    @OptionGroup(title: "Event") var fields: EventFields
    @OptionGroup(title: "Event and petition") var common: CommonFields
    @OptionGroup(title: "Take away") var removals: EventRemovals
    @OptionGroup(title: "Take away from event or petition") var commonRemovals: CommonRemovals
    @Flag(help: "Write the description in your editor; also what happens where nothing is said on a terminal.") var editor = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let input = FieldInput(dates: context.dates)
        var edits = try fields.edits(input) + common.edits(input)
        if let title { edits.append(.assign(Field.title, try input.text(title, "--title"))) }
        edits += try removals.edits + commonRemovals.edits(.event)
        try RecordEditing(context).save(edits, to: id, .event, dates: try fields.echoes(input, showingStart: false), inEditor: editor)
    }
}
