import ArgumentParser
import SyncCore

struct RebuildCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Make lists and search again from the log.",
        discussion: "The log is what counts; nothing of it is touched.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let changes = try context.open().rebuild()
        if context.output.mode == .json { return context.output.json("rebuilt", [("changes", JSON(changes))]) }
        context.output.line(Line("Rebuilt from \(StatusCommand.count(changes, "change"))."))
    }
}
