import ArgumentParser
import SyncCore

struct EventList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List events, the newest first.",
        discussion: "A ! marks events about which people disagree:  sync conflicts list")

    @Option(help: ArgumentHelp("Events that begin on this day or later.", valueName: "date"))
    var from: String?

    @Option(help: ArgumentHelp("Events that begin on this day or earlier.", valueName: "date"))
    var to: String?

    @Option(help: ArgumentHelp("Events in this city.", valueName: "name"))
    var city: String?

    @Option(help: ArgumentHelp("At most so many (else 50; with --json all).", valueName: "number"))
    var limit: Int?

    @Flag(help: "All of them.")
    var all = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let input = FieldInput(dates: context.dates)
        let query = ListQuery(
            kind: .event, from: try from.map { try input.date($0, "--from").sortKey },
            to: try to.map { try input.date($0, "--to").sortKey }, locality: city, limit: try RecordList.limit(limit, all: all, context))
        try RecordList(context).show(query, isFiltered: from != nil || to != nil || city != nil)
    }
}
