import Foundation

/// Runs of seeds that nobody tried before, until the time is over.
struct FreshSeeds {
    var first: UInt64
    var seconds: Double
    var steps: Int?

    /// `SIM_SEED`: this one alone. `SIM_SECONDS`: how long; what a person waits for without being asked is short.
    static func asked(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> (seed: UInt64?, seeds: FreshSeeds) {
        var generator = SystemRandomNumberGenerator()
        let seconds = environment["SIM_SECONDS"].flatMap(Double.init) ?? 5
        return (
            environment["SIM_SEED"].flatMap { UInt64($0) },
            FreshSeeds(first: generator.next() >> 24, seconds: seconds, steps: environment["SIM_STEPS"].flatMap { Int($0) })
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
        let end = Date(timeIntervalSinceNow: seconds)
        let lanes = UInt64(max(1, ProcessInfo.processInfo.activeProcessorCount))
        return await withTaskGroup(of: Report.self) { group in
            for lane in 0..<lanes { group.addTask { await run(from: first + lane, every: lanes, until: end) } }
            var all = Report()
            for await report in group {
                all.counts += report.counts
                all.found += report.found
            }
            return all
        }
    }

    private func run(from first: UInt64, every stride: UInt64, until end: Date) async -> Report {
        var report = Report()
        var seed = first
        while Date() < end, report.found.count < Self.enough {
            let outcome = await Simulation.run(Workload.script(seed: seed, steps: steps))
            report.counts += outcome.counts
            if let failure = outcome.failure { report.found.append(Found(seed: seed, failure: failure)) }
            seed += stride
        }
        return report
    }
}
