import ArgumentParser
import SyncCore

struct ReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "Changes that do not count: list them, and accept those that should.",
        subcommands: [ReviewList.self, ReviewAccept.self], defaultSubcommand: ReviewList.self)
}

struct ReviewList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show what does not count, why, and what it would do.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        let isEmpty = try replica.read { session in
            let changes = try session.voidChanges()
            let names = try session.changeShortNames()
            for change in changes { try report(change, names, session, context) }
            return changes.isEmpty
        }
        if isEmpty { context.output.say("Every change that is here counts.") }
    }

    private func report(_ change: VoidChange, _ names: ChangeShortNames, _ session: Session, _ context: Context) throws {
        let output = context.output
        let edits = change.edits.map(VoidChangeText.text)
        if output.mode == .json {
            return output.json(
                "void",
                [
                    ("change", .string(change.name.description)), ("device", .string(change.origin.deviceName)),
                    ("wall", .integer(change.origin.wall)), ("reason", .string(change.reason.text)),
                    ("acceptable", JSON(change.reason.isAcceptable)), ("edits", .array(edits.map(JSON.string))),
                    ("records", .array(Set(change.edits.compactMap(\.record)).sorted().map { .string($0.text) })),
                ])
        }
        output.line("\(try names.text(change.name), .strong)  \(context.clock.text(change.origin.wall))  \(change.origin.deviceName)  \(Line(change.reason.review, .faint))")
        for record in change.edits.reduce(into: [RecordID?]()) { if !$0.contains($1.record) { $0.append($1.record) } } {
            let title = try record.flatMap { try session.document($0)?.titleText }
            let head = try record.map { try session.shortText($0) } ?? "?"
            let own = change.edits.filter { $0.record == record }.map(VoidChangeText.text)
            let shown = own.prefix(6).joined(separator: " · ") + (own.count > 6 ? " · … \(own.count - 6) more" : "")
            output.line("    \(head)\(title.map { "  \($0)" } ?? ""): \(shown)", indent: 8)
        }
    }
}

struct ReviewAccept: Command {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Let changes count all the same. For coordinators.",
        discussion: "sync review accept k7d2mq3/12 k7d2mq3/13")

    @Argument(help: "The changes, as list names them.") var changes: [String]
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        let chosen = try replica.read { session in
            let (all, names) = (try session.voidChanges(), try session.changeShortNames())
            return try changes.map { try Self.find($0, among: all, names) }
        }
        try replica.accept(chosen.map(\.name))
        switch context.output.mode {
        case .json: context.output.json("accepted", [("changes", .array(chosen.map { .string($0.name.description) }))])
        default:
            let one = chosen.count == 1
            context.output.say("\(ExchangeRunner.count(chosen.count, "change")) \(one ? "counts" : "count") now, here and, after the next  \("sync now", .strong),  everywhere.")
        }
    }

    private static func find(_ text: String, among changes: [VoidChange], _ names: ChangeShortNames) throws -> VoidChange {
        let name = try names.find(text)
        guard let change = changes.first(where: { $0.name == name }) else {
            throw SyncError(.usage, "There is no change “\(text)” that does not count.", safe: Failure.unchanged, next: "See  sync review.")
        }
        guard change.reason.isAcceptable else {
            throw SyncError(.usage, "\(text) \(change.reason.text): it cannot be accepted.", safe: Failure.unchanged)
        }
        return change
    }
}

/// What a change would do, one edit at a time.
enum VoidChangeText {
    static func text(_ edit: VoidChange.Edit) -> String {
        if edit.isDeletion { return "delete it" }
        guard let field = edit.field else { return edit.kind.map { "new \($0.rawValue)" } ?? "something this version does not know" }
        guard let value = edit.value else { return "\(field.label) removed" }
        let text = ValueText.text(value, field)
        return "\(field.label) \(text.count > 80 ? String(text.prefix(79)) + "…" : text)"
    }
}

extension VoidReason {
    /// Why, beside the name of the device.
    var review: String {
        switch self {
        case .outsideRoster: "not in the team"
        case .wrongCarrier: "in a log that may not carry it"
        case .invalid: "against the format"
        case .reader: "may only read"
        case .pastCut: "removed before this"
        }
    }
}
