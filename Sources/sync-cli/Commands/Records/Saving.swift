import SyncCore

extension Context {
    /// Says what was saved, after the commit returned, and how much is still only here.
    ///
    /// - Parameter change: nil where the record already was as it should be.
    func reportSaved(_ id: RecordID, change: ChangeName?, in replica: Replica, verb: String = "Saved") throws {
        let (document, short) = try replica.read { session in (try session.document(id), try session.shortText(id)) }
        let unsent = try replica.remotes().isEmpty ? nil : try replica.unsentCount()
        switch output.mode {
        case .json:
            output.json(
                change == nil ? "unchanged" : "saved",
                [
                    ("id", .string(id.text)), ("short", .string(short)), ("kind", JSON(document?.kind.rawValue)),
                    ("change", JSON(change?.description)), ("unsent", JSON(unsent)),
                ])
        case _ where output.isQuiet: output.line(Line(short))
        case .plain:
            output.line("\(change == nil ? "unchanged" : "saved")\(Line("\t", .separator))\(id.text)")
        case .text:
            let what = change == nil ? "Nothing to change" : verb
            output.line("\(what) \(short, .strong)  \(document?.summary ?? "")", indent: what.count + 1 + short.count + 2)
        }
        if change != nil { sayUnsent(unsent) }
    }

    /// Nothing nags where there is no remote.
    func sayUnsent(_ count: Int?) {
        guard let count, count > 0 else { return }
        output.say(
            "\(count) change\(count == 1 ? "" : "s") not sent yet. No network needed; run  \("sync push", .strong)  when you have one.")
    }

    /// How dates were understood, before they are saved.
    func echo(_ dates: [(field: String, when: When)]) {
        for date in dates { output.say("\(date.field): \(date.when.displayText)") }
    }
}

extension Session {
    /// The record that an id or its beginning means, which must be of this kind.
    ///
    /// - Throws: `usage` where there is none such.
    func find(_ prefix: String, _ kind: RecordKind) throws -> (id: RecordID, document: RecordDocument) {
        let id = try find(prefix)
        guard let document = try document(id) else {
            throw SyncError(.usage, "Not enough of the record \(try shortText(id)) has arrived yet.", safe: Failure.unchanged)
        }
        guard document.kind == kind else {
            let other = document.kind.rawValue
            throw SyncError(
                .usage, "\(try shortText(id)) is \(other == "event" ? "an event" : "a petition").", safe: Failure.unchanged,
                next: "Use  sync \(other)  for it.")
        }
        return (id, document)
    }
}
