import ArgumentParser
import SyncCore

struct RecordShow<Tag: KindTag>: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "show", abstract: "Show \(Tag.noun) with everything that is known of it.")
    }

    @Argument(help: "The id, or its beginning.") var id: String
    @Option(help: ArgumentHelp("As it was then: a day, to its end, or a time.", valueName: "time")) var at: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let moment = try at.map { try Moment($0, option: "--at", context) }
        try RecordPage(context).show(id, Tag.kind, at: moment)
    }
}

struct RecordRemove<Tag: KindTag>: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "rm", abstract: "Delete \(Tag.noun), on all devices.",
            discussion: "Nothing is lost: restore brings it back. What somebody edits meanwhile keeps it visible, and is listed.")
    }

    @Argument(help: "The id, or its beginning.") var id: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        let saved = try replica.commit { draft in
            let id = try draft.session.find(self.id, Tag.kind).id
            return (id: id, isDone: try draft.delete(id))
        }
        if !saved.result.isDone { context.output.say("It is deleted already.") }
        try context.reportSaved(saved.result.id, change: saved.change, in: replica, verb: "Deleted")
        if saved.change != nil {
            let short = try replica.read { try $0.shortText(saved.result.id) }
            context.output.say("\("sync \(Tag.kind.rawValue) restore \(short)", .strong)  brings it back.")
        }
    }
}

struct RecordRestore<Tag: KindTag>: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "restore", abstract: "Bring \(Tag.noun) back that was deleted.")
    }

    @Argument(help: "The id, or its beginning.") var id: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        let saved = try replica.commit { draft in
            let id = try draft.session.find(self.id, Tag.kind).id
            return (id: id, isDone: try draft.restore(id))
        }
        try context.reportSaved(saved.result.id, change: saved.change, in: replica, verb: "Restored")
    }
}

struct RecordNote<Tag: KindTag>: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "note", abstract: "Add a note to \(Tag.noun).")
    }

    @Argument(help: "The id, or its beginning.") var id: String
    @Argument(help: "The note.") var text: String
    @Option(help: ArgumentHelp("Who says so.", valueName: "name")) var by: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let input = FieldInput(dates: context.dates)
        let note = Value.parts(
            (Part.Note.text, try input.text(text, "note")), (Part.Note.by, try by.map { try input.text($0, "--by") }),
            (Part.Note.at, .text(context.clock.when.isoText)))
        try RecordEditing(context).save([.enter(Field.notes, note)], to: id, Tag.kind)
    }
}

struct RecordLink<Tag: KindTag>: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "link", abstract: "Link \(Tag.noun) to another record or an address.",
            discussion: "sync \(Tag.kind.rawValue) link 7f3k2q \"part of\" 9c1x0a")
    }

    @Argument(help: "The id, or its beginning.") var id: String
    @Argument(help: "part of, counter to, follows, delivers, mailing list, livestream or fundraiser.") var relation: String
    @Argument(help: "The id of a record, or an address.") var target: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let link = try FieldInput(dates: context.dates).link(relation, target)
        try RecordEditing(context).save([.link(relation: link.relation, target: link.target)], to: id, Tag.kind)
    }
}

struct RecordRetract<Tag: KindTag>: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "retract",
            abstract: Tag.kind == .event ? "Retract a count or a note." : "Retract a reading, a milestone or a note.",
            discussion: "Entries are never edited: retract one and add another. \"show\" prints the keys of entries.")
    }

    @Argument(help: "The id of the record, or its beginning.") var id: String
    @Argument(help: "The key of the entry, or its beginning.") var entry: String
    @Option(help: ArgumentHelp("Why.", valueName: "text")) var reason: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        let saved = try replica.commit { draft in
            let (id, document) = try draft.session.find(self.id, Tag.kind)
            let found = try EntryKeys.find(entry, in: document)
            try draft.retract(id, found.field.number, key: found.key, reason: reason)
            return (id: id, text: found.text)
        }
        context.output.say("Retracted: \(saved.result.text)")
        try context.reportSaved(saved.result.id, change: saved.change, in: replica)
    }
}
