import Synchronization

@testable import SyncServer

/// What a listener was told so far.
final class Heard: Sendable {
    private struct State {
        var count = 0
        var isOver = false
    }

    private let state: Mutex<State>
    private let task: Mutex<Task<Void, Never>?>

    init(_ news: AsyncStream<Announcement>) {
        state = Mutex(State())
        task = Mutex(nil)
        let listening = Task { [weak self] in
            for await _ in news { self?.state.withLock { $0.count += 1 } }
            self?.state.withLock { $0.isOver = true }
        }
        task.withLock { $0 = listening }
    }

    deinit { task.withLock { $0?.cancel() } }

    var count: Int { state.withLock { $0.count } }
    var isOver: Bool { state.withLock { $0.isOver } }
}
