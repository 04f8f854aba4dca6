import FaultyFiles

@testable import SyncCore

/// What can happen to a machine in the middle of what it does.
enum Accident: Hashable, Sendable {
    /// Its process dies at the write, sync or removal of a file after so many, or right after it said that it is done.
    case crash(after: Int, Loss)
    /// From then on nothing can be written any more.
    case fullDisk(after: Int)

    /// Of what was written and not synced.
    enum Loss: Int32, CaseIterable, Sendable {
        case all = 0
        case nothing = 1
        case half = 2
    }

    /// Ask it before the first database is opened: what is open already does not fail.
    static let isPossible = faulty_files_install() == 0

    func arm(below folder: String) throws -> Int32 {
        let armed =
            switch self {
            case .crash(let after, let loss): faulty_files_arm(folder + "/", Int32(after), loss.rawValue)
            case .fullDisk(let after): faulty_files_arm(folder + "/", Int32(after), Int32(FAULTY_FILES_FULL))
            }
        guard armed >= 0 else { throw Failure("too many accidents at a time") }
        return armed
    }
}

extension World {
    /// Whose accidents can happen in a step.
    func actor(of step: Step) -> Machine? {
        switch step.verb {
        case .relaybackup, .relayrestore, .relaywipe, .fault, .crash, .full, .reopen, .copy, .clone, .recover, .clock, .version: nil
        case .remove: machines[0]
        default: machine(step[0])
        }
    }

    func suffer(_ accident: Accident, _ machine: Machine, _ step: Step) async throws {
        switch accident {
        case .crash: try await crash(accident, machine, step)
        case .fullDisk: try await fill(accident, machine, step)
        }
    }

    private func crash(_ accident: Accident, _ machine: Machine, _ step: Step) async throws {
        let armed = try accident.arm(below: machine.folder)
        do {
            try await attempt(step)
        } catch {
            guard faulty_files_has_struck(armed) != 0 else {
                _ = faulty_files_end(armed)
                throw error
            }
        }
        counts.crashes += 1
        if faulty_files_has_struck(armed) != 0 { counts.crashesInside += 1 }
        faulty_files_strike(armed)
        machine.stop()
        _ = faulty_files_end(armed)
        try expectWhole(machine, after: step)
    }

    /// Opens, and has what it had said that it saved.
    private func expectWhole(_ machine: Machine, after step: Step) throws {
        do {
            let replica = try machine.replica()
            let names = Set(try replica.log.read { try $0.changes(after: 0, limit: .max) }.map(\.name))
            for name in machine.saved where !names.contains(name) {
                throw Failure("after a crash in “\(step)” \(name) is gone, and it was said to be saved")
            }
            _ = try replica.documents(of: records)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure("after a crash in “\(step)” machine \(machine.number) cannot be opened: \(error)")
        }
    }

    private func fill(_ accident: Accident, _ machine: Machine, _ step: Step) async throws {
        let armed = try accident.arm(below: machine.folder)
        do {
            try await attempt(step)
            _ = faulty_files_end(armed)
        } catch {
            let hasStruck = faulty_files_end(armed) != 0
            if hasStruck { counts.fullDisks += 1 }
            if hasStruck, let error = error as? SyncError, error.kind == .failure { return }
            throw hasStruck ? Failure("on a full disk “\(step)” says: \(error)") : error
        }
    }
}

extension Replica {
    func documents(of records: [RecordID]) throws -> [RecordDocument] {
        try read { session in try records.compactMap { try session.document($0) } }
    }
}
