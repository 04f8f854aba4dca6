import ArgumentParser

/// Reads plain lines of the commands that are run most, without the parser.
///
/// The parser asks the runtime about some fifty types, and each question goes through every conformance in the program: 5 of the 15
/// milliseconds that a command may take. So the commands that people repeat are read here first. What is not plain (help, an unknown
/// option, a missing value, a value that begins with a hyphen) is left to the parser, which says what is wrong. A test asks both about
/// every option that the parser knows.
enum QuickReader {
    static func read(_ arguments: [String]) -> (any Command)? {
        var words = QuickWords(arguments)
        guard var global = GlobalOptions.read(from: &words), let name = words.next() else { return nil }
        switch (name, name == "event" || name == "petition" ? words.next() : nil) {
        case ("event", "add"): return read(EventAdd.self, &words, &global)
        case ("event", "list"): return read(EventList.self, &words, &global)
        case ("event", "show"): return read(RecordShow<Events>.self, &words, &global)
        case ("petition", "list"): return read(PetitionList.self, &words, &global)
        case ("petition", "show"): return read(RecordShow<Petitions>.self, &words, &global)
        case ("status", nil): return read(StatusCommand.self, &words, &global)
        case ("search", nil): return read(SearchCommand.self, &words, &global)
        case ("now", nil): return read(NowCommand.self, &words, &global)
        case ("pull", nil): return read(PullCommand.self, &words, &global)
        case ("push", nil): return read(PushCommand.self, &words, &global)
        default: return nil
        }
    }

    private static func read<Quick: QuickCommand>(
        _: Quick.Type, _ words: inout QuickWords, _ global: inout GlobalOptions
    ) -> Quick? {
        var command = Quick.none
        while let word = words.next() {
            if QuickWords.isOption(word) {
                let option = words.split(word)
                guard command.take(option, &words) || global.take(option, &words), words.attached == nil else { return nil }
            } else if !command.take(argument: word) {
                return nil
            }
        }
        guard command.isComplete, !(global.json && global.plain) else { return nil }
        command.global = global
        return command
    }
}

/// What a command line says, word by word.
struct QuickWords {
    private var rest: ArraySlice<String>
    /// What stands behind the `=` of an option, until it is taken.
    private(set) var attached: String?

    init(_ words: [String]) { rest = words[...] }

    static func isOption(_ word: String) -> Bool { word.utf8.first == UInt8(ascii: "-") }

    mutating func next() -> String? { rest.popFirst() }

    /// The first word, if it is an option.
    mutating func nextOption() -> String? {
        guard let word = rest.first, Self.isOption(word) else { return nil }
        return rest.popFirst()
    }

    /// The name of an option; what is attached to it is its value.
    mutating func split(_ word: String) -> String {
        guard let sign = word.utf8.firstIndex(of: UInt8(ascii: "=")) else { return word }
        attached = String(word[word.index(after: sign)...])
        return String(word[..<sign])
    }

    /// The value of the option that was just read.
    mutating func value() -> String? {
        if let attached {
            self.attached = nil
            return attached
        }
        guard let word = rest.first, !Self.isOption(word) else { return nil }
        return rest.popFirst()
    }
}

/// Options that can be read without the parser.
protocol QuickOptions {
    /// Nothing is given. Whatever the parser would fill must be filled: reading a property that was not is fatal.
    static var none: Self { get }

    /// Takes an option with its value; false where it is none of these, or the value is not as it should be.
    mutating func take(_ option: String, _ words: inout QuickWords) -> Bool
}

protocol QuickCommand: Command, QuickOptions {
    var global: GlobalOptions { get set }

    /// Takes a word that is no option; false where there is no place for it.
    mutating func take(argument: String) -> Bool

    /// Whether everything is there that must be.
    var isComplete: Bool { get }
}

extension QuickCommand {
    mutating func take(argument: String) -> Bool { false }
    var isComplete: Bool { true }
}
