import ArgumentParser
import SyncCore

struct UndoCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take a change back, also one that was sent.",
        discussion: """
            sync undo                 this device's newest change that still has an effect; again, and the one before it goes
            sync undo k7d2/12         that change, whoever made it: see  sync log  and  sync history ID
            sync undo --dry-run       only say what would come back

            Others get the new change like any other; the old one stays in the history. Undo the undo to do it again. What was edited
            since stays as it is, and is named. What was redacted never comes back.
            """)

    @Argument(help: "The change, or the beginning of its name.") var change: String?
    @Flag(help: "Only say what would come back.") var dryRun = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        guard let plan = try replica.read({ try plan($0, replica.device) }) else {
            if context.output.mode == .json { context.output.json("unchanged", []) }
            return context.output.say("There is nothing of this device to undo.")
        }
        if plan.returns.isEmpty { throw try replica.read { try UndoText(plan, $0, context).refused } }
        if dryRun { return try replica.read { try UndoText(plan, $0, context).report(saved: nil, unsent: nil) } }
        try confirmRelaxing(plan, replica, context)
        let saved = try replica.commit { draft in
            // Between the question and the lock somebody may have written.
            let current = try draft.session.undoPlan(of: plan.change.change)
            guard !current.returns.isEmpty else { throw try UndoText(current, draft.session, context).refused }
            guard UndoText.relaxed(current).allSatisfy({ now in UndoText.relaxed(plan).contains { $0 == now } }) else {
                throw SyncError(.failure, "Somebody wrote at the same moment.", safe: Failure.unchanged, next: "Repeat the command.")
            }
            try draft.undo(current)
            return current
        }
        let unsent = try replica.remotes().isEmpty ? nil : try replica.unsentCount()
        try replica.read { try UndoText(saved.result, $0, context).report(saved: saved.change, unsent: unsent) }
    }

    private func plan(_ session: Session, _ device: DeviceID) throws -> UndoPlan? {
        guard let change else { return try session.newestUndoable(of: device) }
        return try session.undoPlan(of: try session.changeShortNames().find(change))
    }

    /// What becomes more visible than it was is asked about first.
    private func confirmRelaxing(_ plan: UndoPlan, _ replica: Replica, _ context: Context) throws {
        for entry in UndoText.relaxed(plan) {
            let short = try replica.read { try $0.shortText(entry.record) }
            try context.confirm("Make \(short) \(entry.to)? It is \(entry.from) now.")
        }
    }
}
