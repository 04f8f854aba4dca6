import ArgumentParser
import Logging
import SyncCore
import SyncServer

struct ServeCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run a relay. It passes on what teams send, and can read none of it.",
        discussion: """
            On this machine's own address it accepts new teams. To let others reach it, whose devices speak https only:

              sync serve --listen 0.0.0.0:7373 --self-signed --open      devices know it by a fingerprint, which invites carry
              sync serve --listen 0.0.0.0:443 --certificate chain.pem --key key.pem --open
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

    @OptionGroup(title: "TLS") var tls: ServeTLS
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
                host: host, port: port, security: tls.security, dataFolder: folder, storage: storage,
                admission: open ? .open : .loopbackOnly, version: Sync.version),
            logger: logger)
        try await relay.run { [tls, global] port in
            let url = "\(tls.scheme)://\(Self.bracketed(host)):\(port)"
            let pin = (try? relay.certificatePin()).flatMap(\.self)
            let output = RelayLog.output(isJSON: global.json)
            if global.json {
                output.json(
                    "listening", [("url", .string(url)), ("folder", .string(place)), ("fingerprint", JSON(pin?.text))])
            } else {
                output.line("Listening on \(url), keeping what comes in \(place)")
                if let address = tls.address(pin, host: host, port: port) {
                    output.line("Devices reach it by  \("sync remote add relay \(address)", .strong)")
                }
                if !global.quiet { output.line("Stop it with Ctrl-C: it finishes what it acknowledged.") }
            }
            output.flush()
        }
    }

    static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }

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
