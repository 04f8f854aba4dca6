import SyncCore

/// One conflict for people, and for programs.
struct ConflictReport {
    private let context: Context
    private let team: TeamState
    private let clocks: ClockText

    init(_ context: Context, _ session: Session, own: DeviceID) throws {
        self.context = context
        team = try session.team()
        clocks = ClockText(try session.clockGaps(), team, own: own)
    }

    /// `all`: what else is disputed in the record, so that each is called by a name of its own.
    func text(_ conflict: Conflict, among all: [Conflict], short: String) {
        let place = ConflictPlace(conflict)
        let command = "sync conflicts resolve \(short) \(place.name(among: all)) --take "
        if place.isAboutLife { life(place, short, command) } else { values(place, short, command) }
    }

    private func heading(_ place: ConflictPlace, _ short: String, _ detail: String) {
        let document = place.conflict.document
        let title = [document.titleText, document.cityText].compactMap(\.self).joined(separator: ", ")
        let item = place.item.map { " of \($0)" } ?? ""
        context.output.line("\(short, .strong)  \(title): \(place.name, .attention)\(item)\(detail)", indent: short.count + 2)
    }

    private func values(_ place: ConflictPlace, _ short: String, _ command: String) {
        // What all of them replaced is said once.
        let values = place.conflict.values
        let shared = values.last.map(\.replaced).flatMap { first in values.allSatisfy { $0.isJoined || $0.replaced == first } ? first : nil }
        heading(place, short, shared.flatMap { words($0, place) }.map { " (was: \($0))" } ?? "")
        list(
            values.map { entry in
                let before = shared == nil ? words(entry.replaced, place).map { ", instead of \($0)" } ?? ", instead of nothing" : ""
                if entry.isJoined { return (Line(place.text(entry.value)), "both together, as lists show it") }
                return (Line(place.text(entry.value)), Line(origin(entry.origin) + before + source(entry)) + clock(entry.origin))
            })
        context.output.say(
            "Lists show \(place.shown + 1) until you choose. \(keptWords(values.count)) kept.   \(command + "1", .strong)")
    }

    private func words(_ values: [Value], _ place: ConflictPlace) -> String? {
        let words = values.filter { !$0.isNothing }.map(place.text)
        return words.isEmpty ? nil : words.joined(separator: ", or ")
    }

    private func source(_ entry: Conflict.Attributed) -> String {
        entry.sources.isEmpty ? ", no source" : ", source: \(entry.sources.joined(separator: "; "))"
    }

    private func clock(_ origin: Origin) -> Line {
        origin.clock.map { Line("   (\(clocks.text($0)))", .attention) } ?? Line()
    }

    /// What is to be compared is shown whole: beside one another where there is room, else one below the other.
    private func list(_ values: [(value: Line, origin: Line)]) {
        let columns = 7 + (values.map(\.value.width).max() ?? 0) + (values.map(\.origin.width).max() ?? 0)
        if let width = context.output.width, columns > width, context.output.mode == .text {
            for (number, entry) in values.enumerated() {
                context.output.line("\("  \(number + 1)", .strong)  " + entry.value, indent: 5)
                context.output.line(Line("     ") + entry.origin, indent: 5)
            }
            return
        }
        var table = Table(.number, .flexible(16), .flexible(12))
        for (number, entry) in values.enumerated() { table.add(Line("  \(number + 1)", .strong), entry.value, entry.origin) }
        context.output.table(table)
    }

    private func keptWords(_ count: Int) -> String { count == 2 ? "Both are" : "All are" }

    private func life(_ place: ConflictPlace, _ short: String, _ command: String) {
        heading(place, short, " (deleted by one, edited by another)")
        var table = Table(.fixed, .flexible(16))
        for deletion in place.conflict.deletions { table.add("  deleted", Line(origin(deletion)) + clock(deletion)) }
        for edit in place.conflict.edits { table.add("  edited", Line(origin(edit)) + clock(edit)) }
        context.output.table(table)
        context.output.say(
            "It stays visible until you choose.   \(command + "keep", .strong)   (or  --take delete)")
    }

    private func origin(_ origin: Origin) -> String { "\(origin.deviceName), \(context.clock.text(origin.wall))" }
}

// MARK: For programs

extension ConflictReport {
    func json(_ conflict: Conflict) {
        let place = ConflictPlace(conflict)
        let values = conflict.values.enumerated().map { number, entry in
            JSON.object([
                ("take", .integer(Int64(number + 1))), ("text", .string(place.text(entry.value))), ("shown", JSON(number == place.shown)), ("joined", JSON(entry.isJoined)),
            ] + by(entry.origin) + [
                ("replaced", .array(entry.replaced.map { .string(place.text($0)) })), ("sources", .array(entry.sources.map(JSON.string))),
            ])
        }
        context.output.json(
            "conflict",
            [
                ("id", .string(conflict.id.text)), ("kind", .string(conflict.document.kind.rawValue)),
                ("field", .string(place.qualifiedName)), ("item", JSON(place.item)), ("title", .string(conflict.document.titleText)),
                ("values", values.isEmpty ? .null : .array(values)),
                ("was", conflict.replaced.isEmpty ? .null : .array(conflict.replaced.map { .string(place.text($0)) })),
                ("deleted", conflict.deletions.isEmpty ? .null : .array(conflict.deletions.map { .object(by($0)) })),
                ("edited", conflict.edits.isEmpty ? .null : .array(conflict.edits.map { .object(by($0)) })),
            ])
    }

    private func by(_ origin: Origin) -> [(String, JSON)] {
        [
            ("device", .string(origin.deviceName)), ("wall", .integer(origin.wall)), ("change", .string(origin.change.description)),
            ("clock", ClockText.json(origin.clock, team)),
        ]
    }
}
