#if BROKEN_RULES
import Foundation
import Testing

@testable import SyncCore

/// Whether the simulator would notice: each rule is broken once on purpose, and must be found.
@Suite(.serialized) struct BrokenRuleTests {
    /// How long the simulator may look for what the laws find in a moment, and for what it must find alone.
    private static let seconds = ProcessInfo.processInfo.environment["SIM_BROKEN_SECONDS"].flatMap(Double.init) ?? 10
    private static let secondsAlone = 60.0

    @Test(arguments: BrokenRule.allCases) func `a broken rule is found`(rule: BrokenRule) async throws {
        let (laws, simulator) = await BrokenRule.$active.withValue(rule) {
            let laws = Self.seedsOfLaws()
            return (laws, await Self.seedsOfSimulator(seconds: laws == nil ? Self.secondsAlone : Self.seconds))
        }
        print("| \(rule.rawValue) | \(Self.text(laws)) | \(Self.text(simulator.seeds)) | \(simulator.what.prefix(100)) |")
        #expect(laws != nil || simulator.seeds != nil)
    }

    private static func text(_ seeds: Int?) -> String { seeds.map(String.init) ?? "not found" }

    private static func seedsOfLaws() -> Int? {
        (1...200).first { Laws.breach(seed: UInt64($0)) != nil }
    }

    private static func seedsOfSimulator(seconds: Double) async -> (seeds: Int?, what: String) {
        let end = Date(timeIntervalSinceNow: seconds)
        var seeds = 0
        while Date() < end {
            seeds += 1
            if let failure = await Simulation.run(Workload.script(seed: UInt64(seeds), options: .calm)).failure { return (seeds, failure) }
        }
        return (nil, "")
    }
}
#endif
