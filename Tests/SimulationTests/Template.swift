import Foundation

@testable import SyncCore

/// A team of as many machines as any run has, made once in a process: founding a team and letting machines in costs more than most runs.
final class Template: Sendable {
    static let machineCount = 5
    /// Everything that no run changes: a machine's folder is copied from here.
    let folder: String

    static let shared = Result { try Template() }

    /// Stores in memory where the system has a file system for that.
    static let fastFolder = FileSystem.isFolder("/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()

    private init() throws {
        folder = Self.fastFolder + "sync-simulation-\(ProcessInfo.processInfo.processIdentifier)-team"
        try? FileManager.default.removeItem(atPath: folder)
        let surroundings = VirtualTime(seed: 0).surroundings
        let founder = try Replica.found(at: folder + "/0", team: "Solidarity", device: "device 0", surroundings: surroundings)
        var replicas = [founder]
        for number in 1..<Self.machineCount {
            let invite = try founder.invite(role: .volunteer, relayURL: "http://127.0.0.1:7373", expires: 0)
            let plan = try Replica.planJoin(invite.code, box: invite.box, control: founder.log.read { try $0.sealedControl() })
            replicas.append(
                try Replica.join(at: "\(folder)/\(number)", plan, device: "device \(number)", surroundings: surroundings))
            try World.carryControl(from: replicas[number], to: founder)
            _ = try founder.closeUsedInvites()
        }
        for (number, replica) in replicas.enumerated() {
            try World.carryControl(from: founder, to: replica)
            try replica.order(asNumber: number)
            try replica.checkpoint()
        }
        atexit { Template.remove() }
    }

    private static func remove() {
        if let template = try? shared.get() { try? FileManager.default.removeItem(atPath: template.folder) }
    }
}

extension Replica {
    /// Ids come out of keys that are sealed with randomness that nobody controls. Where machines stand in the order of authors decides
    /// who wins, so it is the same in every run.
    fileprivate func order(asNumber number: Int) throws {
        var next = keys
        repeat {
            next.authorSalt = surroundings.random(16)
        } while Int(LogOpen.author(team: next.team, deviceKey: signing.publicKey, salt: next.authorSalt).high >> 61) != number
        keys = next
        try save(next)
    }
}
