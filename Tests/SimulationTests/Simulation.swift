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
    }

    static func run(_ script: Script) async -> Outcome {
        var step = 0
        do {
            let world = try World(script)
            for (number, next) in script.steps.enumerated() {
                step = number
                try await world.perform(next)
            }
            step = script.steps.count
            let checkers = Checkers(world: world)
            try await checkers.check()
            return Outcome(failure: nil, step: step, digest: try checkers.digest())
        } catch {
            return Outcome(failure: "\(error)", step: step, digest: "")
        }
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
