import ArgumentParser
import SyncCore

struct DiffCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "What became of a record since some time.",
        discussion: """
            sync diff 7f3k2q --since yesterday
            sync diff 7f3k2q --since "22 April 2017 19:00"
            A day alone means its end. In longer texts [-this-] went and {+this+} came. Times are what the writers' clocks said.
            """)

    @Argument(help: "The id, or its beginning.") var id: String
    @Option(help: ArgumentHelp("A day, to its end, or a time.", valueName: "time")) var since: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let moment = try Moment(since, option: "--since", context)
        let replica = try context.open()
        try replica.read { session in
            let id = try session.find(self.id)
            guard let difference = try session.difference(of: id, since: moment.wall), let after = difference.after else {
                throw SyncError(.usage, "Not enough of the record \(try session.shortText(id)) has arrived yet.", safe: Failure.unchanged)
            }
            let text = DiffText(difference, kind: after.kind, names: try session.changeShortNames(), context)
            if context.output.mode == .json {
                try text.json(id, moment)
            } else {
                let short = try session.shortText(id)
                if context.output.mode == .text { context.output.line("\(short, .strong)  \(after.titleText), since \(moment.text)") }
                try text.write()
            }
            if difference.places.isEmpty { context.output.say("Nothing has become different since then.") }
            try context.tellClocks(of: id, session, own: replica.device)
        }
    }
}

/// The places of a record that are not as they were.
struct DiffText {
    private let difference: RecordDifference
    private let kind: RecordKind
    private let names: ChangeShortNames
    private let context: Context
    /// Shorter texts are shown before and after.
    private static let longText = 40

    init(_ difference: RecordDifference, kind: RecordKind, names: ChangeShortNames, _ context: Context) {
        (self.difference, self.kind, self.names, self.context) = (difference, kind, names, context)
    }

    func write() throws {
        for place in difference.places {
            let lines = what(place)
            let who = try place.by.prefix(3).map(text).joined(separator: ", ") + (place.by.count > 3 ? ", …" : "")
            for (number, line) in lines.enumerated() {
                if context.output.mode == .plain {
                    context.output.line([Line(name(place)), Line(line), Line(who)].joined(tab: Line("\t", .separator)))
                } else {
                    let tail = number == lines.count - 1 ? Line("   \(who)", .faint) : Line()
                    context.output.line("  \(name(place), .strong)  \(line)" + tail, indent: 6)
                }
            }
        }
    }

    private func text(_ origin: Origin) throws -> String {
        "\(origin.deviceName) \(try names.text(origin.change)) \(context.clock.text(origin.wall))"
    }

    private func name(_ place: PlaceDifference) -> String {
        let edit = EditPlace(field: place.field, key: place.key, kind: kind)
        return edit.name(key: edit.whole?.kind == .map ? String((place.key?.description ?? "").prefix(4)) : "")
    }

    private func values(_ values: [Value], _ place: PlaceDifference) -> [String] {
        values.compactMap { value in place.field.map { HistoryText.word(value, $0) } }
    }

    private func what(_ place: PlaceDifference) -> [String] {
        if let presence = place.presence { return [Self.presence(presence, isRecord: place.field == nil)] }
        switch place.field?.kind {
        case .set, .log:
            return values(place.before.filter { !place.after.contains($0) }, place).map { "- \($0)" }
                + values(place.after.filter { !place.before.contains($0) }, place).map { "+ \($0)" }
        default: return [replacement(place)]
        }
    }

    private static func presence(_ presence: (before: Bool, after: Bool), isRecord: Bool) -> String {
        isRecord ? (presence.after ? "created or brought back" : "deleted") : (presence.after ? "added" : "removed")
    }

    private func replacement(_ place: PlaceDifference) -> String {
        if case (.text(let old)?, .text(let new)?) = (place.before.first, place.after.first), place.before.count == 1, place.after.count == 1,
            place.field?.type == .text, max(old.count, new.count) > Self.longText
        { return HistoryText.oneLine(WordDiff(old, new).text) }
        let (before, after) = (values(place.before, place), values(place.after, place))
        return "\(before.isEmpty ? "(nothing)" : before.joined(separator: " / ")) → \(after.isEmpty ? "(nothing)" : after.joined(separator: " / "))"
    }

    func json(_ id: RecordID, _ moment: Moment) throws {
        for place in difference.places {
            context.output.json(
                "difference",
                [
                    ("id", .string(id.text)), ("since", .integer(moment.wall)),
                    ("field", .string(EditPlace(field: place.field, key: place.key, kind: kind).name(key: ""))), ("key", JSON(place.key?.description)),
                    ("before", .array(whole(place.before, place))), ("after", .array(whole(place.after, place))),
                    ("was_there", place.presence.map { JSON($0.before) } ?? .null), ("is_there", place.presence.map { JSON($0.after) } ?? .null),
                    (
                        "by",
                        .array(
                            place.by.map { origin in
                                .object([
                                    ("device", .string(origin.deviceName)), ("wall", .integer(origin.wall)),
                                    ("change", .string(origin.change.description)),
                                ])
                            })
                    ),
                ])
        }
    }

    private func whole(_ values: [Value], _ place: PlaceDifference) -> [JSON] {
        values.compactMap { value in place.field.map { .string(ValueText.text(value, $0)) } }
    }
}

extension [Line] {
    fileprivate func joined(tab: Line) -> Line {
        var sum = Line()
        for (number, line) in enumerated() { sum = sum + (number == 0 ? line : tab + line) }
        return sum
    }
}
