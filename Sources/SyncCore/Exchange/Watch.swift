/// Keeps a replica up to date with a relay, until its task is cancelled.
///
/// It pulls, listens, pulls whenever there is news, and begins again when the connection breaks: at once, and then after longer and
/// longer, by chance, so that a team's devices do not all come back in one moment (M. Brooker, "Exponential backoff and jitter", 2015).
public struct Watch {
    public enum Event: Sendable {
        case pulled(PullReport)
        /// What arrives is heard from now on.
        case listening
        /// It is tried again after so many seconds.
        case lost(SyncError, seconds: Double)
    }

    private let exchange: Exchange
    private let surroundings: Surroundings
    private let shortest: Double
    private static let longest = 60.0

    /// What is over some time: no way to the relay, and another process that writes for long.
    private static let passing: Set<SyncError.Kind> = [.unreachable, .storeInUse]

    /// Longer than a relay is silent, and not much: so long goes by until a connection that died while the machine slept is noticed.
    private static let patience = 15

    /// - Parameter shortest: How many seconds it waits at most before it tries again for the first time.
    public init(_ replica: Replica, remote: StoredRemote, shortest: Double = 1) throws {
        exchange = try Exchange(replica, remote: remote, timeoutSeconds: Self.patience)
        surroundings = replica.surroundings
        self.shortest = shortest
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
                let seconds = wait(after: failures)
                try await tell(.lost(error, seconds: seconds))
                try await Task.sleep(for: .seconds(seconds))
            }
        }
    }

    /// Between half of a time that doubles with each failure, and all of it.
    func wait(after failures: Int) -> Double {
        let most = min(Self.longest, shortest * Double(1 << min(failures - 1, 16)))
        let chance = Double(surroundings.random(1)[0]) / 255
        return most * (0.5 + 0.5 * chance)
    }
}
