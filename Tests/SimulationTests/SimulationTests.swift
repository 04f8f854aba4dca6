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

    @Test func `fresh seeds`() async {
        let asked = FreshSeeds.asked()
        if let seed = asked.seed {
            let script = Workload.script(seed: seed, steps: asked.seeds.steps)
            let outcome = await Simulation.run(script)
            #expect(outcome.failure == nil, "seed \(seed), step \(outcome.step)\n\(script)")
            return
        }
        let report = await asked.seeds.run()
        print("\(report.runs) runs in \(asked.seeds.seconds) s, from seed \(asked.seeds.first)")
        for found in report.found { Issue.record("seed \(found.seed): \(found.failure)\nAgain:  make sim SEED=\(found.seed)") }
    }
}
