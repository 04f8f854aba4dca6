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
              sync serve --listen 0.0.0.0:443 --certificate chain.pem --key key.pem

            There, new teams begin with a token that  sync serve token  makes, or with --open.
            """,
        subcommands: [ServeToken.self, ServeStats.self, ServeBackup.self])

    @Option(help: ArgumentHelp("Where to listen; port 0 takes any that is free.", valueName: "host:port"))
    var listen: String = "127.0.0.1:7373"

    @OptionGroup var place: ServePlace

    @Flag(help: "Only say whether it could start: that its folder or database, its certificate and its options are right.")
    var check = false

    @Flag(help: "Accept new teams on any address, without a token.")
    var open = false

    @Option(help: ArgumentHelp("Tell on an address of this machine how it is: /healthz, /readyz, /metrics.", valueName: "host:port"))
    var operations: String?

    @OptionGroup(title: "TLS") var tls: ServeTLS
    @OptionGroup(title: "Limits") var limits: ServeLimits
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) async throws {
        let (host, port) = try Self.address(listen, "--listen")
        let operations = try operationsAddress()
        let folder = try place.folder(context)
        let logger = Logger(label: "sync.relay") { _ in RelayLog(isVerbose: global.verbose) }
        let storage = place.storage(context)
        let kept = try storage.place ?? folder
        let relay = RelayServer(
            .init(
                host: host, port: port, security: tls.security, dataFolder: folder, storage: storage,
                admission: open ? .open : .loopbackOnly, limits: limits.limits, operations: operations, version: Sync.version),
            logger: logger)
        if check {
            try await relay.check()
            return context.output.line("It can start: \(kept) and everything else that it needs is there.")
        }
        try await relay.run { [tls, global, open] port in
            let url = "\(tls.scheme)://\(Self.bracketed(host)):\(port)"
            let pin = (try? relay.certificatePin()).flatMap(\.self)
            let output = RelayLog.output(isJSON: global.json)
            if global.json {
                output.json(
                    "listening", [("url", .string(url)), ("folder", .string(kept)), ("fingerprint", JSON(pin?.text))])
            } else {
                output.line("Listening on \(url), keeping what comes in \(kept)")
                if let address = tls.address(pin, host: host, port: port) {
                    output.line("Devices reach it by  \("sync remote add relay \(address)", .strong)")
                }
                if !open, !Loopback.isLoopback(host) { output.line("New teams begin with a token:  \("sync serve token", .strong)") }
                if !global.quiet { output.line("Stop it with Ctrl-C: it finishes what it acknowledged.") }
            }
            output.flush()
        }
    }

    static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }

    private func operationsAddress() throws -> RelayServer.OperationsAddress? {
        guard let operations else { return nil }
        let (host, port) = try Self.address(operations, "--operations")
        let isJSON = global.json
        let address = RelayServer.OperationsAddress(host: host, port: port) { port in
            let output = RelayLog.output(isJSON: isJSON)
            let url = "http://\(Self.bracketed(host)):\(port)"
            if isJSON { output.json("operations", [("url", .string(url))]) } else { output.line("Telling how it is on \(url)/metrics") }
            output.flush()
        }
        guard let address else {
            throw SyncError(
                .usage, "--operations takes an address that only this machine reaches, such as 127.0.0.1:7374.", safe: Failure.unchanged,
                next: "Whoever reaches it is told how many teams there are, and how busy they are.")
        }
        return address
    }

    private static func address(_ text: String, _ option: String) throws -> (host: String, port: Int) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65535).contains(port)
        else {
            throw SyncError(.usage, "\(option) takes HOST:PORT, such as 127.0.0.1:7373.", safe: Failure.unchanged)
        }
        let host = text[..<colon].filter { $0 != "[" && $0 != "]" }
        return (String(host.isEmpty ? "127.0.0.1" : host), port)
    }
}
