import ArgumentParser

struct EventCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event", abstract: "Rallies, marches, vigils: add, edit, show, list, count.",
        subcommands: [
            EventAdd.self, EventEdit.self, RecordShow<Events>.self, EventList.self, EventCount.self, RecordNote<Events>.self,
            RecordLink<Events>.self, RecordRetract<Events>.self, RecordRemove<Events>.self, RecordRestore<Events>.self,
        ])
}
