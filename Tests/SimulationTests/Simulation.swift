@testable import SyncCore

/// One run of a script.
enum Simulation {
    struct Outcome {
        /// Nil where everything held.
        var failure: String?
        /// At which step it showed; the number of steps where only the end showed it.
        var step: Int
        /// What the run came to: equal for equal runs.
        var digest: String
        var counts = Counts()
    }

    static func run(_ script: Script) async -> Outcome {
        var outcome = Outcome(failure: nil, step: 0, digest: "")
        do {
            let world = try World(script)
            defer { outcome.counts = world.counts }
            for (number, next) in script.steps.enumerated() {
                outcome.step = number
                try await world.perform(next)
                world.counts.steps += 1
            }
            outcome.step = script.steps.count
            let checkers = Checkers(world: world)
            try await checkers.check()
            world.counts.runs = 1
            outcome.digest = try checkers.digest()
        } catch {
            outcome.failure = "\(error)"
        }
        return outcome
    }
}

extension Checkers {
    /// Of everything that machines wrote and read.
    func digest() throws -> String {
        let names = try world.machines.map { machine in
            try machine.replica().log.read { log in try log.changes(after: 0, limit: .max).map { "\($0.name)" }.sorted() }
        }
        return Digest.plain(Array("\(names) \(world.machines.map(\.time.drawn))".utf8)).hex
    }
}
