import Foundation
import Synchronization

/// Runs of seeds that nobody tried before, until the time is over or so many were run.
struct FreshSeeds {
    var first: UInt64
    var seconds: Double
    /// How many, however long it takes; nil for as many as there is time for.
    var runs: Int?
    /// Of each run; nil for what its seed says.
    var steps: Int?

    /// `SIM_SEED`: this one alone. `SIM_SECONDS`: how long; what a person waits for without being asked is short. `SIM_RUNS`: how many,
    /// in the place of a time. `SIM_STEPS`: of each. `SIM_FIRST`: the seed to begin with.
    static func asked(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> (seed: UInt64?, seeds: FreshSeeds) {
        var generator = SystemRandomNumberGenerator()
        let seconds = environment["SIM_SECONDS"].flatMap(Double.init) ?? 5
        return (
            environment["SIM_SEED"].flatMap { UInt64($0) },
            FreshSeeds(
                first: environment["SIM_FIRST"].flatMap(UInt64.init) ?? generator.next() >> 24, seconds: seconds,
                runs: environment["SIM_RUNS"].flatMap { Int($0) }, steps: environment["SIM_STEPS"].flatMap { Int($0) })
        )
    }

    struct Found: Sendable {
        var seed: UInt64
        var failure: String
    }

    struct Report: Sendable {
        var counts = Counts()
        var found: [Found] = []
    }

    private static let enough = 3

    func run() async -> Report {
        let lanes = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let queue = Queue(first: first, runs: runs, end: Date(timeIntervalSinceNow: seconds))
        return await withTaskGroup(of: Report.self) { group in
            for _ in 0..<lanes { group.addTask { await run(from: queue) } }
            var all = Report()
            for await report in group {
                all.counts += report.counts
                all.found += report.found
            }
            return all
        }
    }

    private func run(from queue: Queue) async -> Report {
        var report = Report()
        while report.found.count < Self.enough, let seed = queue.next() {
            let outcome = await Simulation.run(Workload.script(seed: seed, steps: steps))
            report.counts += outcome.counts
            if let failure = outcome.failure { report.found.append(Found(seed: seed, failure: failure)) }
            queue.tell(outcome)
        }
        return report
    }

    /// The seeds that are still to be run. Of a long job somebody is told how far it is, once a minute.
    private final class Queue: Sendable {
        private struct State {
            var next: UInt64
            var left: Int?
            var done = Counts()
            var failed = 0
            var told = Date()
        }

        private static let interval = 60.0
        private let end: Date
        private let state: Mutex<State>

        init(first: UInt64, runs: Int?, end: Date) {
            self.end = end
            state = Mutex(State(next: first, left: runs))
        }

        func next() -> UInt64? {
            state.withLock { state in
                if let left = state.left {
                    guard left > 0 else { return nil }
                    state.left = left - 1
                } else if Date() >= end {
                    return nil
                }
                defer { state.next += 1 }
                return state.next
            }
        }

        func tell(_ outcome: Simulation.Outcome) {
            let line: String? = state.withLock { state in
                state.done += outcome.counts
                if outcome.failure != nil { state.failed += 1 }
                guard Date().timeIntervalSince(state.told) >= Self.interval else { return nil }
                state.told = Date()
                return "\(state.done); \(state.failed) failed; at seed \(state.next)"
            }
            if let line { print(line) }
        }
    }
}
