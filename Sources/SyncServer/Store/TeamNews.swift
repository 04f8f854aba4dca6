import SyncCore
import Synchronization

/// Tells whoever listens to a team that something of it was stored, and not what: who hears it looks.
///
/// News that nobody took yet are one: a listener that is slow is told once, and holds nobody up.
final class TeamNews: Sendable {
    private struct State {
        var next = 0
        var listeners: [TeamHandle: [Int: AsyncStream<Announcement>.Continuation]] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// News of a team from now on; it ends when nobody reads it any more, and when the store is closed. Nil where `limit` listen already.
    func listen(to team: TeamHandle, limit: Int) -> AsyncStream<Announcement>? {
        let (stream, continuation) = AsyncStream.makeStream(of: Announcement.self, bufferingPolicy: .bufferingNewest(1))
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
        let announcement = Announcement()
        for listener in state.withLock({ Array(($0.listeners[team] ?? [:]).values) }) { listener.yield(announcement) }
    }

    /// Something of any team may have been stored: now and then, and after nothing was heard for a while from where news come.
    func announceAll() {
        for listeners in state.withLock({ Array($0.listeners.values) }) {
            let announcement = Announcement()
            for listener in listeners.values { listener.yield(announcement) }
        }
    }

    /// Ends what everybody listens to, now and later.
    func close() {
        let all = state.withLock { state in
            state.isClosed = true
            return state.listeners.values.flatMap(\.values)
        }
        for listener in all { listener.finish() }
    }

    /// How many listen.
    var count: Int { state.withLock { $0.listeners.values.reduce(0) { $0 + $1.count } } }
}

/// That there is something new, and, for all who were told so at once, what a single look at the store said.
final class Announcement: Sendable {
    private let look = Mutex<Task<TeamSummary, any Error>?>(nil)

    /// The first who asks looks; the others wait for what it saw.
    func summary(by read: @escaping @Sendable () async throws -> TeamSummary) async throws -> TeamSummary {
        let task = look.withLock { look in
            if let look { return look }
            let task = Task { try await read() }
            look = task
            return task
        }
        return try await task.value
    }
}
