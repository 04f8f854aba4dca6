import ArgumentParser
import SyncCore

struct ConflictsResolve: Command {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Choose what is right where people disagree.",
        discussion: """
            sync conflicts resolve 4dd0x1 starts --take 1
            sync conflicts resolve 4dd0x1 starts --set "13 April 2017 19:15"
            sync conflicts resolve 4dd0x1 record --take keep
            The other values stay in the history.
            """)

    @Argument(help: "The id, or its beginning.") var id: String
    @Argument(help: "The field, as \"show\" names it.") var field: String

    @Option(help: ArgumentHelp("The number of a value; of a deleted record keep or delete.", valueName: "n"))
    var take: String?

    @Option(help: ArgumentHelp("Another value.", valueName: "value")) var set: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        guard (take == nil) != (set == nil) else {
            throw SyncError(.usage, "Say either --take or --set.", safe: Failure.unchanged)
        }
        let replica = try context.open()
        let input = FieldInput(dates: context.dates)
        let saved = try replica.commit { draft in
            let id = try draft.session.find(self.id)
            guard let document = try draft.session.document(id) else { throw ChoiceProblem.notHere }
            let conflicts = try draft.session.conflicts(of: id)
            let short = try draft.session.shortText(id)
            let place = try ConflictPlace.find(field, in: conflicts, of: document, short: short)
            if place.isAboutLife { try resolveLife(place, &draft) } else { try resolveValue(place, input, &draft) }
            return id
        }
        try context.reportSaved(saved.result, change: saved.change, in: replica, verb: "Resolved")
    }

    private func resolveValue(_ place: ConflictPlace, _ input: FieldInput, _ draft: inout Draft) throws {
        guard let field = place.conflict.field else { return }
        let value: Value
        if let set {
            value = try input.value(set, field)
        } else {
            let values = place.conflict.values
            guard let take, let number = Int(take), (1...values.count).contains(number) else { throw ChoiceProblem.number(values.count) }
            value = values[number - 1].value
        }
        if field.number == Field.visibility, !global.yes {
            let isRelaxed = Visibility.isRelaxed(
                from: Visibility.shown(place.conflict.document), to: value.text ?? Visibility.unsaid)
            if isRelaxed { throw ChoiceProblem.relaxing }
        }
        guard field.kind == .log, let key = place.conflict.key else {
            return try draft.assign(place.conflict.id, field.number, key: place.conflict.key, value)
        }
        // An entry is never edited: the disputed one goes, and the chosen one comes under a key of its own.
        draft.retract(place.conflict.id, field.number, key: key, reason: "resolved")
        try draft.enter(place.conflict.id, field.number, value)
    }

    private func resolveLife(_ place: ConflictPlace, _ draft: inout Draft) throws {
        let id = place.conflict.id
        switch (take, place.conflict.field, place.conflict.key) {
        case ("keep", nil, _): _ = try draft.restore(id)
        case ("delete", nil, _): _ = try draft.delete(id)
        case ("keep", let map?, let key?): try draft.put(id, map.number, key: key, [])
        case ("delete", let map?, let key?):
            try draft.removeItem(id, map.number, key: key, fields: map.itemFields.map(\.number))
        default: throw ChoiceProblem.life
        }
    }
}

private enum ChoiceProblem {
    static let notHere = SyncError(.usage, "Not enough of this record has arrived yet.", safe: Failure.unchanged)

    static let relaxing = SyncError(
        .usage, "This makes the record more visible than it is shown now.", safe: Failure.unchanged, next: "Repeat it with --yes.")

    static let life = SyncError(
        .usage, "It was deleted by one and edited by another.", safe: Failure.unchanged, next: "Say  --take keep  or  --take delete.")

    static func number(_ count: Int) -> SyncError {
        SyncError(.usage, "--take: there are the values 1 to \(count).", safe: Failure.unchanged)
    }
}
