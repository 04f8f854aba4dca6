import ArgumentParser
import SyncCore
import SyncServer

struct ServeToken: Command {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make a token with which a new team may begin on this relay, also while it runs.",
        discussion: "Give it to a coordinator of the team:  sync remote add relay URL --admission TOKEN")

    @OptionGroup var place: ServePlace

    @Option(help: ArgumentHelp("How many teams may begin with it.", valueName: "n"))
    var uses: Int64 = 1

    @Option(help: ArgumentHelp("For how many days.", valueName: "n"))
    var days: Int64 = 7

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard (1...100_000).contains(uses), (1...3650).contains(days) else {
            throw ValidationError("A token is for 1 to 100000 teams, and for 1 to 3650 days.")
        }
    }

    func run(_ context: Context) async throws {
        let token = try await place.relayOperator(context).admissionToken(uses: uses, days: days)
        switch context.output.mode {
        case .json:
            context.output.json("token", [("token", .string(token)), ("uses", JSON(Int(uses))), ("days", JSON(Int(days)))])
        default:
            context.output.line(Line(token))
            let who = uses == 1 ? "One team" : "\(uses) teams"
            context.output.say("\(who) may begin with it within \(days == 1 ? "a day" : "\(days) days"). It is shown this once.")
        }
    }
}
