@testable import SyncCore

/// What must hold once everybody has heard everything. Nothing here knows how it came about.
struct Checkers {
    let world: World

    func check() async throws {
        try await settle()
        let members = try world.machines.filter { try !world.isOut($0) }
        try waitingIsOver(members)
        try everybodyAgrees(members)
        try rebuiltIsTheSame(members)
        try nothingSavedIsLost(members)
        try stateIsWhatTheRulesSay(members[0].replica())
        try removedReadNothingLater()
    }

    // MARK: Settling

    /// The faults are over: members exchange with every relay until nothing is new.
    private func settle() async throws {
        world.network = Network()
        world.accidents = [:]
        for machine in world.machines { machine.isBehind = false }
        var before: [Set<LogHead>] = []
        for _ in 0..<8 {
            for machine in world.machines where try !world.isOut(machine) {
                for relay in world.relays.indices {
                    try await world.perform(Step(.pull, machine.number, relay))
                    try await world.perform(Step(.push, machine.number, relay))
                }
            }
            let now = try world.machines.map { Set(try $0.replica().heads()) }
            if now == before { return }
            before = now
        }
        throw Failure("machines go on having news for each other")
    }

    private func waitingIsOver(_ members: [Machine]) throws {
        for machine in members {
            let status = try machine.replica().status()
            if let first = status.waiting.first { throw Failure("machine \(machine.number): \(first.change) waits for \(first.missing)") }
            guard status.unsent == 0 else { throw Failure("machine \(machine.number) has \(status.unsent) changes that were not sent") }
        }
    }

    // MARK: Agreement

    private func everybodyAgrees(_ members: [Machine]) throws {
        let first = try members[0].replica().picture()
        let names = try countedNames(members[0].replica())
        for machine in members.dropFirst() {
            if let difference = try machine.replica().picture().difference(from: first) {
                throw Failure("machines \(machine.number) and \(members[0].number) differ: \(difference)")
            }
            guard try countedNames(machine.replica()) == names else {
                throw Failure("machines \(machine.number) and \(members[0].number) differ in what counts")
            }
        }
    }

    private func countedNames(_ replica: Replica) throws -> Set<ChangeName> {
        Set(try replica.log.read { try $0.changes(after: 0, limit: .max) }.filter { $0.void == nil }.map(\.name))
    }

    private func rebuiltIsTheSame(_ members: [Machine]) throws {
        for machine in members {
            let replica = try machine.replica()
            let grown = try replica.picture()
            _ = try replica.rebuild()
            if let difference = try replica.picture().difference(from: grown) {
                throw Failure("machine \(machine.number), rebuilt, differs: \(difference)")
            }
        }
    }

    // MARK: Nothing is lost

    private func nothingSavedIsLost(_ members: [Machine]) throws {
        let counted = try countedNames(members[0].replica())
        for machine in members {
            for name in machine.saved where !counted.contains(name) {
                throw Failure("machine \(machine.number) had saved \(name), and it does not count any more")
            }
        }
    }

    // MARK: Removed devices

    /// They are given everything that there is.
    private func removedReadNothingLater() throws {
        for machine in world.machines where try world.isOut(machine) {
            for source in world.machines where source !== machine {
                try? world.carry(from: source, to: machine, salt: 0)
            }
            let replica = try machine.replica()
            for source in world.machines {
                for (name, out) in source.written where out.contains(replica.device) {
                    guard try replica.log.read({ try $0.changeNumber(name) }) == nil else {
                        throw Failure("machine \(machine.number) was put out, and reads \(name), written by one who knew that")
                    }
                }
            }
        }
    }
}
