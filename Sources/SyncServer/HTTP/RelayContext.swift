import Hummingbird
import NIOCore
import Synchronization

/// What a relay keeps of one request.
struct RelayContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    let bodyState = BodyState()

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Whether the whole body was taken from the connection.
    final class BodyState: Sendable {
        private let taken = Mutex(false)

        var isTaken: Bool { taken.withLock { $0 } }
        func finish() { taken.withLock { $0 = true } }
    }

    /// Runs `work`, and cuts the connection when it takes longer: a peer that drips bytes is never idle.
    func within<Value>(seconds: Int64, _ work: () async throws -> Value) async throws -> Value {
        let channel = channel
        let alarm = channel.eventLoop.scheduleTask(in: .seconds(seconds)) { channel.close(promise: nil) }
        defer { alarm.cancel() }
        return try await work()
    }

    /// Ends the connection after what was written: our half now, the other soon, so that the peer can still read the answer.
    func closeSoon() {
        let channel = channel
        channel.close(mode: .output, promise: nil)
        channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
    }
}
