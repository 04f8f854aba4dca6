import ArgumentParser
import SyncCore
import SyncServer

struct ServeStats: Command {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "What a relay keeps: teams, segments and bytes. Also while it runs.")

    @OptionGroup var place: ServePlace
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        let usage = try await place.relayOperator(context).usage()
        guard context.output.mode == .json else {
            let teams = ExchangeRunner.count(Int(usage.teams), "team")
            return context.output.line(
                "\(teams), \(ExchangeRunner.count(Int(usage.segments), "segment")), \(ExchangeRunner.size(Int(usage.bytes))).")
        }
        context.output.json(
            "usage",
            [("teams", JSON(Int(usage.teams))), ("segments", JSON(Int(usage.segments))), ("bytes", JSON(Int(usage.bytes)))])
    }
}

struct ServeBackup: Command {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write all that a relay keeps into a new file. Also while it runs.",
        discussion: """
            It is as sealed as the relay itself. To go back to it, stop the relay, put it in the place of relay.db in its folder (and remove
            relay.db-wal), and start it: the teams' devices notice, and give it back what came since.
            """)

    @Argument(help: "The file. One that is there is not replaced.")
    var file: String

    @OptionGroup var place: ServePlace
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        let path = StoreFinder.absolute(file)
        try await place.relayOperator(context).backUp(to: path)
        let bytes = FileSystem.size(of: path) ?? 0
        switch context.output.mode {
        case .json: context.output.json("backup", [("file", .string(path)), ("bytes", JSON(bytes))])
        default: context.output.say("Wrote \(file), \(ExchangeRunner.size(bytes)): everything that the relay keeps.")
        }
    }
}
