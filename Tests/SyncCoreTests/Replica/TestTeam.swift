import Foundation
import Testing

@testable import SyncCore

/// A team of replicas in temporary folders that exchange directly, with no relay between them.
final class TestTeam {
    let folder: String
    let clock: TestSurroundings
    private(set) var replicas: [Replica] = []

    /// `protection` and `recovery` are those of device 0.
    init(devices: Int = 2, seed: UInt64 = 1, protection: StoreProtection = .none, recovery: RecoveryKey? = nil) throws {
        folder = NSTemporaryDirectory() + "sync-test-" + UUID().uuidString
        clock = TestSurroundings(seed: seed)
        replicas.append(
            try Replica.found(
                at: path(0), team: "Solidarity", device: "device 0", protection: protection, recovery: recovery,
                surroundings: clock.surroundings))
        for number in 1..<max(devices, 1) { try add(number) }
    }

    func path(_ number: Int) -> String { "\(folder)/\(number)" }

    private func add(_ number: Int) throws {
        let invite = try replicas[0].invite(role: .volunteer, relayURL: "http://127.0.0.1:7373", expires: 0)
        let control = try replicas[0].log.read { try $0.sealedControl() }
        let plan = try Replica.planJoin(invite.code, box: invite.box, control: control)
        let joined = try Replica.join(
            at: path(number), plan, device: "device \(number)", surroundings: clock.surroundings)
        replicas.append(joined)
        try Self.carryControl(from: joined, to: replicas[0])
        _ = try replicas[0].closeUsedInvites()
        for other in replicas.dropFirst() { try Self.carryControl(from: replicas[0], to: other) }
    }

    /// What a new device needs to join, once or, on one invite, several times.
    func invitation() throws -> JoinPlan {
        let invite = try replicas[0].invite(role: .volunteer, relayURL: "http://127.0.0.1:7373", expires: 0)
        return try Replica.planJoin(
            invite.code, box: invite.box, control: replicas[0].log.read { try $0.sealedControl() })
    }

    /// A device that took up an invitation. Nobody was told of it yet.
    func join(_ plan: JoinPlan) throws -> Replica {
        let number = replicas.count
        replicas.append(
            try Replica.join(at: path(number), plan, device: "device \(number)", surroundings: clock.surroundings))
        return replicas[number]
    }

    /// A clone that cannot tell that it is one, like a virtual machine's: what it does until it meets the other one's traces.
    func clone(_ number: Int) throws -> Replica {
        let copy = try copy(number)
        try copy.forgeMarks()
        return copy
    }

    /// A copy of a device's folder, opened as it is: a clone, or a restored backup.
    func copy(_ number: Int) throws -> Replica {
        try replicas[number].checkpoint()
        try FileManager.default.copyItem(atPath: path(number), toPath: path(replicas.count))
        replicas.append(try Replica(openingAt: path(replicas.count), surroundings: clock.surroundings))
        return replicas[replicas.count - 1]
    }

    /// A device whose program was exchanged for one that knows this of records, or whose clock was set.
    @discardableResult
    func reopen(_ number: Int, schema: Schema = .current, clock: TestSurroundings? = nil) throws -> Replica {
        let key = replicas[number].storeKey
        try replicas[number].checkpoint()
        replicas[number] = try Replica(openingAt: path(number), surroundings: (clock ?? self.clock).surroundings, schema: schema) { _ in
            key
        }
        return replicas[number]
    }

    static func carryControl(from source: Replica, to target: Replica) throws {
        let sealed = try source.log.read { try $0.sealedControl() }
        _ = try target.receiveControl(sealed.enumerated().map { ReceivedControl(position: Int64($0), sealed: $1) })
    }

    /// Everything that `source` has goes to `target`.
    @discardableResult
    static func carry(from source: Replica, to target: Replica) throws -> ReceiveReport {
        _ = try source.seal()
        try carryControl(from: source, to: target)
        var report = ReceiveReport()
        _ = try source.offer(lackedBy: target.heads()) { report.add(try target.receive($0)) }
        try target.applyReceived()
        return report
    }

    /// Of what `source` has, only the segments of the logs that `isWanted` says, in frames of at most `frame` segments.
    static func carry(from source: Replica, to target: Replica, only isWanted: (LogTag) -> Bool) throws {
        _ = try source.seal()
        try carryControl(from: source, to: target)
        _ = try source.offer(lackedBy: target.heads()) { batch in
            let wanted = try batch.filter { isWanted(try Segment($0).tag) }
            if !wanted.isEmpty { _ = try target.receive(wanted) }
        }
        try target.applyReceived()
    }

    /// These get everything that each other has: for teams in which others may not seal any more.
    func exchange(among replicas: [Replica]) throws {
        for _ in 0..<2 {
            for source in replicas {
                for target in replicas where target !== source { try Self.carry(from: source, to: target) }
            }
        }
    }

    /// Everybody gets everything.
    func exchangeAll() throws { try exchange(among: replicas) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}

extension Replica {
    /// Every visible record, as documents.
    func documents() throws -> [RecordDocument] {
        try read { session in
            var all: [RecordDocument] = []
            for kind in RecordKind.allCases { try session.forEach(kind) { all.append($0) } }
            return all
        }
    }

    func addEvent(_ title: String, starts: String? = nil) throws -> RecordID {
        try commit { draft in
            let id = draft.create(.event)
            try draft.assign(id, Field.title, .text(title))
            if let starts { try draft.assign(id, Field.starts, .text(starts)) }
            return id
        }.result
    }
}

extension TestTeam {
    /// Everybody has the same, and would make the same again from the log.
    func expectAgreement(_ among: [Replica]? = nil, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let replicas = among ?? replicas
        let first = try replicas[0].picture()
        for (number, replica) in replicas.enumerated() {
            let grown = try replica.picture()
            if let difference = grown.difference(from: first) {
                Issue.record("replica \(number) differs from replica 0: \(difference)", sourceLocation: sourceLocation)
            }
            _ = try replica.rebuild()
            if let difference = try replica.picture().difference(from: grown) {
                Issue.record("replica \(number) rebuilt differs: \(difference)", sourceLocation: sourceLocation)
            }
        }
    }
}
