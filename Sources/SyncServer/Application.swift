import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import SyncCore

/// A relay's routes on a store, without opening or closing either. `shelf`: where it speaks TLS,
/// with certificates that SIGHUP reads again if `isReloading`.
func buildApplication(
    configuration: RelayServer.Configuration, store: some RelayStore, shelf: CertificateShelf? = nil,
    isReloading: Bool = false, metrics: RelayMetrics = RelayMetrics(), logger: Logger,
    onListening: @escaping @Sendable (Int) async -> Void = { _ in }
) -> some ApplicationProtocol {
    let limits = configuration.limits
    var application = Application(
        router: buildRouter(configuration, store, metrics),
        server: buildServer(configuration, shelf),
        configuration: ApplicationConfiguration(
            address: .hostname(configuration.host, port: configuration.port),
            availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)),
        services: [LiveHeartbeat(news: store.news, seconds: limits.heartbeatSeconds)],
        onServerRunning: { channel in await onListening(channel.localAddress?.port ?? configuration.port) },
        logger: logger)
    if let address = configuration.operations {
        application.addServices(buildOperations(address, configuration, store: store, metrics: metrics, logger: logger))
    }
    if isReloading, let shelf { application.addServices(ReloadingAtHangUp(shelf: shelf, logger: logger)) }
    return application
}

private func buildServer(_ configuration: RelayServer.Configuration, _ shelf: CertificateShelf?) -> HTTPServerBuilder {
    // A little more than is answered in words: a head that is longer by far is not read to its end.
    let headerBytes = 2 * configuration.limits.headerBytes
    let http1 = HTTP1Channel.Configuration(
        idleTimeout: .seconds(configuration.idleSeconds),
        httpDecoderConfiguration: .init(maxHeaderFieldSize: headerBytes, maxHeaderListSize: headerBytes, maxHeaderFieldCount: 100))
    guard let shelf else { return .http1(configuration: http1) }
    return HTTPServerBuilder { SecureChannel(shelf, http1: http1, idleSeconds: configuration.idleSeconds, responder: $0) }
}

func buildRouter(
    _ configuration: RelayServer.Configuration, _ store: some RelayStore, _ metrics: RelayMetrics
) -> Router<RelayContext> {
    let access = Access(store: store)
    let body = BodyReader(seconds: configuration.transferSeconds)
    let frameSeconds = configuration.transferSeconds
    let mailbox = MailboxRoutes(store: store, access: access, body: body, surroundings: configuration.surroundings)

    let router = Router(context: RelayContext.self)
    router.add(middleware: RequestFrame(names: LogNames(configuration.surroundings), metrics: metrics))
    let meter = configuration.limits.requestsPerMinute.map { RequestMeter(perMinute: $0, surroundings: configuration.surroundings) }
    router.add(middleware: RequestLimits(headerBytes: configuration.limits.headerBytes, meter: meter))
    router.addRoutes(HealthRoute(version: configuration.version).endpoints)
    router.addRoutes(mailbox.openEndpoints, atPath: "v1")
    router.addRoutes(RecoveryRoute(store: store).endpoints, atPath: "v1")
    let team: RouterPath = "v1/teams/:team"
    router.addRoutes(mailbox.teamEndpoints, atPath: team)
    router.addRoutes(
        RegistrationRoutes(
            store: store, access: access, body: body, admission: configuration.admission, host: configuration.host
        ).endpoints, atPath: team)
    router.addRoutes(
        ControlRoutes(store: store, access: access, body: body, frameSeconds: frameSeconds).endpoints, atPath: team)
    router.addRoutes(
        SegmentRoutes(store: store, access: access, body: body, frameSeconds: frameSeconds, metrics: metrics).endpoints, atPath: team)
    router.addRoutes(
        LiveRoute(
            store: store, access: access, listenersPerTeam: configuration.limits.listenersPerTeam,
            seconds: configuration.limits.liveSeconds, frameSeconds: frameSeconds
        ).endpoints, atPath: team)
    router.addRoutes(WithdrawRoute(store: store, access: access, body: body).endpoints, atPath: team)
    return router
}
