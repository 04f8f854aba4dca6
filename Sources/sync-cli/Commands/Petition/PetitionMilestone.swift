import ArgumentParser
import SyncCore

struct PetitionMilestone: Command {
    static let configuration = CommandConfiguration(
        commandName: "milestone", abstract: "Add what happened to a petition: launched, delivered, answered …",
        discussion: "sync petition milestone 4dd0x1 delivered --on \"7 April 2018\" --to \"Russian embassy\" --count \"2 million\"")

    @Argument(help: "The id, or its beginning.") var id: String
    @Argument(help: "launched, threshold, submitted, delivered, response, debate or rejected.") var what: String

    @Option(help: ArgumentHelp("When (else today).", valueName: "date")) var on: String?
    @Option(help: ArgumentHelp("To whom.", valueName: "name")) var to: String?
    @Option(help: ArgumentHelp("How many signatures there were then.", valueName: "number")) var count: String?
    @Option(help: ArgumentHelp("At which event: an id, or its beginning.", valueName: "id")) var event: String?
    @Option(help: ArgumentHelp("More about it.", valueName: "text")) var text: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let input = FieldInput(dates: context.dates)
        let type = RecordSchema.petition[Field.milestones]?.type.tupleParts.first { $0.number == Part.Milestone.what }?.type
        let what = try Choice.checked(what, type, option: "milestone")
        let when = try on.map { try input.date($0, "--on") } ?? When(day: context.clock.today)
        let number = try count.map(Self.number)
        let to = try to.map { try input.text($0, "--to") }
        let text = try text.map { try input.text($0, "--text") }
        let replica = try context.open()
        context.echo([("on", when)])
        let saved = try replica.commit { draft in
            let id = try draft.session.find(self.id, .petition).id
            let event = try event.map { Value.text(try draft.session.find($0, .event).id.text) }
            let milestone = Value.parts(
                (Part.Milestone.what, .text(what)), (Part.Milestone.on, .text(when.isoText)), (Part.Milestone.to, to),
                (Part.Milestone.count, number.map(Value.integer)), (Part.Milestone.event, event), (Part.Milestone.text, text))
            try draft.enter(id, Field.milestones, milestone)
            return id
        }
        try context.reportSaved(saved.result, change: saved.change, in: replica)
    }

    private static func number(_ text: String) throws -> Int64 {
        guard let value = SignatureNumber(text).value else {
            throw SyncError(.usage, "--count: no number could be read from “\(text)”.", safe: Failure.unchanged)
        }
        return value
    }
}
