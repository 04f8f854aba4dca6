import ArgumentParser
import SyncCore

struct ConflictsResolve: Command {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Choose what is right where people disagree.",
        discussion: """
            sync conflicts resolve 4dd0x1 starts --take 1
            sync conflicts resolve 4dd0x1 starts --set "13 April 2017 19:15"
            sync conflicts resolve 4dd0x1 place --set "venue=Town Hall"      the other parts stay as lists show them
            sync conflicts resolve 4dd0x1 place --take 2 --set "venue=Town Hall"
            sync conflicts resolve 4dd0x1 record --take keep
            The other values stay in the history.
            """)

    @Argument(help: "The id, or its beginning.") var id: String
    @Argument(help: "The field, as \"show\" names it.") var field: String

    @Option(help: ArgumentHelp("The number of a value; of a deleted record keep or delete.", valueName: "n"))
    var take: String?

    @Option(help: ArgumentHelp("Another value; of a field in parts, those that change: \"part=value; part=value\".", valueName: "value"))
    var set: String?

    @Flag(help: "Show the record before and after, and save nothing.") var dryRun = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    private struct Found {
        var id: RecordID
        var place: ConflictPlace
        var choice: ConflictChoice
    }

    func run(_ context: Context) throws {
        guard take != nil || set != nil else {
            throw SyncError(.usage, "Say --take or --set.", safe: Failure.unchanged)
        }
        let replica = try context.open()
        let input = FieldInput(dates: context.dates)
        if dryRun { return try preview(replica, input, context) }
        let saved = try replica.commit { draft in
            let found = try find(draft.session, input)
            try found.choice.apply(found.place, input, &draft)
            return found.id
        }
        try context.reportSaved(saved.result, change: saved.change, in: replica, verb: "Resolved")
        guard context.output.mode != .plain, !context.output.isQuiet else { return }
        try replica.read { try RecordPage(context).rows(of: saved.result, $0) }
    }

    private func find(_ session: Session, _ input: FieldInput) throws -> Found {
        let id = try session.find(self.id)
        guard let document = try session.document(id) else { throw ChoiceProblem.notHere }
        let conflicts = try session.conflicts(of: id)
        let short = try session.shortText(id)
        let place = try ConflictPlace.find(field, in: conflicts, of: document, short: short)
        let choice = ConflictChoice(take: take, set: set)
        if try !global.yes && choice.isRelaxing(place, input) { throw ChoiceProblem.relaxing }
        return Found(id: id, place: place, choice: choice)
    }

    private func preview(_ replica: Replica, _ input: FieldInput, _ context: Context) throws {
        try replica.read { session in
            let found = try find(session, input)
            let views = WholeRecord(context, session, found.id)
            try views.now()
            try views.after(found.choice, found.place, input)
        }
        context.output.say("Nothing was saved.")
    }
}
