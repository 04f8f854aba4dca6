#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import ArgumentParser
import SyncCore

/// What a command works with: its options, the environment, the clock, and where it prints.
struct Context {
    let options: GlobalOptions
    let environment: Environment
    let surroundings: Surroundings
    let clock: LocalClock
    let output: Output
    private let opened = Opened()

    init(_ options: GlobalOptions, environment: Environment = Environment()) throws {
        self.options = options
        self.environment = environment
        surroundings = try Self.surroundings(environment)
        clock = LocalClock(now: surroundings.now(), environment: environment)
        output = Output(options, environment)
    }

    /// Reads dates as people here write them.
    var dates: WhenParser { WhenParser(today: clock.today, defaultZone: clock.zone) }

    /// Opens the store that the options and the environment mean, until the process ends.
    ///
    /// Nothing closes it: a last connection that closes moves the write-ahead logs into their files, with a sync for each, where the
    /// next command does as well without.
    func open() throws -> Replica {
        try open(StoreFinder(options, environment).folder()) { try key(of: $0) }
    }

    /// The same for one that may be locked: nil where it is, and neither  sync unlock  nor a file that was named opens it. Nobody is asked.
    func openUnlessLocked() throws -> Replica? {
        let folder = try StoreFinder(options, environment).folder()
        do {
            return try open(folder) { store in
                if let found = keyCache.find(store) { return found.key }
                guard let passphrase = try PassphraseInput(self).current(store, isAsking: false) else { throw Locked() }
                return try store.key(for: passphrase)
            }
        } catch is Locked {
            return nil
        }
    }

    private struct Locked: Error {}

    private func open(_ folder: String, _ unlock: (LockedStore) throws -> StoreKey) throws -> Replica {
        let replica = try Replica(openingAt: folder, surroundings: surroundings, unlock: unlock)
        replica.onRenewal = { [output] in CopyText.tell($0, output) }
        opened.replica = replica
        return Unmanaged.passRetained(replica).takeUnretainedValue()
    }

    /// Leaves the store as the next command likes to find it.
    func settle() { opened.replica?.tidyUp() }

    private final class Opened {
        var replica: Replica?
    }

    /// Whether somebody is there to answer a question.
    var canAsk: Bool { !options.noInput && isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Asks for one line; nil at the end of input.
    func ask(_ question: Line) -> String? {
        output.ask(question)
        return readLine(strippingNewline: true)
    }

    /// Asks whether to go on.
    ///
    /// - Throws: `usage` when the answer is no, or when nobody is there to give one.
    func confirm(_ question: Line, orPass flag: String = "--yes") throws {
        if options.yes { return }
        guard canAsk else {
            throw SyncError(
                .usage, "This needs a yes, and nobody can be asked here.", safe: "Nothing was changed.",
                next: "Repeat it with \(flag).")
        }
        let answer = ask("\(question) [y/N] ")?.lowercased() ?? ""
        guard answer == "y" || answer == "yes" else {
            throw SyncError(.usage, "Not done.", safe: "Nothing was changed.")
        }
    }

    private static func surroundings(_ environment: Environment) throws -> Surroundings {
        guard let fixed = environment["SYNC_NOW"] else { return .system }
        guard let now = Int64(fixed) else {
            throw SyncError(
                .usage, "SYNC_NOW is no number of milliseconds since 1970.", safe: "Nothing was changed.",
                next: "Unset it: it is meant for tests.")
        }
        return Surroundings(now: { now }, random: Surroundings.system.random)
    }
}

extension Output {
    convenience init(_ options: GlobalOptions, _ environment: Environment) {
        self.init(
            mode: options.json ? .json : options.plain ? .plain : .text, isQuiet: options.quiet, isVerbose: options.verbose,
            width: Self.width(environment), data: Self.stream(STDOUT_FILENO, options, environment),
            talk: Self.stream(STDERR_FILENO, options, environment))
    }

    private static func width(_ environment: Environment) -> Int? {
        if let columns = environment["COLUMNS"].flatMap(Int.init), columns >= 20 { return columns }
        return isatty(STDOUT_FILENO) == 1 ? OutputStream.terminalWidth() ?? 80 : nil
    }

    private static func stream(_ descriptor: Int32, _ options: GlobalOptions, _ environment: Environment) -> OutputStream {
        let isTerminal = isatty(descriptor) == 1
        return OutputStream(
            descriptor: descriptor, isTerminal: isTerminal,
            hasColour: !options.plain && hasColour(options.color, environment, isTerminal))
    }

    /// Flag, then `NO_COLOR`, then `CLICOLOR_FORCE`, then whether it is a terminal.
    private static func hasColour(_ choice: ColourChoice, _ environment: Environment, _ isTerminal: Bool) -> Bool {
        switch choice {
        case .always: return true
        case .never: return false
        case .auto:
            if environment["NO_COLOR"] != nil { return false }
            if let force = environment["CLICOLOR_FORCE"], force != "0" { return true }
            return isTerminal && environment["TERM"] != "dumb"
        }
    }
}

extension Context {
    /// What was given, or what somebody answers.
    ///
    /// - Throws: `usage` where nobody can be asked, or no answer comes.
    func required(_ given: String?, question: Line, missing: String, example: String) throws -> String {
        if let given { return given }
        let answer = canAsk ? ask(question).map(Choice.trimmed) : nil
        guard let answer, !answer.isEmpty else {
            throw SyncError(.usage, missing, safe: Failure.unchanged, next: "Write  \(example).")
        }
        return answer
    }
}
