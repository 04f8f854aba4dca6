import SyncCore

/// What came, by whichever way, and what of it needs a person.
enum ReceivedText {
    /// Nil where no change was new.
    static func line(_ received: ReceiveReport) -> String? {
        guard received.changes > 0 else { return nil }
        let parts = [
            received.newRecords[.event].flatMap { $0 > 0 ? StatusCommand.count($0, "new event") : nil },
            received.newRecords[.petition].flatMap { $0 > 0 ? StatusCommand.count($0, "new petition") : nil },
            received.updatedRecords > 0 ? StatusCommand.count(received.updatedRecords, "record") + " updated" : nil,
        ].compactMap(\.self)
        let what = parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
        let changes = StatusCommand.count(received.changes, "change")
        return "Received \(changes) from \(StatusCommand.count(received.authors.count, "device"))\(what)."
    }

    /// Pairs that may be of one thing, of which one came just now.
    static func reportDuplicates(_ received: ReceiveReport, _ replica: Replica, _ output: Output) throws {
        guard received.newRecords.values.contains(where: { $0 > 0 }), output.mode != .json else { return }
        let pairs = try replica.read { session in
            try session.suggestions(newerThan: received.lastKnownRecord).filter(\.isNew).map { suggestion in
                "\(try session.shortText(suggestion.first)) ~ \(try session.shortText(suggestion.second))"
            }
        }
        guard !pairs.isEmpty else { return }
        let shown = pairs.prefix(3).joined(separator: ", ") + (pairs.count > 3 ? ", …" : "")
        let noun = StatusCommand.count(pairs.count, "possible duplicate")
        output.line("\("?", .attention) \(noun):  \(shown)   \("sync duplicates list", .strong)", indent: 2)
    }

    /// Each thing that needs a person on a line of its own; at most three.
    static func reportConflicts(_ replica: Replica, _ output: Output, strict: Bool) throws {
        let (count, lines) = try replica.read { session in
            let count = try session.conflictCount()
            guard count > 0 else { return (count, [(short: String, what: String)]()) }
            return (count, try session.conflicts(detail: false, limit: 3).map { (try session.shortText($0.id), $0.field?.name ?? "deleted, and edited meanwhile") })
        }
        guard count > 0 else { return }
        if output.mode != .json { list(lines, of: count, output) }
        if strict {
            throw SyncError(
                .conflictsRemain, "\(StatusCommand.count(count, "conflict")) \(count == 1 ? "remains" : "remain").",
                safe: "Every value is kept.", next: "See  sync conflicts list.")
        }
    }

    private static func list(_ lines: [(short: String, what: String)], of count: Int, _ output: Output) {
        let noun = count == 1 ? "1 thing needs a person:" : "\(count) things need a person:"
        for (number, line) in lines.enumerated() {
            let lead: Line = number == 0 ? "\("!", .attention) \(noun)" : Line(String(repeating: " ", count: noun.count + 2))
            output.line("\(lead)  \(line.short, .strong)  \(line.what)   sync conflicts show \(line.short)")
        }
        if count > lines.count { output.line("  …  sync conflicts list") }
    }
}
