import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// What HTTP/2 needs beside HTTP/1.1 for each request: the connection is told of it, and it does not stay open after its answer.
final class StreamWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limit: TimeAmount
    private var connection: ConnectionWatch?
    private var alarm: Scheduled<Void>?

    init(limit: TimeAmount) { self.limit = limit }

    func handlerAdded(context: ChannelHandlerContext) {
        connection = try? context.channel.parent?.pipeline.syncOperations.handler(type: ConnectionWatch.self)
        connection?.requestBegins()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        alarm?.cancel()
        connection?.requestEnds()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var part = unwrapOutboundIn(data)
        switch part {
        case .head(var head):
            // RFC 9113, 8.2.2: of one connection's requests none may end it.
            head.headerFields[.connection] = nil
            part = .head(head)
        case .body: break
        case .end:
            // A peer that does not take the rest of the answer, or goes on sending what nobody reads.
            alarm = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { context.close(promise: nil) }
        }
        context.write(wrapOutboundOut(part), promise: promise)
    }

    /// A stream has no half that could be closed: it would be cut, and with it the answer that is on its way. The answer's end does it.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
    }
}
