import ArgumentParser
import SyncCore

struct ConflictsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts", abstract: "Where people disagree: list, show, resolve.",
        discussion: "Nothing is lost while a conflict stands: lists show one value until you choose.",
        subcommands: [ConflictsList.self, ConflictsShow.self, ConflictsResolve.self], defaultSubcommand: ConflictsList.self)
}

struct ConflictsList: Command {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the fields that need a person.")

    @Flag(help: "Exit with 3 where conflicts remain.") var check = false
    @Option(help: ArgumentHelp("How many to show; 50 where nothing is said, with --json all.", valueName: "n")) var limit: Int?
    @Flag(help: "Show all.") var all = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        let limit = try RecordList.limit(limit, all: all, context)
        let count = try replica.read { session in
            let isJSON = context.output.mode == .json
            let conflicts = try session.conflicts(detail: isJSON, limit: limit)
            if isJSON {
                let report = try ConflictReport(context, session, own: replica.device)
                for conflict in conflicts { report.json(conflict) }
            } else {
                try table(conflicts, session, context.output)
            }
            let count = try session.conflictCount()
            if conflicts.count < count { context.output.say("\(conflicts.count) of \(count); --all shows all.") }
            return count
        }
        if count == 0 { context.output.say("No conflicts.") }
        guard check, count > 0 else { return }
        context.output.flush()
        throw SyncError(
            .conflictsRemain, "\(count) field\(count == 1 ? " needs" : "s need") a person.", safe: "Every value is kept.",
            next: "Show one with  sync conflicts show ID.")
    }

    private func table(_ conflicts: [Conflict], _ session: Session, _ output: Output) throws {
        var table = Table(.fixed, .fixed, .flexible(6), .flexible(12))
        for conflict in conflicts {
            let place = ConflictPlace(conflict)
            let id = output.mode == .plain ? conflict.id.text : try session.shortText(conflict.id)
            let what = place.isAboutLife ? "deleted and edited" : "\(Set(conflict.values.map(\.value)).count) values"
            table.add(Line(id, .strong), Line(place.name, .attention) + Line(place.item.map { " of \($0)" } ?? ""), Line(what), Line(conflict.document.titleText))
        }
        output.table(table)
        if !conflicts.isEmpty { output.say("Show one with  \("sync conflicts show ID", .strong)") }
    }
}

struct ConflictsShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show who wrote what, where people disagree about a record.")

    @Argument(help: "The id, or its beginning.") var id: String
    @Flag(help: "Also show the record whole, as it is and as each choice would make it.") var record = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        let input = FieldInput(dates: context.dates)
        try replica.read { session in
            let id = try session.find(self.id)
            let conflicts = try session.conflicts(of: id)
            let report = try ConflictReport(context, session, own: replica.device)
            for conflict in conflicts {
                if context.output.mode == .json { report.json(conflict) } else { report.text(conflict, among: conflicts, short: try session.shortText(id)) }
            }
            if record { try whole(WholeRecord(context, session, id), conflicts, input) }
            if conflicts.isEmpty { context.output.say("Nobody disagrees about \(try session.shortText(id)).") }
        }
    }

    private func whole(_ views: WholeRecord, _ conflicts: [Conflict], _ input: FieldInput) throws {
        try views.now()
        for place in conflicts.map(ConflictPlace.init) {
            for choice in ConflictChoice.all(place) { try views.after(choice, place, input) }
        }
    }
}
