import ArgumentParser
import SyncCore

struct RemoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remote", abstract: "The relays that this device exchanges with.",
        subcommands: [RemoteAdd.self, RemoteList.self, RemoteRemove.self])
}

struct RemoteAdd: Command {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a relay.",
        discussion: """
            A relay that made its own certificate shows a fingerprint, by which devices know it whatever its name; an invite carries it by
            itself.

              sync remote add relay https://relay.example
              sync remote add relay https://192.0.2.7:7373 --fingerprint 3f5a…
            """)

    @Argument(help: "What to call it here.")
    var name: String

    @Argument(help: "Its address; a fingerprint may stand behind it, as #sha256=…")
    var url: String

    @Option(help: ArgumentHelp("The one key that is accepted of it: its SHA-256, 64 digits.", valueName: "digits"))
    var fingerprint: String?

    @Option(help: ArgumentHelp("What the relay's operator gave to your team, which is new there; the relay is asked at once.", valueName: "token"))
    var admission: String?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        let address = try RelayAddress(url, pin: fingerprint.map { try CertificatePin(text: $0) })
        guard name.utf8.count <= 100, !name.isEmpty, Printable.escaped(name) == name, !name.contains(" ") else {
            throw SyncError(.usage, "A remote's name is one word.", safe: Failure.unchanged)
        }
        let replica = try context.open()
        try replica.addRemote(name: name, url: address.text)
        if let admission { try await begin(admission, replica) }
        switch context.output.mode {
        case .json: context.output.json("remote", [("name", .string(name))] + RemoteText.fields(address.text))
        default: context.output.say("Added \(name, .strong), \(RemoteText.line(address.text)). It is asked at the next  \("sync now", .strong)")
        }
    }
}

extension RemoteAdd {
    /// Where the relay does not take the team, there is no such remote.
    private func begin(_ admission: String, _ replica: Replica) async throws {
        do {
            guard let remote = try replica.remote(name) else { return }
            try await Exchange(replica, remote: remote).begin(admission: admission)
        } catch {
            try replica.removeRemote(name)
            throw error
        }
    }
}

struct RemoteList: Command {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Show them.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        var table = Table(.fixed, .fixed, .fixed)
        for remote in try context.open().remotes() {
            let age = remote.exchanged.map { context.clock.now - $0 }
            switch context.output.mode {
            case .json:
                context.output.json(
                    "remote",
                    [("name", .string(remote.name))] + RemoteText.fields(remote.url) + [
                        ("exchanged", remote.exchanged.map(JSON.integer) ?? .null)
                    ])
            case .plain: context.output.line("\(remote.name)\(Line("\t", .separator))\(remote.url)")
            case .text:
                let when = age.map { "last exchange \(LocalClock.age($0)) ago" } ?? "no exchange yet"
                table.add(Line(remote.name, .strong), Line(RemoteText.line(remote.url)), Line(when, .faint))
            }
        }
        if context.output.mode == .text { context.output.table(table) }
    }
}

struct RemoteRemove: Command {
    static let configuration = CommandConfiguration(commandName: "rm", abstract: "Forget one. Records stay.")

    @Argument(help: "What it is called here.")
    var name: String

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        try context.open().removeRemote(name)
        context.output.say("Forgot \(name). No record was touched.")
    }
}
