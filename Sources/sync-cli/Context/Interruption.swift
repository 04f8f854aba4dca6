import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A command that goes on until somebody ends it: Ctrl-C, and being asked to stop, cancel its work instead of killing the process.
final class Interruption: Sendable {
    private struct State {
        var hasCome = false
        var cancel: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    var hasCome: Bool { state.withLock { $0.hasCome } }

    /// Runs `work` until it ends or somebody ends it.
    ///
    /// - Throws: What `work` throws: where it was ended, most likely a `CancellationError`, and `hasCome` says so.
    func ending(_ work: () async throws -> Void) async throws {
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { self.come() }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        withUnsafeCurrentTask { task in
            // Used under the lock alone, and taken away under it below, while this task is still there.
            nonisolated(unsafe) let task = task
            state.withLock { $0.cancel = { task?.cancel() } }
        }
        defer { state.withLock { $0.cancel = nil } }
        try await work()
    }

    private func come() {
        state.withLock { state in
            state.hasCome = true
            state.cancel?()
        }
    }
}
