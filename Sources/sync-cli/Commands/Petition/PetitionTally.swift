import ArgumentParser
import SyncCore

struct PetitionTally: Command {
    static let configuration = CommandConfiguration(
        commandName: "tally", abstract: "Count signatures at a stall as they come; close it to make a paper batch.",
        discussion: """
            Several people may click at once, on devices that do not see each other: all clicks are added up.
            sync petition tally 4dd0x1 +12        sync petition tally 4dd0x1 --close --place "Market square"
            """)

    @Argument(help: "The id, or its beginning.") var id: String
    @Argument(help: "How many more: +12 or 12.") var amount: String?

    @Option(help: ArgumentHelp("How many to take back.", valueName: "number")) var minus: String?

    @Flag(help: "Make what was counted a batch, and begin at 0 again.") var close = false
    @Option(help: ArgumentHelp("With --close: where it was collected.", valueName: "text")) var place: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        let given = [amount != nil, minus != nil, close].filter { $0 }.count
        guard given == 1, place == nil || close else {
            throw SyncError(.usage, "Say one of: how many more, --minus, --close.", safe: Failure.unchanged)
        }
        if let amount { return try add(try Self.number(amount), context) }
        if let minus { return try add(-(try Self.number(minus)), context) }
        try closeTally(context)
    }

    private static func number(_ text: String) throws -> Int64 {
        guard let number = Int64(text), (1...1_000_000).contains(number) else {
            throw SyncError(.usage, "“\(text)” is no number of signatures.", safe: Failure.unchanged, next: "Write it as +12.")
        }
        return number
    }

    private func add(_ amount: Int64, _ context: Context) throws {
        let replica = try context.open()
        let saved = try replica.commit { draft in
            let (id, document) = try draft.session.find(self.id, .petition)
            let before = TotalsText(document).tally
            guard before + amount >= 0 else {
                throw SyncError(.usage, "The tally stands at \(before).", safe: Failure.unchanged)
            }
            try draft.increment(id, Field.tally, by: amount)
            return (id: id, tally: before + amount)
        }
        context.output.say("The tally stands at \(ValueText.grouped(saved.result.tally), .strong).")
        try context.reportSaved(saved.result.id, change: saved.change, in: replica)
    }

    private func closeTally(_ context: Context) throws {
        let replica = try context.open()
        let today = Value.text(When(day: context.clock.today).isoText)
        let saved = try replica.commit { draft in
            let id = try draft.session.find(self.id, .petition).id
            let closed = try draft.closeCounter(id, Field.tally)
            guard closed.value > 0 else {
                throw SyncError(.usage, "The tally stands at 0: there is nothing to close.", safe: Failure.unchanged)
            }
            var fields: [(number: UInt32, value: Value)] = [
                (Part.Batch.lines, .integer(closed.value)), (Part.Batch.valid, .integer(closed.value)),
                (Part.Batch.collectedOn, today), (Part.Batch.status, .text("counted")),
            ]
            if let place { fields.append((Part.Batch.place, .text(place))) }
            try draft.put(id, Field.batches, key: Self.key(id, closed.generation), fields)
            return (id: id, value: closed.value)
        }
        context.output.say("The tally of \(ValueText.grouped(saved.result.value), .strong) is a paper batch now.")
        try context.reportSaved(saved.result.id, change: saved.change, in: replica)
    }

    /// The same on every device: two people who close one tally make one batch.
    private static func key(_ id: RecordID, _ generation: UInt64) -> ItemKey {
        ItemKey(derivedFrom: id.bytes, withUnsafeBytes(of: generation.bigEndian, Array.init))
    }
}
