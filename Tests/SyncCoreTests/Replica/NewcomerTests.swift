import Testing

@testable import SyncCore

/// S9: who comes later. History is always given whole; there is no base to vouch for.
@Suite struct NewcomerTests {
    @Test func `S9 who joins after a new key reads what was sealed under the old one, also what comes late`() throws {
        let team = try TestTeam(devices: 3)
        let (ana, ben, cem) = (team.replicas[0], team.replicas[1], team.replicas[2])
        _ = try ana.addEvent("Before")
        try team.exchangeAll()
        // Sealed under the old key, and at nobody else's yet.
        let late = try ben.addEvent("Late")
        _ = try ben.seal()
        let old = try ben.sealing().id
        _ = try ana.remove(cem.device)
        _ = try ana.addEvent("After")
        try TestTeam.carryControl(from: ana, to: ben)
        #expect(try ben.sealing().id != old)
        let dana = try team.join(team.invitation())
        try TestTeam.carryControl(from: dana, to: ana)
        #expect(try ana.closeUsedInvites() == 1)
        try TestTeam.carry(from: ana, to: dana)
        #expect(try Set(dana.documents().map(\.title)) == ["Before", "After"])
        // Somebody builds on the late one under the new key.
        try ben.commit { try $0.assign(late, Field.title, .text("Late, and built on")) }
        try TestTeam.carry(from: ben, to: dana)
        #expect(try Set(dana.documents().map(\.title)) == ["Before", "After", "Late, and built on"])
        #expect(try dana.status().waiting.isEmpty)
        try team.exchange(among: [ana, ben, dana])
        try team.expectAgreement([ana, ben, dana])
        // The roster from the beginning, with who was removed.
        #expect(try dana.team().roster == ana.team().roster)
    }
}
