import NIOCore
import NIOPosix
import Synchronization

/// The wire between devices and a relay: what passes is kept, and it can be cut after any byte.
///
/// It listens on a port of its own, so a relay that was killed may come back on another one.
final class Wire: Sendable {
    enum Way: Sendable { case toRelay, fromRelay }

    private struct State {
        var listener: (any Channel)?
        var relayPort = 0
        var passed: [Way: [UInt8]] = [:]
        var way: Way?
        var left = 0
        var whenCut: (@Sendable () -> Void)?
        var isDown = false
    }

    private let state = Mutex(State())

    init() throws {
        let listener = try ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { [weak self] device in self?.join(device) ?? device.close() }
            .bind(host: "127.0.0.1", port: 0).wait()
        state.withLock { $0.listener = listener }
    }

    deinit { state.withLock { $0.listener?.close(promise: nil) } }

    var url: String { "http://127.0.0.1:\(state.withLock { $0.listener?.localAddress?.port } ?? 0)" }

    func lead(to relayPort: Int) { state.withLock { $0.relayPort = relayPort } }

    /// Lets `bytes` pass on one way; then everything is down until `mend()`. `whenCut` is called when the
    /// last of them is on its way.
    func cut(_ way: Way, after bytes: Int, whenCut: (@Sendable () -> Void)? = nil) {
        state.withLock { ($0.way, $0.left, $0.whenCut) = (way, bytes, whenCut) }
    }

    /// Makes it whole again, and says whether it had been cut.
    @discardableResult
    func mend() -> Bool {
        state.withLock { state in
            defer { (state.way, state.whenCut, state.isDown) = (nil, nil, false) }
            return state.isDown
        }
    }

    func passed(_ way: Way) -> [UInt8] { state.withLock { $0.passed[way] ?? [] } }

    /// How many bytes pass on one way while `body` runs.
    func bytes(_ way: Way, during body: () throws -> Void) rethrows -> Int {
        let before = passed(way).count
        try body()
        return passed(way).count - before
    }

    private func join(_ device: any Channel) -> EventLoopFuture<Void> {
        let (port, isDown) = state.withLock { ($0.relayPort, $0.isDown) }
        guard !isDown else { return device.close() }
        return ClientBootstrap(group: device.eventLoop).connect(host: "127.0.0.1", port: port).flatMap { relay in
            device.pipeline.addHandler(End(wire: self, other: relay, way: .toRelay)).flatMap {
                relay.pipeline.addHandler(End(wire: self, other: device, way: .fromRelay))
            }
        }
    }

    /// What of `buffer` may pass; where the wire ends there, what is to be done before its connections end.
    fileprivate func pass(_ buffer: ByteBuffer, _ way: Way) -> (part: ByteBuffer, cut: (@Sendable () -> Void)?) {
        state.withLock { state in
            guard !state.isDown else { return (ByteBuffer(), {}) }
            var part = buffer
            if state.way == way {
                part = part.readSlice(length: min(state.left, part.readableBytes)) ?? ByteBuffer()
                state.left -= part.readableBytes
                state.isDown = state.left == 0
            }
            state.passed[way, default: []] += part.readableBytesView
            return (part, state.isDown ? state.whenCut ?? {} : nil)
        }
    }
}

/// One end of a connection through the wire: what comes in goes out at the other.
private final class End: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    let wire: Wire
    let other: any Channel
    let way: Wire.Way

    init(wire: Wire, other: any Channel, way: Wire.Way) {
        self.wire = wire
        self.other = other
        self.way = way
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let (part, cut) = wire.pass(unwrapInboundIn(data), way)
        let (other, channel) = (other, context.channel)
        other.writeAndFlush(part).whenComplete { _ in
            guard let cut else { return }
            cut()
            other.close(promise: nil)
            channel.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
}
