import ArgumentParser

struct PetitionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "petition", abstract: "Petitions: add, edit, show, list, readings, paper sheets, tally.",
        discussion: "Only numbers are kept, never who signed.",
        subcommands: [
            PetitionAdd.self, PetitionEdit.self, RecordShow<Petitions>.self, PetitionList.self, PetitionReading.self,
            BatchCommand.self, PetitionTally.self, PetitionMilestone.self, RecordNote<Petitions>.self, RecordLink<Petitions>.self,
            RecordRetract<Petitions>.self, RecordRemove<Petitions>.self, RecordRestore<Petitions>.self,
        ])
}
