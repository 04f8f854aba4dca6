@testable import SyncCore

extension World {
    /// Does one step. What may go wrong in it, may; anything else is a failure.
    func perform(_ step: Step) async throws {
        if let machine = actor(of: step), let accident = accidents.removeValue(forKey: machine.number) {
            return try await suffer(accident, machine, step)
        }
        try await attempt(step)
    }

    func attempt(_ step: Step) async throws {
        do {
            try await act(step)
        } catch let failure as Failure {
            throw failure
        } catch is Network.Lost {
            return
        } catch let error as SyncError {
            // Whoever asked for an accident knows what may come of it.
            if error.kind == .failure { throw error }
            guard isAllowed(error, in: step) else { throw Failure("“\(step)” failed: \(error.kind): \(error)") }
        } catch {
            throw Failure("“\(step)” failed: \(error)")
        }
    }

    private func isAllowed(_ error: SyncError, in step: Step) -> Bool {
        switch error.kind {
        // A device that was put out, and one that may not do this.
        case .notJoined, .usage: true
        case .integrity, .refused: network.hasInterfered
        default: false
        }
    }

    private func act(_ step: Step) async throws {
        let machine = machine(step[0])
        switch step.verb {
        case .push: try await push(machine, to: step[1] % relays.count)
        case .pull: try await pull(machine, from: step[1] % relays.count)
        case .carry: try carry(from: machine, to: self.machine(step[1]), salt: step[2])
        case .bundle: try writeBundle(machine)
        case .apply: try applyBundle(step[1], to: machine, accident: step[2])
        case .rebuild: _ = try machine.replica().rebuild()
        case .reopen: machine.stop()
        case .clock: machine.time.jump(days: step[1])
        case .copy: try copy(machine, isNoticed: true)
        case .clone: try copy(machine, isNoticed: false)
        case .backup: try backUp(machine)
        case .recover: try recover(machine)
        case .relaybackup: backUpRelay(step[0] % relays.count)
        case .relayrestore: restoreRelay(step[0] % relays.count)
        case .relaywipe: try wipeRelay(step[0] % relays.count)
        case .remove: try remove(self.machine(step[1]))
        case .rogue: try rogue(machine, meets: self.machine(step[1]))
        case .fault: network.arm(step[0], after: step[1], salt: step[2])
        case .forge: try forge(step[1], on: machine)
        case .unknown: try writeUnknown(step[1], on: machine)
        case .crash: accidents[machine.number] = .crash(after: step[1], Accident.Loss.allCases[step[2] % 3])
        case .full: accidents[machine.number] = .fullDisk(after: step[1])
        case .version: machine.isBehind = step[1] % 2 == 1
        default: try edit(step, on: machine)
        }
    }

    // MARK: Removals

    private func remove(_ target: Machine) throws {
        let founder = try machines[0].replica()
        let device = try target.replica().device
        // One stays beside the founder.
        guard device != founder.device, try founder.team().roster.count > 2 else { return }
        _ = try founder.remove(device)
    }

    /// A device that was put out writes on, whatever it knows, and finds somebody who listens.
    private func rogue(_ machine: Machine, meets other: Machine) throws {
        guard try isOut(machine), let name = names.last else { return }
        let title = SyncCore.Operation.assign(records[0], Field.title, "Mallory was here", names: [WriteName(name, 0)])
        names.append(try machine.replica().craft([title]))
        try carry(from: machine, to: other, salt: 0)
    }
}
