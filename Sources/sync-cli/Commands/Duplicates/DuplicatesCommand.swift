import ArgumentParser
import SyncCore

struct DuplicatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duplicates", abstract: "Two records of one thing: find them, make them one, tell them apart.",
        discussion: """
            Nothing is copied and nothing is lost: what each record says is shown together, and parting them again is exact.
            sync duplicates list                     needs no network
            sync duplicates same 7f3k2q b82e0m       both ids mean it from then on
            sync duplicates different 7f3k2q b82e0m  nobody is asked again, and they are parted if they were one
            """,
        subcommands: [DuplicatesList.self, DuplicatesShow.self, DuplicatesSame.self, DuplicatesDifferent.self],
        defaultSubcommand: DuplicatesList.self)
}

struct DuplicatesList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what may be one, and what is.",
        discussion: "Compared are date, place, title and organisers. Only you decide: nothing is one until somebody says so.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        try replica.read { session in
            let (suggestions, groups) = (try session.suggestions(), try session.sameGroups())
            let report = DuplicateReport(context, session)
            for suggestion in suggestions { try report.suggestion(suggestion) }
            for group in groups { try report.group(group) }
            if suggestions.isEmpty { context.output.say(groups.isEmpty ? "Nothing looks like a duplicate." : "Nothing else looks like a duplicate.") }
        }
    }
}

struct DuplicatesShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show two records beside each other, each by itself.")

    @Argument(help: "The id of one, or its beginning.") var first: String
    @Argument(help: "The id of the other.") var second: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        try replica.read { session in
            let ids = [try session.findMember(first), try session.findMember(second)]
            let documents = try ids.compactMap { try session.documentAlone($0) }
            guard documents.count == 2 else {
                throw SyncError(.usage, "Not enough of these records has arrived yet.", safe: Failure.unchanged)
            }
            try DuplicateReport(context, session).comparison(documents[0], documents[1])
        }
    }
}

struct DuplicatesSame: Command {
    static let configuration = CommandConfiguration(
        commandName: "same", abstract: "Say that records are of one thing.",
        discussion: """
            They are shown as one, under the smallest id. Where they differ, you are asked which is right; texts are shown one after the
            other. Who may see it is the strictest of them.
            """)

    @Argument(help: "The ids, or their beginnings: two or more.") var ids: [String]
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        guard ids.count > 1 else { throw SyncError(.usage, "Give two ids at least.", safe: Failure.unchanged, next: "See  sync duplicates list.") }
        let replica = try context.open()
        let saved = try replica.commit { draft in
            let members = try ids.map(draft.session.findMember)
            for other in members.dropFirst() { _ = try draft.link(members[0], other) }
            return members[0]
        }
        let id = try replica.read { try $0.canonical(saved.result) }
        try context.reportSaved(id, change: saved.change, in: replica, verb: "One now:")
        try replica.read { session in
            let short = try session.shortText(id)
            let disputed = try session.conflicts(of: id)
            if !disputed.isEmpty {
                context.output.say("! They differ in \(disputed.map { ConflictPlace($0).name }.joined(separator: ", ")):  \("sync conflicts show \(short)", .strong)")
            }
        }
    }
}

struct DuplicatesDifferent: Command {
    static let configuration = CommandConfiguration(
        commandName: "different", abstract: "Say that two records are of different things, and part them if they are one.",
        discussion: "Each has what it had, with what was decided for both while they were one. Nobody is asked about these two again.")

    @Argument(help: "The id of one, or its beginning.") var first: String
    @Argument(help: "The id of the other.") var second: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        try confirmRelaxing(replica, context)
        let saved = try replica.commit { draft in
            let (a, b) = (try draft.session.findMember(first), try draft.session.findMember(second))
            let wasOne = try draft.session.isLinked(a, b)
            _ = try draft.part(a, b)
            return (ids: [a, b], wasOne: wasOne)
        }
        try report(saved.result.ids, wasOne: saved.result.wasOne, saved.change, replica, context)
    }

    /// What was shown as strictly as another one may be more visible by itself.
    private func confirmRelaxing(_ replica: Replica, _ context: Context) throws {
        let relaxed = try replica.read { session in
            try [first, second].compactMap { prefix -> (short: String, own: String)? in
                let id = try session.findMember(prefix)
                guard let own = try session.documentAlone(id), let shown = try session.document(id) else { return nil }
                let visibility = Visibility.shown(own)
                guard Visibility.isRelaxed(from: Visibility.shown(shown), to: visibility) else { return nil }
                return (try session.shortText(id), visibility)
            }
        }
        for record in relaxed { try context.confirm("By itself \(record.short) is \(record.own). Part them?") }
    }

    private func report(_ ids: [RecordID], wasOne: Bool, _ change: ChangeName?, _ replica: Replica, _ context: Context) throws {
        let output = context.output
        let shorts = try replica.read { session in try ids.map(session.shortText) }
        if output.mode == .json {
            return output.json(
                change == nil ? "unchanged" : "different",
                [("ids", .array(ids.map { .string($0.text) })), ("parted", JSON(wasOne)), ("change", JSON(change?.description))])
        }
        let names = "\(shorts[0]) and \(shorts[1])"
        switch (change, wasOne) {
        case (nil, _): output.line("Nothing to change: \(names) were told apart before.")
        case (_, true): output.line("Parted \(names): each has what it had.")
        case (_, false): output.line("Noted: \(names) are different. Nobody is asked again.")
        }
        if change != nil { context.sayUnsent(try replica.remotes().isEmpty ? nil : try replica.unsentCount()) }
    }
}
