/// One thing that happens, in words: it can be printed, read again, and left out of its script.
struct Step: Hashable, Sendable, CustomStringConvertible {
    enum Verb: String, CaseIterable, Sendable {
        // A machine, a record, and what is written.
        case create, title, starts, platform, visibility, description, cause, uncause, note, retract, organiser, role, unorganiser
        case tally, closetally, delete, restore, several
        /// Of two records of one kind: that they are one, and that they are not.
        case same, different
        /// Operations that no client of ours writes.
        case forge, unknown
        // A machine and a relay, or another machine.
        case push, pull, carry
        // A machine; what was written, and who takes it in.
        case bundle, apply
        case rebuild, reopen
        /// A machine's clock goes wrong by so many days.
        case clock
        /// A machine goes back to a version that knows less, or forward again.
        case version
        /// A machine's folder is copied: as it is, and in a way that it cannot notice.
        case copy, clone
        case backup, recover
        // A relay: it loses what it has, or goes back to what it once had.
        case relaybackup, relayrestore, relaywipe
        /// The first machine puts another one out; one that was put out goes on writing.
        case remove, rogue
        /// What happens to a message of the next exchange: which, and what.
        case fault
        /// A machine's process dies at a write of its next step, or its disk is full from there on.
        case crash, full
    }

    var verb: Verb
    var numbers: [Int]

    init(_ verb: Verb, _ numbers: Int...) {
        self.verb = verb
        self.numbers = numbers
    }

    subscript(place: Int) -> Int { place < numbers.count ? numbers[place] : 0 }

    var description: String { ([verb.rawValue] + numbers.map(String.init)).joined(separator: " ") }

    init?(_ text: some StringProtocol) {
        let words = text.split(separator: " ")
        guard let verb = words.first.flatMap({ Verb(rawValue: String($0)) }) else { return nil }
        let numbers = words.dropFirst().compactMap { Int($0) }
        guard numbers.count == words.count - 1 else { return nil }
        self.verb = verb
        self.numbers = numbers
    }
}

/// What a run does from its beginning to its end. A seed makes one; a person can write one.
struct Script: Hashable, Sendable, CustomStringConvertible {
    var seed: UInt64
    var machines: Int
    var relays: Int
    /// How many there are when it begins.
    var records: Int
    var steps: [Step]

    init(seed: UInt64, machines: Int, relays: Int, records: Int = 3, steps: [Step]) {
        self.seed = seed
        self.machines = machines
        self.relays = relays
        self.records = records
        self.steps = steps
    }

    var description: String {
        (["seed \(seed)", "machines \(machines)", "relays \(relays)", "records \(records)"] + steps.map(\.description)).joined(separator: "\n") + "\n"
    }

    struct Unreadable: Error {
        var line: String
    }

    /// Empty lines and those that begin with # say nothing.
    init(_ text: String) throws {
        self.init(seed: 1, machines: 2, relays: 1, steps: [])
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            switch (words.first, words.last.flatMap { UInt64($0) }) {
            case ("seed", let number?): seed = number
            case ("machines", let number?): machines = Int(clamping: number)
            case ("relays", let number?): relays = Int(clamping: number)
            case ("records", let number?): records = Int(clamping: number)
            default:
                guard let step = Step(line) else { throw Unreadable(line: String(line)) }
                steps.append(step)
            }
        }
    }
}
