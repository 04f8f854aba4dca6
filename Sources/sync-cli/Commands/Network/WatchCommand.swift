import ArgumentParser
import SyncCore

struct WatchCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Take in what others send as it comes, until Ctrl-C. Needs the network.",
        discussion: "What you write meanwhile is not sent: that is  sync push. Where the relay cannot be reached, it is tried again.")

    @Argument(help: "The remote, where there are several.")
    var remote: String?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        let replica = try context.open()
        let watch = try Watch(replica, remote: remote(of: replica))
        var report = WatchReport(context, replica, name: watch.name)
        report.begin()
        let end = Interruption()
        do {
            try await end.ending { try await watch.run { try report.take($0) } }
        } catch where end.hasCome {
            report.end()
        }
    }

    private func remote(of replica: Replica) throws -> StoredRemote {
        var options = ExchangeOptions()
        options.remote = remote
        let remotes = try options.remotes(replica)
        guard remotes.count == 1 else {
            throw SyncError(
                .usage, "There are several remotes: \(remotes.map(\.name).joined(separator: ", ")).", safe: Failure.unchanged,
                next: "Name one:  sync watch \(remotes[0].name)")
        }
        return remotes[0]
    }
}

/// What `watch` says, line by line as it happens, and in the end.
struct WatchReport {
    private let output: Output
    private let replica: Replica
    private let context: Context
    private let name: String
    private let start: ContinuousClock.Instant
    private var arrivals = 0
    private var changes = 0
    private var isLost = false

    init(_ context: Context, _ replica: Replica, name: String) {
        self.context = context
        self.replica = replica
        self.name = name
        output = context.output
        start = .now
    }

    func begin() { output.say("Watching \(name). Stop with Ctrl-C.") }

    mutating func take(_ event: Watch.Event) throws {
        switch event {
        case .pulled(let pulled): try take(pulled)
        case .listening:
            if output.mode == .json { output.json("listening", [("remote", .string(name))]) }
            if isLost { output.say("\(time)  It goes on: \(name) is heard again.") }
            isLost = false
        case .lost(let error, let seconds):
            if output.mode == .json {
                output.json("lost", [("remote", .string(name)), ("what", .string(error.what)), ("seconds", JSON(Int(seconds.rounded(.up))))])
            } else if !isLost {
                output.say("\(time)  \(error.what) It is tried again.")
            }
            isLost = true
        }
        output.flush()
    }

    private mutating func take(_ pulled: PullReport) throws {
        let received = pulled.received
        guard received.changes > 0 || pulled.relayWasReset else { return }
        arrivals += 1
        changes += received.changes
        if output.mode == .json {
            return output.json("pulled", PulledText.members(pulled, name, replica))
        }
        if pulled.relayWasReset { output.line("\(time)  \(name) had lost its place, and was given back what it lacked.") }
        if let line = ReceivedText.line(received) { output.line("\(time)  \(line)") }
        try ReceivedText.reportDuplicates(received, replica, output)
        if received.changes > 0 { try ReceivedText.reportConflicts(replica, output, strict: false) }
    }

    func end() {
        let (seconds, _) = (ContinuousClock.now - start).components
        if output.mode == .json {
            output.json("watched", [("seconds", JSON(Int(seconds))), ("arrivals", JSON(arrivals)), ("changes", JSON(changes))])
        } else {
            let what = changes == 0 ? "nothing came" : "\(ExchangeRunner.count(changes, "change")) came"
            output.line("Watched for \(Self.duration(Int(seconds))): \(what).")
        }
        output.flush()
    }

    /// `21:14`, as clocks show it here.
    private var time: String {
        let now = Surroundings.system.now()
        return LocalClock(now: now, environment: context.environment).text(now).split(separator: " ").last.map(String.init) ?? ""
    }

    static func duration(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        default: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        }
    }
}
