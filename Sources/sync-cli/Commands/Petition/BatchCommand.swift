import ArgumentParser
import SyncCore

struct BatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch", abstract: "Paper sheets that were counted together.", subcommands: [BatchAdd.self, BatchVoid.self])
}

struct BatchAdd: Command {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a batch of paper sheets. No names.",
        discussion: """
            Serials in two batches are counted once, so that sheets handed in twice do no harm.
            sync petition batch add 4dd0x1 --serials 1-20 --lines 200 --valid 187 --void 13 --on "22 April"
            """)

    @Argument(help: "The id of the petition, or its beginning.") var id: String

    @Option(help: ArgumentHelp("The numbers on the sheets: 1-20, or 7.", valueName: "first-last")) var serials: String?
    @Option(help: ArgumentHelp("Lines that are filled in.", valueName: "number")) var lines: String?
    @Option(help: ArgumentHelp("Of these, valid ones (else all that are not void).", valueName: "number")) var valid: String?
    @Option(help: ArgumentHelp("Of these, invalid ones.", valueName: "number")) var void: String?
    @Option(help: ArgumentHelp("When they were collected.", valueName: "date")) var on: String?
    @Option(help: ArgumentHelp("Where they were collected.", valueName: "text")) var place: String?
    @Option(help: ArgumentHelp("At which event: an id, or its beginning.", valueName: "id")) var event: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let input = FieldInput(dates: context.dates)
        let when = try on.map { try input.date($0, "--on") }
        var fields = try numbers(input)
        if let when { fields.append((Part.Batch.collectedOn, .text(when.isoText))) }
        if let place { fields.append((Part.Batch.place, try input.text(place, "--place"))) }
        fields.append((Part.Batch.status, .text("counted")))
        let replica = try context.open()
        context.echo(when.map { [("collected on", $0)] } ?? [])
        let saved = try replica.commit { draft in
            let id = try draft.session.find(self.id, .petition).id
            var fields = fields
            if let event { fields.append((Part.Batch.event, .text(try draft.session.find(event, .event).id.text))) }
            try put(fields, id, &draft)
            return id
        }
        try context.reportSaved(saved.result, change: saved.change, in: replica)
    }

    /// Sheets that bear numbers are one batch on every device; others are a batch of their own.
    private func put(_ fields: [(number: UInt32, value: Value)], _ id: RecordID, _ draft: inout Draft) throws {
        guard serials != nil, let schema = RecordSchema.petition[Field.batches] else {
            try draft.put(id, Field.batches, fields)
            return
        }
        let item = RecordDocument.Item(key: nil, fields: fields.map { ($0.number, [$0.value]) })
        try draft.put(id, Field.batches, key: DerivedKeys.item(of: id, field: schema, item: item), fields)
    }

    private func numbers(_ input: FieldInput) throws -> [(number: UInt32, value: Value)] {
        let range = try serials.map(Self.range)
        let lines = try lines.map { try input.integer($0, "--lines") }
        let void = try void.map { try input.integer($0, "--void") }
        let valid = try valid.map { try input.integer($0, "--valid") } ?? lines.map { $0 - (void ?? 0) }
        guard let valid else {
            throw SyncError(.usage, "A batch needs --lines or --valid.", safe: Failure.unchanged)
        }
        let (sum, isTooMuch) = valid.addingReportingOverflow(void ?? 0)
        guard valid >= 0, !isTooMuch, sum <= lines ?? sum else {
            throw SyncError(
                .usage, "Valid and void lines are more than there are lines.", safe: Failure.unchanged, next: "Check the three numbers.")
        }
        let given: [(UInt32, Int64?)] = [
            (Part.Batch.firstSerial, range.map { Int64($0.first) }), (Part.Batch.lastSerial, range.map { Int64($0.last) }),
            (Part.Batch.lines, lines), (Part.Batch.valid, valid), (Part.Batch.void, void),
        ]
        return given.compactMap { field, number in number.map { (number: field, value: .integer($0)) } }
    }

    private static func range(_ text: String) throws -> SerialRange {
        let ends = text.split(whereSeparator: { $0 == "-" || $0 == "–" }).map { Int(Choice.trimmed(String($0))) }
        if (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
            let range = SerialRange(first: first, last: last)
        { return range }
        throw SyncError(
            .usage, "--serials: “\(text)” is no range of numbers.", safe: Failure.unchanged, next: "Write it as 1-20, the lower number first.")
    }
}

struct BatchVoid: Command {
    static let configuration = CommandConfiguration(
        commandName: "void", abstract: "Take a batch out of the count; it stays listed.")

    @Argument(help: "The id of the petition, or its beginning.") var id: String
    @Argument(help: "The key of the batch, or its beginning, as \"show\" prints it.") var batch: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let replica = try context.open()
        let saved = try replica.commit { draft in
            let (id, document) = try draft.session.find(self.id, .petition)
            let item = try EntryKeys.batch(batch, in: document)
            guard let key = item.key else { return (id: id, text: "") }
            try draft.assign(id, Part.Batch.status, key: key, .text("void"))
            return (id: id, text: BatchText(item).line)
        }
        context.output.say("Not counted any more: \(saved.result.text)")
        try context.reportSaved(saved.result.id, change: saved.change, in: replica)
    }
}
