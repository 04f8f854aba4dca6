import Synchronization

/// What a relay counts of itself while it runs. Nothing in it says which team, device or address.
final class RelayMetrics: Sendable {
    struct Request: Hashable, Comparable, Sendable {
        var method: String
        /// The route's pattern.
        var route: String
        var status: Int

        static func < (a: Self, b: Self) -> Bool { (a.route, a.method, a.status) < (b.route, b.method, b.status) }
    }

    /// How long the requests of a route took until their answer began.
    struct Durations: Sendable {
        /// Seconds; the first that a request did not exceed counts it.
        static let bounds = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10]

        var counts = [Int](repeating: 0, count: bounds.count + 1)
        var sum = 0.0

        mutating func add(_ seconds: Double) {
            counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
            sum += seconds
        }
    }

    struct Counts: Sendable {
        var requests: [Request: Int] = [:]
        var durations: [String: Durations] = [:]
        var segmentsStored = 0
        var segmentsKnown = 0
        /// Runs, by why they were refused.
        var runsRefused: [String: Int] = [:]
        var bytesStored = 0
        var bytesServed = 0
    }

    private let state = Mutex(Counts())

    var counts: Counts { state.withLock { $0 } }

    func note(_ request: Request, seconds: Double) {
        state.withLock { counts in
            counts.requests[request, default: 0] += 1
            counts.durations[request.route, default: Durations()].add(seconds)
        }
    }

    func note(_ receipt: AppendReceipt) {
        state.withLock { counts in
            counts.segmentsStored += receipt.stored
            counts.segmentsKnown += receipt.known
            counts.bytesStored += receipt.bytes
            for refusal in receipt.refused { counts.runsRefused[refusal.reason.rawValue, default: 0] += 1 }
        }
    }

    func noteServed(_ bytes: Int) { state.withLock { $0.bytesServed += bytes } }
}
