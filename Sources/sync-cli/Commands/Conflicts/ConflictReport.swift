import SyncCore

/// One conflict for people, and for programs.
struct ConflictReport {
    private let context: Context

    init(_ context: Context) { self.context = context }

    func text(_ conflict: Conflict, short: String) {
        let place = ConflictPlace(conflict)
        if place.isAboutLife { life(place, short) } else { values(place, short) }
    }

    private func heading(_ place: ConflictPlace, _ short: String, _ detail: String) {
        let document = place.conflict.document
        let title = [document.titleText, document.cityText].compactMap(\.self).joined(separator: ", ")
        context.output.line("\(short, .strong)  \(title): \(place.name, .attention)\(detail)", indent: short.count + 2)
    }

    private func values(_ place: ConflictPlace, _ short: String) {
        let before = place.conflict.replaced.filter { !$0.isNothing }.map(place.text)
        heading(place, short, before.isEmpty ? "" : " (was: \(before.joined(separator: ", or ")))")
        list(place.conflict.values.map { (Line(place.text($0.value)), Line(origin($0.origin))) })
        context.output.say(
            "Lists show \(shownNumber(place)) until you choose. \(keptWords(place.conflict.values.count)) kept.   \("sync conflicts resolve \(short) \(place.name) --take 1", .strong)")
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

    /// Of most fields the first; of visibility the strictest.
    private func shownNumber(_ place: ConflictPlace) -> Int {
        guard place.conflict.key == nil, let field = place.conflict.field, let shown = place.conflict.document.value(field.number)
        else { return 1 }
        return (place.conflict.values.firstIndex { $0.value == shown } ?? 0) + 1
    }

    private func life(_ place: ConflictPlace, _ short: String) {
        heading(place, short, " (deleted by one, edited by another)")
        var table = Table(.fixed, .flexible(16))
        for deletion in place.conflict.deletions { table.add("  deleted", Line(origin(deletion))) }
        for edit in place.conflict.edits { table.add("  edited", Line(origin(edit))) }
        context.output.table(table)
        context.output.say(
            "It stays visible until you choose.   \("sync conflicts resolve \(short) \(place.name) --take keep", .strong)   (or  --take delete)")
    }

    private func origin(_ origin: Origin) -> String { "\(origin.deviceName), \(context.clock.text(origin.wall))" }

    func json(_ conflict: Conflict) {
        let place = ConflictPlace(conflict)
        func by(_ origin: Origin) -> [(String, JSON)] {
            [("device", .string(origin.deviceName)), ("wall", .integer(origin.wall)), ("change", .string(origin.change.description))]
        }
        let values = conflict.values.enumerated().map { number, entry in
            JSON.object([("take", .integer(Int64(number + 1))), ("text", .string(place.text(entry.value)))] + by(entry.origin))
        }
        context.output.json(
            "conflict",
            [
                ("id", .string(conflict.id.text)), ("kind", .string(conflict.document.kind.rawValue)),
                ("field", .string(place.qualifiedName)), ("title", .string(conflict.document.titleText)),
                ("values", values.isEmpty ? .null : .array(values)),
                ("was", conflict.replaced.isEmpty ? .null : .array(conflict.replaced.map { .string(place.text($0)) })),
                ("deleted", conflict.deletions.isEmpty ? .null : .array(conflict.deletions.map { .object(by($0)) })),
                ("edited", conflict.edits.isEmpty ? .null : .array(conflict.edits.map { .object(by($0)) })),
            ])
    }
}
