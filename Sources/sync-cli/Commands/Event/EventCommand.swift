import ArgumentParser

struct EventCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event", abstract: "Rallies, marches, vigils: add, edit, show, list, count.",
        subcommands: [EventAdd.self, EventShow.self, EventList.self])
}
