import ArgumentParser
import Logging
import SyncCore
import SyncServer

struct ServeCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run a relay. It passes on what teams send, and can read none of it.",
        discussion: """
            On this machine's own address it accepts new teams. Put a web server with TLS in front of it to let others reach it:
            their devices speak https only.
            """)

    @Option(help: ArgumentHelp("Where to listen; port 0 takes any that is free.", valueName: "host:port"))
    var listen: String = "127.0.0.1:7373"

    @Option(help: ArgumentHelp("Where it keeps what it is given.", valueName: "dir"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "Keep it in PostgreSQL instead, together with other relays.",
            discussion: "Set SYNC_POSTGRES instead where others of this machine could read a password in its list of processes.",
            valueName: "url"))
    var postgres: String?

    @Flag(help: "Accept new teams on any address.")
    var open = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        let (host, port) = try address()
        guard let folder = data.map(StoreFinder.absolute) ?? context.environment.dataFolder.map({ $0 + "-relay" }) else {
            throw SyncError(
                .usage, "Neither HOME nor XDG_DATA_HOME is set.", safe: Failure.unchanged, next: "Name a folder with --data.")
        }
        let logger = Logger(label: "sync.relay") { _ in RelayLog(isVerbose: global.verbose) }
        let database = postgres ?? context.environment["SYNC_POSTGRES"]
        let storage = database.map { RelayStorage.postgreSQL(url: $0) } ?? .dataFolder
        let place = try storage.place ?? folder
        let relay = RelayServer(
            .init(
                host: host, port: port, dataFolder: folder, storage: storage, admission: open ? .open : .loopbackOnly,
                version: Sync.version),
            logger: logger)
        let isJSON = global.json
        let isQuiet = global.quiet
        try await relay.run { port in
            let url = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
            let output = RelayLog.output(isJSON: isJSON)
            if isJSON {
                output.json("listening", [("url", .string(url)), ("folder", .string(place))])
            } else {
                output.line("Listening on \(url), keeping what comes in \(place)")
                if !isQuiet { output.line("Stop it with Ctrl-C: it finishes what it acknowledged.") }
            }
            output.flush()
        }
    }

    private func address() throws -> (host: String, port: Int) {
        guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...]),
            (0...65535).contains(port)
        else {
            throw SyncError(.usage, "--listen takes HOST:PORT, such as 127.0.0.1:7373.", safe: Failure.unchanged)
        }
        let host = listen[..<colon].filter { $0 != "[" && $0 != "]" }
        return (String(host.isEmpty ? "127.0.0.1" : host), port)
    }
}
