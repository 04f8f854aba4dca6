import Foundation
import Testing

@testable import SyncCore

@Suite(.serialized) struct SimulationTests {
    @Test(arguments: UInt64(1)...10) func `without accidents everything holds`(seed: UInt64) async {
        let outcome = await Simulation.run(Workload.script(seed: seed, options: .calm))
        #expect(outcome.failure == nil, "seed \(seed), step \(outcome.step)")
    }

    @Test func `the same seed is the same run`() async {
        let script = Workload.script(seed: 7, options: .calm)
        let outcomes = await [Simulation.run(script), Simulation.run(script)]
        #expect(outcomes[0].digest == outcomes[1].digest && !outcomes[0].digest.isEmpty)
    }

    @Test func `a script can be printed and read`() throws {
        let script = Workload.script(seed: 3)
        #expect(try Script(script.description) == script)
    }

    @Test(arguments: try Regressions.names()) func `what failed once does not fail again`(name: String) async throws {
        let outcome = await Simulation.run(try Regressions.script(name))
        #expect(outcome.failure == nil, "\(name), step \(outcome.step)")
    }

    @Test func `a failing script becomes short`() async {
        let script = Workload.script(seed: 5, options: .wild)
        let needed = script.steps.filter { $0.verb == .push }.prefix(3)
        let shrinking = Shrinking(seconds: 10) { candidate in
            needed.allSatisfy(candidate.steps.contains)
        }
        #expect(await shrinking.shortest(of: script).steps == Array(needed))
    }

    @Test func `fresh seeds`() async {
        let asked = FreshSeeds.asked()
        if let seed = asked.seed { return await again(seed, steps: asked.seeds.steps) }
        let report = await asked.seeds.run()
        print("\(report.counts), from seed \(asked.seeds.first)")
        for found in report.found { Issue.record("seed \(found.seed): \(found.failure)\nAgain, and made short:  make sim SEED=\(found.seed)") }
    }

    private static let shrinkingSeconds = 120.0

    private func again(_ seed: UInt64, steps: Int?) async {
        let script = Workload.script(seed: seed, steps: steps)
        let outcome = await Simulation.run(script)
        guard let failure = outcome.failure else { return }
        // What the start of a failure says is what went wrong; the rest are names that change.
        let kind = failure.prefix { !$0.isNumber }
        let short = await Shrinking(seconds: Self.shrinkingSeconds) { candidate in
            await Simulation.run(candidate).failure?.hasPrefix(kind) ?? false
        }.shortest(of: script)
        Issue.record("seed \(seed), step \(outcome.step): \(failure)\nKeep this in Tests/SimulationTests/Regressions:\n\(short)")
    }
}
