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

            Each option may also be an environment variable (SYNC_SERVE_LISTEN, SYNC_SERVE_SELF_SIGNED=true), or stand in a file of JSON \
            that --config names: { "listen": "0.0.0.0:7373", "self-signed": true }. Options go before variables, and these before the file; \
            --check says where each setting comes from.
            """,
        subcommands: [ServeToken.self, ServeStats.self, ServeBackup.self])

    @Option(help: .setting("Where to listen; port 0 takes any that is free.", "127.0.0.1:7373", "host:port"))
    var listen: String?

    @OptionGroup var place: ServePlace

    @Flag(
        help:
            "Only say where its settings come from, and whether it could start: that its folder or database and its certificate are right."
    )
    var check = false

    @Flag(inversion: .prefixedNo, help: "Accept new teams on any address, without a token.")
    var open: Bool?

    @Option(
        help: ArgumentHelp("Tell on an address of this machine how it is: /healthz, /readyz, /metrics.", valueName: "host:port"))
    var operations: String?

    @OptionGroup(title: "TLS") var tls: ServeTLS
    @OptionGroup(title: "Limits") var limits: ServeLimits
    @OptionGroup(title: "Global options") var global: GlobalOptions

    private var given: GivenSettings {
        [.listen: listen, .open: open.map { $0 ? "true" : "false" }, .operations: operations]
            .merging(tls.given) { here, _ in here }.merging(limits.given) { here, _ in here }
    }

    func run(_ context: Context) async throws {
        let settings = try ServeSettings(await place.sources(context, with: given), context)
        let logger = Logger(label: "sync.relay") { _ in RelayLog(isVerbose: global.verbose) }
        if check { ServeCheckText.tell(settings.found, context.output) }
        let kept = try settings.kept
        let relay = RelayServer(
            .init(
                host: settings.listen.host, port: settings.listen.port, security: settings.security.security,
                dataFolder: settings.folder,
                storage: settings.storage, admission: settings.isOpen ? .open : .loopbackOnly, limits: settings.limits,
                operations: operationsAddress(settings.operations), version: Sync.version),
            logger: logger)
        if check {
            try await relay.check()
            return ServeCheckText.tellReady(kept, context.output)
        }
        try await relay.run { [settings, global] port in
            let url = "\(settings.security.scheme)://\(settings.listen.bracketed):\(port)"
            let pin = (try? relay.certificatePin()).flatMap(\.self)
            let output = RelayLog.output(isJSON: global.json)
            if global.json {
                output.json(
                    "listening", [("url", .string(url)), ("folder", .string(kept)), ("fingerprint", JSON(pin?.text))])
            } else {
                output.line("Listening on \(url), keeping what comes in \(kept)")
                if let address = settings.security.address(pin, at: settings.listen, port: port) {
                    output.line("Devices reach it by  \("sync remote add relay \(address)", .strong)")
                }
                if !settings.isOpen, !Loopback.isLoopback(settings.listen.host) {
                    output.line("New teams begin with a token:  \("sync serve token", .strong)")
                }
                if !global.quiet { output.line("Stop it with Ctrl-C: it finishes what it acknowledged.") }
            }
            output.flush()
        }
    }

    private func operationsAddress(_ operations: HostPort?) -> RelayServer.OperationsAddress? {
        let isJSON = global.json
        return operations.flatMap { operations in
            RelayServer.OperationsAddress(host: operations.host, port: operations.port) { port in
                let output = RelayLog.output(isJSON: isJSON)
                let url = "http://\(operations.bracketed):\(port)"
                if isJSON {
                    output.json("operations", [("url", .string(url))])
                } else {
                    output.line("Telling how it is on \(url)/metrics")
                }
                output.flush()
            }
        }
    }
}
