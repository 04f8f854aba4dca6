import ArgumentParser
import SyncCore

struct SearchCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Find records by words in them.",
        discussion: "All words must be there, in any field; beginnings of words are enough.")

    @Argument(help: "The words.") var words: [String]
    @Option(help: ArgumentHelp("At most so many (else 50; with --json all).", valueName: "number")) var limit: Int?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let limit = try RecordList.limit(limit, all: false, context)
        let replica = try context.open()
        let found = try replica.search(words.joined(separator: " "), limit: limit)
        try replica.read { session in try RecordList(context).show(found, session) }
        if found.isEmpty { context.output.say("Nothing has these words.") }
    }
}
