import NIOCore

/// Ends a connection with TLS on which nothing is asked: one whose handshake does not end, and one of HTTP/2 without an open request.
/// What merely arrives on it does not keep it.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    static let name = "ConnectionWatch"

    private let limit: TimeAmount
    /// How long an end that was announced may take.
    private let courtesy: TimeAmount
    private var requests = 0
    private var alarm: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    init(limit: TimeAmount) {
        self.limit = limit
        courtesy = min(limit, .seconds(5))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // HTTP/2 says goodbye at the limit: this comes after it, for those who do not answer.
        setAlarm(in: limit + courtesy)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        alarm?.cancel()
        self.context = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, requests == 0 { setAlarm(in: courtesy) }
        context.fireUserInboundEventTriggered(event)
    }

    func requestBegins() {
        requests += 1
        alarm?.cancel()
    }

    func requestEnds() {
        requests -= 1
        if requests == 0 { setAlarm(in: limit + courtesy) }
    }

    private func setAlarm(in time: TimeAmount) {
        alarm?.cancel()
        guard let context else { return }
        alarm = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }
}
