import ArgumentParser
import SyncCore

/// The fields that only petitions have.
struct PetitionFields: ParsableArguments {
    @Option(help: ArgumentHelp("draft, open, closed, submitted, delivered, answered or rejected.", valueName: "state"))
    var state: String?

    @Option(help: ArgumentHelp("Where it is signed: \"All Out\".", valueName: "name"))
    var platform: String?

    @Option(help: ArgumentHelp("Its address.", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("When signing begins.", valueName: "date"))
    var opens: String?

    @Option(help: ArgumentHelp("When signing ends.", valueName: "date"))
    var closes: String?

    @Option(help: ArgumentHelp("How many signatures are asked for: 100000, \"one million\".", valueName: "number"))
    var goal: String?

    func edits(_ input: FieldInput) throws -> [Edit] {
        var edits: [Edit] = []
        if let state {
            let type = RecordSchema.petition[Field.state]?.type
            edits.append(.assign(Field.state, .text(try Choice.checked(state, type, option: "--state"))))
        }
        if let platform { edits.append(.assign(Field.platform, try input.text(platform, "--platform"))) }
        if let url { edits.append(.assign(Field.url, try input.text(url, "--url"))) }
        if let opens { edits.append(.assign(Field.opens, .text(try input.date(opens, "--opens").isoText))) }
        if let closes { edits.append(.assign(Field.closes, .text(try input.date(closes, "--closes").isoText))) }
        if let goal { edits.append(.assign(Field.goal, try Self.goal(goal))) }
        return edits
    }

    private static func goal(_ text: String) throws -> Value {
        let number = SignatureNumber(text)
        guard let value = number.value else {
            throw SyncError(
                .usage, "--goal: no number could be read from “\(text)”.", safe: Failure.unchanged,
                next: "Write it as 100000 or \"one million\".")
        }
        return .parts((Part.Goal.value, .integer(value)), (Part.Goal.label, number.isPlain ? nil : .text(text)))
    }

    func echoes(_ input: FieldInput) throws -> [(field: String, when: When)] {
        var echoes: [(field: String, when: When)] = []
        if let opens { echoes.append(("opens", try input.date(opens, "--opens"))) }
        if let closes { echoes.append(("closes", try input.date(closes, "--closes"))) }
        return echoes
    }
}

/// A number of signatures as people write it.
struct SignatureNumber {
    /// Nil where none could be read.
    let value: Int64?
    /// How exact the words are.
    let exactness: SignatureExactness
    /// Digits alone, so that the words say nothing more.
    let isPlain: Bool

    init(_ text: String) {
        let digits = text.filter { $0 != "," && $0 != " " && $0 != "_" }
        if !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(digits) {
            (value, exactness, isPlain) = (number, .exact, true)
            return
        }
        isPlain = false
        let reading = CrowdPhrase.read(text, rule: .plain)
        value = (reading?.low ?? reading?.high).map(Int64.init)
        exactness = reading?.highOpen ?? false ? .atLeast : .rounded
    }
}
