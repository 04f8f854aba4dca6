#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import ArgumentParser

@main
struct Sync: AsyncParsableCommand {
    static let version = "0.1.0"
    private static let versionLine = "sync \(version)"

    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Document rallies and petitions together, with or without a network.",
        discussion: """
            Every device holds everything. Nothing below needs a network unless it says so.
            Every command takes --store, --team, --passphrase-file, --json, --plain, -q, -v, --color, --no-input and --yes.
            More:  sync help exit-codes · environment · formats · privacy
            """,
        version: versionLine,
        groupedSubcommands: [
            CommandGroup(
                name: "Records",
                subcommands: [
                    EventCommand.self, PetitionCommand.self, SearchCommand.self, ShowCommand.self, HistoryCommand.self,
                    DiffCommand.self, UndoCommand.self, ConflictsCommand.self, DuplicatesCommand.self,
                ]),
            CommandGroup(
                name: "Exchange (needs a network)",
                subcommands: [
                    NowCommand.self, PullCommand.self, PushCommand.self, RemoteCommand.self, InviteCommand.self,
                    JoinCommand.self, RecoverCommand.self, WatchCommand.self, ServeCommand.self,
                ]),
            CommandGroup(name: "The team", subcommands: [DevicesCommand.self, ReviewCommand.self, RedactCommand.self]),
            CommandGroup(name: "Files", subcommands: [BundleCommand.self, ImportCommand.self, ExportCommand.self]),
            CommandGroup(
                name: "This device",
                subcommands: [
                    InitCommand.self, StatusCommand.self, LogCommand.self, PassphraseCommand.self, UnlockCommand.self,
                    LockCommand.self, KeyCommand.self, DoctorCommand.self, RebuildCommand.self, BackupCommand.self, RestoreCommand.self,
                    WipeCommand.self,
                ]),
        ])

    @OptionGroup(visibility: .hidden)
    var global: GlobalOptions

    /// Without a command: help for people; for scripts that mean the program of this name in coreutils, what that one does.
    mutating func run() async throws {
        guard isatty(STDOUT_FILENO) == 1 else {
            systemSync()
            return
        }
        throw CleanExit.helpRequest(Sync.self)
    }

    static func main() async {
        // Whatever this process makes is for its user alone.
        umask(0o077)
        signal(SIGPIPE, SIG_IGN)
        signal(SIGINT) { _ in _exit(130) }
        let arguments = Array(CommandLine.arguments.dropFirst())
        leave(await run(arguments))
    }

    private static func run(_ arguments: [String]) async -> Int32 {
        do {
            if arguments == ["--version"] {
                let output = Output(GlobalOptions.forTalk, Environment())
                output.raw(Array((versionLine + "\n").utf8))
                output.flush()
                return 0
            }
            if var command = QuickReader.read(arguments) {
                try await command.run()
                return 0
            }
            if try HelpTopic.print(arguments) { return 0 }
            var command = try parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return 0
        } catch {
            return Failure.report(error, arguments: arguments)
        }
    }
}

// `sync` and `exit` mean other things inside the type.
private func systemSync() { sync() }
private func leave(_ code: Int32) -> Never { exit(code) }
