import ArgumentParser
import SyncCore

/// A count given with a new event.
struct CountOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many people, in the words of whoever says so: \"around 400\".", valueName: "phrase"))
    var count: String?

    @Option(help: ArgumentHelp("police, organiser, press, official, eyewitness, photo, video or tally.", valueName: "basis"))
    var basis: String?

    @Option(help: ArgumentHelp("expected, during, peak or final.", valueName: "stage"))
    var stage: String?

    @Option(help: ArgumentHelp("Who counted.", valueName: "name"))
    var by: String?

    @Option(help: ArgumentHelp("Where the count was read.", valueName: "source"))
    var countSource: String?

    func edit(_ input: FieldInput) throws -> Edit? {
        guard let count else {
            if basis != nil || stage != nil || by != nil || countSource != nil {
                throw SyncError(
                    .usage, "--basis, --stage, --by and --count-source say more about a count, and there is no --count.",
                    safe: Failure.unchanged)
            }
            return nil
        }
        return .enter(
            Field.counts, try CountDetails(stage: stage, basis: basis, source: countSource, by: by).value(count, input))
    }
}

/// How a count came about: for `event count`, and for a count given with `event add`.
struct CountDetails {
    var what: String?
    var stage: String?
    var basis: String?
    var source: String?
    var seen: String?
    var by: String?

    /// One count as it is stored: the phrase, and no number that the phrase does not state.
    func value(_ phrase: String, _ input: FieldInput) throws -> Value {
        let type = RecordSchema.event[Field.counts]?.type.tupleParts ?? []
        func choice(_ text: String?, _ part: UInt32, _ option: String) throws -> Value? {
            try text.map { .text(try Choice.checked($0, type.first { $0.number == part }?.type, option: option)) }
        }
        return .parts(
            (Part.Count.what, try choice(what ?? CountSubject.attendance.rawValue, Part.Count.what, "--what")),
            (Part.Count.text, try input.text(phrase, "count")),
            (Part.Count.stage, try choice(stage, Part.Count.stage, "--stage")),
            (Part.Count.basis, try choice(basis, Part.Count.basis, "--basis")),
            (Part.Count.source, try source.map { try input.text($0, "--source") }),
            (Part.Count.seen, try seen.map { .text(try input.date($0, "--seen").isoText) }),
            (Part.Count.by, try by.map { try input.text($0, "--by") }))
    }

    /// What to say about a phrase that no rule can read; nil for one that can be read.
    static func remark(_ phrase: String) -> String? {
        guard CrowdPhrase.read(phrase, rule: .ccc3) == nil else { return nil }
        return "No number could be read from “\(phrase)”. It is kept as it was written, and counts for no range."
    }
}
