import ArgumentParser
import SyncCore

struct ShowCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a record of either kind, also as it was.",
        discussion: """
            sync show 7f3k2q
            sync show 7f3k2q --at "22 April 2017 19:00"
            What counts now is shown as the writers' clocks say that it was then. A day alone means its end.
            """)

    @Argument(help: "The id, or its beginning.") var id: String
    @Option(help: ArgumentHelp("As it was then: a day, to its end, or a time.", valueName: "time")) var at: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let moment = try at.map { try Moment($0, option: "--at", context) }
        let replica = try context.open()
        let (id, kind) = try replica.read { session in
            let id = try session.find(self.id)
            guard let document = try session.document(id) else {
                throw SyncError(.usage, "Not enough of the record \(try session.shortText(id)) has arrived yet.", safe: Failure.unchanged)
            }
            return (id, document.kind)
        }
        try RecordPage(context).show(id.text, kind, at: moment)
    }
}
