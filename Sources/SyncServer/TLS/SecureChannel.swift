import HummingbirdCore
import HummingbirdHTTP2
import Logging
import NIOCore
import NIOSSL
import NIOTLS

/// A connection with TLS, and HTTP/2 or HTTP/1.1 in it, as its other side can.
///
/// Hummingbird's own reads the certificate once, and waits for ever for a handshake that does not end.
struct SecureChannel: ServerChildChannel {
    enum Connection: Sendable {
        case http1(HTTP1Channel.Value)
        case http2(HTTP2Channel.Value)
    }

    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let connection: EventLoopFuture<Connection>
    }

    private let shelf: CertificateShelf
    private let idle: TimeAmount
    private let http1: HTTP1Channel
    private let http2: HTTP2Channel

    init(_ shelf: CertificateShelf, http1: HTTP1Channel.Configuration, idleSeconds: Int64, responder: @escaping HTTPChannelHandler.Responder) {
        let idle = TimeAmount.seconds(idleSeconds)
        self.shelf = shelf
        self.idle = idle
        self.http1 = HTTP1Channel(responder: responder, configuration: http1)
        http2 = HTTP2Channel(
            responder: responder,
            configuration: .init(
                idleTimeout: .seconds(idleSeconds), gracefulCloseTimeout: .seconds(idleSeconds),
                streamConfiguration: .init(additionalChannelHandlers: [StreamWatch(limit: idle)], idleTimeout: idle)))
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let watch = ConnectionWatch(limit: idle)
            let negotiation = NIOTypedApplicationProtocolNegotiationHandler<Connection> { result, channel in
                if case .negotiated("h2") = result { return http2.setup(channel: channel, logger: logger).map { .http2($0) } }
                // From here on the handlers of HTTP/1.1 see to what is idle.
                channel.pipeline.syncOperations.removeHandler(name: ConnectionWatch.name, promise: nil)
                return http1.setup(channel: channel, logger: logger).map { .http1($0) }
            }
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(watch, name: ConnectionWatch.name)
            try pipeline.addHandler(NIOSSLServerHandler(context: shelf.context))
            try pipeline.addHandler(negotiation)
            return Value(channel: channel, connection: negotiation.protocolNegotiationResult)
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.connection.get() {
            case .http1(let value): await http1.handle(value: value, logger: logger)
            case .http2(let value): await http2.handle(value: value, logger: logger)
            }
        } catch {
            logger.debug("No handshake", metadata: ["error": "\(FailureCode(error))"])
        }
    }
}
