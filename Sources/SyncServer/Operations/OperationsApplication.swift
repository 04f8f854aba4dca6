import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SyncCore

/// What whoever runs a relay asks it, on an address of its own that only this machine reaches.
func buildOperations(
    _ address: RelayServer.OperationsAddress, _ configuration: RelayServer.Configuration, store: some RelayStore, metrics: RelayMetrics,
    logger: Logger
) -> some ApplicationProtocol {
    let router = Router(context: BasicRequestContext.self)
    router.get("healthz") { _, _ in "ok\n" }
    router.get("readyz") { _, _ in
        do {
            try await store.checkReady()
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "ready\n")))
        } catch {
            return Response(status: .serviceUnavailable, body: ResponseBody(byteBuffer: ByteBuffer(string: "not ready: \(FailureCode(error))\n")))
        }
    }
    router.get("metrics") { _, _ in
        let page = MetricsPage(metrics.counts, try await store.usage(), listeners: store.news.count)
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: page.text)))
    }
    return Application(
        router: router, server: .http1(configuration: .init(idleTimeout: .seconds(configuration.idleSeconds))),
        configuration: ApplicationConfiguration(address: .hostname(address.host, port: address.port)),
        onServerRunning: { channel in await address.onListening(channel.localAddress?.port ?? address.port) }, logger: logger)
}

extension RelayServer {
    /// Where a relay tells its operator how it is. Anybody who reaches it is told.
    public struct OperationsAddress: Sendable {
        public var host: String
        /// 0: any that is free, told to `onListening`.
        public var port: Int
        public var onListening: @Sendable (_ port: Int) async -> Void

        /// Nil for a host that is not this machine's own.
        public init?(host: String, port: Int, onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }) {
            guard Loopback.isLoopback(host) else { return nil }
            self.host = host
            self.port = port
            self.onListening = onListening
        }
    }
}
