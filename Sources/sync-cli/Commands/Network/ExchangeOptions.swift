import ArgumentParser
import SyncCore

/// What push, pull and now have in common.
struct ExchangeOptions: ParsableArguments {
    @Argument(help: "The remote; all of them where none is named.")
    var remote: String?

    @Flag(help: "Only say what would be exchanged.")
    var dryRun = false

    @Flag(help: "Exit with 3 where conflicts remain.")
    var strict = false

    @Option(help: ArgumentHelp("How many seconds a step may take.", valueName: "seconds"))
    var timeout: Int = Self.standardTimeout

    static let standardTimeout = 20
    static let timeouts = 1...3600

    mutating func validate() throws {
        guard Self.timeouts.contains(timeout) else { throw ValidationError("--timeout takes 1 to 3600 seconds.") }
    }

    /// The remotes that are meant.
    func remotes(_ replica: Replica) throws -> [StoredRemote] {
        let known = try replica.remotes()
        if let remote {
            guard let found = known.first(where: { $0.name == remote }) else {
                let names = known.isEmpty ? "" : " There are: " + known.map(\.name).joined(separator: ", ") + "."
                throw SyncError(.usage, "There is no remote “\(remote)”.\(names)", safe: Failure.unchanged)
            }
            return [found]
        }
        guard !known.isEmpty else {
            throw SyncError(
                .usage, "There is no remote yet.", safe: "Everything is safe here, and works without one.",
                next: "Add one with  sync remote add relay URL.")
        }
        return known
    }
}

/// Runs steps with each remote, and says what they did.
struct ExchangeRunner {
    let context: Context
    let replica: Replica
    let options: ExchangeOptions

    init(_ context: Context, _ options: ExchangeOptions) throws {
        self.context = context
        self.options = options
        replica = try context.open()
    }

    func run(pull: Bool, push: Bool) async throws {
        let remotes = try options.remotes(replica)
        var failures: [String: SyncError] = [:]
        // All are asked before any is given: what one has goes to the others at once.
        for step in options.dryRun ? [.preview(pull: pull, push: push)] : (pull ? [Step.pull] : []) + (push ? [.push] : []) {
            for remote in remotes where failures[remote.name].map({ step == .push && $0.kind == .integrity }) ?? true {
                do {
                    try await take(step, Exchange(replica, remote: remote, timeoutSeconds: options.timeout), isLast: step != .pull || !push)
                } catch let error as SyncError {
                    // The other remotes may work; and what is here goes out to one that sent what is damaged all the same.
                    failures[remote.name] = failures[remote.name] ?? error
                }
            }
        }
        let told = remotes.compactMap { failures[$0.name] }
        if var failure = told.first {
            failure.what = told.map(\.what).joined(separator: "\n")
            throw failure
        }
        try reportConflicts(afterPull: pull)
    }

    private enum Step: Equatable {
        case preview(pull: Bool, push: Bool)
        case pull, push
    }

    private func take(_ step: Step, _ exchange: Exchange, isLast: Bool) async throws {
        do {
            switch step {
            case .preview(let pull, let push): return try await preview(exchange, pull: pull, push: push)
            case .pull:
                let pulled = try await exchange.pull()
                report(pulled, exchange.name)
                try ReceivedText.reportDuplicates(pulled.received, replica, context.output)
            case .push: report(try await exchange.push(), exchange.name)
            }
            if isLast { await InviteNews.look(exchange, replica, context.output) }
        } catch var error as SyncError where error.kind == .unreachable {
            try explain(&error)
            throw error
        }
    }

    /// Says what is safe, and what else can be done.
    private func explain(_ error: inout SyncError) throws {
        let unsent = try replica.unsentCount()
        let mine = unsent == 0 ? "Nothing is lost." : "\(Self.count(unsent, "unsent change")) \(unsent == 1 ? "is" : "are") safe here."
        error.safe = [error.safe, mine].compactMap(\.self).joined(separator: " ")
        error.next = error.next ?? "Try again later, or hand them on without a network:  sync bundle create FILE"
    }

    private func preview(_ exchange: Exchange, pull: Bool, push: Bool) async throws {
        let preview = try await exchange.preview()
        switch context.output.mode {
        case .json:
            context.output.json(
                "preview",
                [("remote", .string(exchange.name)), ("changes", JSON(preview.unsent)), ("segments", JSON(preview.lacking))])
        default:
            if push { context.output.line("Would send \(Self.count(preview.unsent, "change")) to \(exchange.name).") }
            if pull { context.output.line("Would receive \(Self.count(preview.lacking, "segment")) from \(exchange.name).") }
        }
    }

    private func report(_ push: PushReport, _ name: String) {
        let output = context.output
        if output.mode == .json {
            return output.json(
                "pushed",
                [
                    ("remote", .string(name)), ("changes", JSON(push.changes)), ("segments", JSON(push.segments)),
                    ("others_segments", JSON(push.othersSegments)), ("bytes", JSON(push.bytes)),
                    ("relay_was_reset", JSON(push.relayWasReset)),
                ])
        }
        if push.relayWasReset { reportReset(name) }
        guard push.segments > 0 || push.changes > 0 else {
            return output.line("Nothing to send: \(name) has everything from this device.")
        }
        if push.changes > 0 {
            output.line(
                "Sent \(Self.count(push.changes, "change")), \(Self.size(push.bytes)). \(name) has everything from this device.")
        } else if push.segments > push.othersSegments {
            // Somebody has them already, by another relay or a bundle.
            output.line(
                "Sent \(Self.count(push.segments - push.othersSegments, "segment")) that others have already. \(name) has everything from this device.")
        }
        reportRefill(push, name)
    }

    private func reportReset(_ name: String) {
        context.output.line("\(name) had lost its place: it was wiped, or restored from a backup.")
    }

    private func reportRefill(_ push: PushReport, _ name: String) {
        guard push.othersSegments > 0 else { return }
        context.output.line("Gave \(name) \(Self.count(push.othersSegments, "segment")) of other devices that it did not have.")
    }

    private func report(_ pull: PullReport, _ name: String) {
        let output = context.output
        let received = pull.received
        if output.mode == .json {
            return output.json("pulled", PulledText.members(pull, name, replica))
        }
        if pull.relayWasReset {
            reportReset(name)
            if pull.refilled.segments > 0 {
                output.line("It was given back \(Self.count(pull.refilled.segments, "segment")).")
            }
        }
        output.line(Line(ReceivedText.line(received) ?? "Nothing new from \(name)."))
    }

    private func reportConflicts(afterPull: Bool) throws {
        guard afterPull || options.strict else { return }
        try ReceivedText.reportConflicts(replica, context.output, strict: options.strict)
    }

    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    static func size(_ bytes: Int) -> String {
        switch bytes {
        case ..<1000: return "\(bytes) bytes"
        case ..<1_000_000: return "\(bytes / 1000).\(bytes % 1000 / 100) KB"
        default: return "\(bytes / 1_000_000).\(bytes % 1_000_000 / 100_000) MB"
        }
    }
}
