import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import SyncCore

/// A relay's routes on a store, without opening or closing either.
func buildApplication(
    configuration: RelayServer.Configuration, store: some RelayStore, logger: Logger,
    onListening: @escaping @Sendable (Int) async -> Void = { _ in }
) -> some ApplicationProtocol {
    let limits = configuration.limits
    // A little more than is answered in words: a head that is longer by far is not read to its end.
    let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
        maxHeaderFieldSize: 2 * limits.headerBytes, maxHeaderListSize: 2 * limits.headerBytes, maxHeaderFieldCount: 100)
    return Application(
        router: buildRouter(configuration, store),
        server: .http1(configuration: .init(idleTimeout: .seconds(configuration.idleSeconds), httpDecoderConfiguration: decoder)),
        configuration: ApplicationConfiguration(
            address: .hostname(configuration.host, port: configuration.port),
            availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)),
        services: [LiveHeartbeat(news: store.news, seconds: limits.heartbeatSeconds)],
        onServerRunning: { channel in await onListening(channel.localAddress?.port ?? configuration.port) },
        logger: logger)
}

private func buildRouter(_ configuration: RelayServer.Configuration, _ store: some RelayStore) -> Router<RelayContext> {
    let access = Access(store: store)
    let body = BodyReader(seconds: configuration.transferSeconds)
    let frameSeconds = configuration.transferSeconds
    let mailbox = MailboxRoutes(store: store, access: access, body: body, surroundings: configuration.surroundings)

    let router = Router(context: RelayContext.self)
    router.add(middleware: RequestFrame(names: LogNames(configuration.surroundings)))
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
        SegmentRoutes(store: store, access: access, body: body, frameSeconds: frameSeconds).endpoints, atPath: team)
    router.addRoutes(
        LiveRoute(
            store: store, access: access, listenersPerTeam: configuration.limits.listenersPerTeam,
            seconds: configuration.limits.liveSeconds, frameSeconds: frameSeconds
        ).endpoints, atPath: team)
    router.addRoutes(WithdrawRoute(store: store, access: access, body: body).endpoints, atPath: team)
    return router
}
