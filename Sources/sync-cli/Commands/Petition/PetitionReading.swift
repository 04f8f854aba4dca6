import ArgumentParser
import SyncCore

struct PetitionReading: Command {
    static let configuration = CommandConfiguration(
        commandName: "reading", abstract: "Add how many signatures somebody read, and where.",
        discussion: """
            Of each channel the newest reading counts, by the day that it is of, never the largest: totals go down too.
            sync petition reading 4dd0x1 "2 million" --channel online:allout --as-of "7 April 2018"
            """)

    @Argument(help: "The id, or its beginning.") var id: String
    @Argument(help: "A number or a phrase: 41220, \"2 million\", \"over 400,000\".") var value: String

    @Option(
        help: ArgumentHelp(
            "online:PLATFORM, paper, phone, sms or other (else online, with the petition's platform).", valueName: "channel"))
    var channel: String?

    @Option(help: ArgumentHelp("exact, at least or rounded (else what the words say).", valueName: "how"))
    var exactness: String?

    @Option(help: ArgumentHelp("The day that the number is of (else today).", valueName: "date")) var asOf: String?
    @Option(help: ArgumentHelp("A country or constituency, where it is not the whole.", valueName: "scope")) var scope: String?
    @Option(help: ArgumentHelp("Where it was read.", valueName: "source")) var source: String?
    @Option(help: ArgumentHelp("Who read it.", valueName: "name")) var by: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let input = FieldInput(dates: context.dates)
        let number = SignatureNumber(value)
        let when = try asOf.map { try input.date($0, "--as-of") } ?? When(day: context.clock.today)
        let text = try input.text(value, "value")
        let how = try howExact(number)
        let details = (
            scope: try scope.map { try input.text($0, "--scope") }, source: try source.map { try input.text($0, "--source") },
            by: try by.map { try input.text($0, "--by") }
        )
        let channel = try channel.map(Self.checkedChannel)
        let replica = try context.open()
        context.echo([("as of", when)])
        let saved = try replica.commit { draft in
            let (id, document) = try draft.session.find(self.id, .petition)
            let reading = Value.parts(
                (Part.Reading.channel, .text(channel ?? Self.channel(of: document))),
                (Part.Reading.value, number.value.map(Value.integer)), (Part.Reading.text, number.isPlain ? nil : text),
                (Part.Reading.exactness, how.map(Value.text)), (Part.Reading.asOf, .text(when.isoText)),
                (Part.Reading.scope, details.scope), (Part.Reading.source, details.source), (Part.Reading.by, details.by))
            try draft.enter(id, Field.readings, reading)
            return id
        }
        try context.reportSaved(saved.result, change: saved.change, in: replica)
        if number.value == nil {
            context.output.note("No number could be read from “\(value)”. It is kept as it was written, and is in no total.")
        }
    }

    private func howExact(_ number: SignatureNumber) throws -> String? {
        let type = RecordSchema.petition[Field.readings]?.type.tupleParts.first { $0.number == Part.Reading.exactness }?.type
        if let exactness { return try Choice.checked(exactness, type, option: "--exactness") }
        return number.value == nil ? nil : number.exactness.label
    }

    /// - Throws: `usage` for anything but the channels that there are: a misspelt one would be added to the others.
    private static func checkedChannel(_ text: String) throws -> String {
        let known = ["online", "paper", "phone", "sms", "other"]
        if known.contains(text) { return text }
        if text.hasPrefix("online:"), text.utf8.count > 7 { return text }
        throw SyncError(
            .usage, "--channel: “\(text)” is not known.", safe: Failure.unchanged,
            next: "Known are: online, online:PLATFORM, paper, phone, sms, other.")
    }

    private static func channel(of document: RecordDocument) -> String {
        document.value(Field.platform)?.text.map { "online:\($0)" } ?? "online"
    }
}
