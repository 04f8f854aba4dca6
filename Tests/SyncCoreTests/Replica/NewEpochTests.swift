import Testing

@testable import SyncCore

/// The team's key was changed by a device that can do more: this one must not go on under the old key.
@Suite struct NewEpochTests {
    @Test func `after a removal nothing is sealed under the old key, and reading goes on`() throws {
        let team = try TestTeam(devices: 3)
        let (ana, ben, cem) = (team.replicas[0], team.replicas[1], team.replicas[2])
        _ = try ana.addEvent("Vigil")
        try team.exchangeAll()
        #expect(try !ana.status().needsUpgrade)

        let state = try ana.team()
        let key = try Secret.random(team.clock.surroundings)
        let grants = try [ana.device, ben.device].map { id in
            try EpochGrant(epoch: key, relaySeed: nil, to: try #require(state.roster[id]).enrolment)
        }
        let record = try ana.signedControl(.remove, payload: Removal(device: cem.device, cuts: [ChangeName](), grants: grants).payload)
        try ana.locked { try ana.log.write { try ana.addControl(record, $0) } }
        ana.forgetTeam()
        try TestTeam.carryControl(from: ana, to: ben)

        for replica in [ana, ben] {
            #expect(try replica.team().isOut(cem.device))
            let before = try replica.unsentCount()
            _ = try replica.addEvent("March")
            #expect(throws: SyncError.self) { try replica.seal() }
            #expect(try replica.unsentCount() == before + 1)
            #expect(try replica.status().needsUpgrade)
            #expect(try replica.documents().count == 2)
        }
        #expect(throws: SyncError.self) { try ana.invite(role: .volunteer, relayURL: "http://127.0.0.1:7373", expires: 0) }
        #expect(try ana.closeUsedInvites() == 0)
    }
}
