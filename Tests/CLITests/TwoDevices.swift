import Foundation

@testable import SyncCore

/// Two devices of one team that exchange with no relay between them; the first one's store is where the program finds it.
final class TwoDevices {
    let environment: TestEnvironment
    let laptop: Replica
    let phone: Replica

    init() throws {
        environment = try .withTeam()
        laptop = try Replica(openingAt: environment.store)
        let invite = try laptop.invite(role: .volunteer, relayURL: "http://127.0.0.1:7373", expires: 0)
        let plan = try Replica.planJoin(invite.code, box: invite.box, control: try laptop.log.read { try $0.sealedControl() })
        phone = try Replica.join(at: environment.folder + "/phone", plan, device: "phone")
        try Self.carryControl(from: phone, to: laptop)
        _ = try laptop.closeUsedInvites()
        try Self.carryControl(from: laptop, to: phone)
    }

    private static func carryControl(from source: Replica, to target: Replica) throws {
        let sealed = try source.log.read { try $0.sealedControl() }
        _ = try target.receiveControl(sealed.enumerated().map { ReceivedControl(position: Int64($0), sealed: $1) })
    }

    private static func carry(from source: Replica, to target: Replica) throws {
        _ = try source.seal()
        _ = try source.offer(lackedBy: target.heads()) { _ = try target.receive($0) }
        try target.applyReceived()
    }

    func exchange() throws {
        try Self.carry(from: laptop, to: phone)
        try Self.carry(from: phone, to: laptop)
    }

    /// The program, run on the phone's store.
    @discardableResult
    func onPhone(_ arguments: String...) throws -> TestEnvironment.Ran {
        try environment.run(["--store", environment.folder + "/phone"] + arguments)
    }
}
