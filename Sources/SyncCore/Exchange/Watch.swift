/// Keeps a replica up to date with a relay, until its task is cancelled.
///
/// It pulls, listens, pulls whenever there is news, and begins again when the connection breaks, as `Backoff` says.
public struct Watch {
    public enum Event: Sendable {
        case pulled(PullReport)
        /// What arrives is heard from now on.
        case listening
        /// It is tried again after so many seconds.
        case lost(SyncError, seconds: Double)
    }

    private let exchange: Exchange
    private let backoff: Backoff

    /// What is over some time: no way to the relay, and another process that writes for long.
    private static let passing: Set<SyncError.Kind> = [.unreachable, .storeInUse]

    /// Longer than a relay is silent, and not much: so long goes by until a connection that died while the machine slept is noticed.
    static let patience = 15

    /// - Parameter shortest: How many seconds it waits at most before it tries again for the first time.
    public init(_ replica: Replica, remote: StoredRemote, shortest: Double = 1) throws {
        exchange = try Exchange(replica, remote: remote, timeoutSeconds: Self.patience)
        backoff = Backoff(shortest: shortest, surroundings: replica.surroundings)
    }

    /// What people call the other side.
    public var name: String { exchange.name }

    /// - Throws: What no repetition mends: `notJoined`, `integrity`, `refused`; `CancellationError`, and whatever `tell` throws.
    public func run(_ tell: (Event) async throws -> Void) async throws {
        var failures = 0
        while true {
            try Task.checkCancellation()
            do {
                try await tell(.pulled(exchange.pull()))
                try await tell(.listening)
                failures = 0
                try await exchange.listen { try await tell(.pulled(exchange.pull())) }
            } catch let error as SyncError where Self.passing.contains(error.kind) {
                failures += 1
                let seconds = backoff.seconds(after: failures)
                try await tell(.lost(error, seconds: seconds))
                try await Task.sleep(for: .seconds(seconds))
            }
        }
    }
}
