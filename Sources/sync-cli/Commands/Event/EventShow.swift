import ArgumentParser
import SyncCore

struct EventShow: Command {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show an event with everything that is known of it.")

    @Argument(help: "The id, or its beginning.")
    var id: String

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws { try RecordPage(context).show(id, .event) }
}
