import SyncCore
import Synchronization

/// Tells whoever listens to a team that something of it was stored, and not what: who hears it looks.
///
/// News that nobody took yet are one: a listener that is slow is told once, and holds nobody up.
final class TeamNews: Sendable {
    private struct State {
        var next = 0
        var listeners: [TeamHandle: [Int: AsyncStream<Void>.Continuation]] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// News of a team from now on; it ends when nobody reads it any more, and when the store is closed. Nil where `limit` listen already.
    func listen(to team: TeamHandle, limit: Int) -> AsyncStream<Void>? {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number: Int? = state.withLock { state in
            guard state.listeners[team]?.count ?? 0 < limit else { return nil }
            guard !state.isClosed else { return -1 }
            state.next += 1
            state.listeners[team, default: [:]][state.next] = continuation
            return state.next
        }
        guard let number else { return nil }
        if number < 0 { continuation.finish() }
        continuation.onTermination = { [weak self] _ in self?.forget(number, of: team) }
        return stream
    }

    private func forget(_ number: Int, of team: TeamHandle) {
        state.withLock { state in
            state.listeners[team]?[number] = nil
            if state.listeners[team]?.isEmpty ?? false { state.listeners[team] = nil }
        }
    }

    /// Something of this team was stored, and can be read.
    func announce(_ team: TeamHandle) {
        for listener in state.withLock({ Array(($0.listeners[team] ?? [:]).values) }) { listener.yield() }
    }

    /// Something of any team may have been stored: after nothing was heard for a while from where news come.
    func announceAll() {
        for listener in state.withLock({ $0.listeners.values.flatMap(\.values) }) { listener.yield() }
    }

    /// Ends what everybody listens to, now and later.
    func close() {
        let all = state.withLock { state in
            state.isClosed = true
            return state.listeners.values.flatMap(\.values)
        }
        for listener in all { listener.finish() }
    }

    var count: Int { state.withLock { $0.listeners.values.reduce(0) { $0 + $1.count } } }
}
