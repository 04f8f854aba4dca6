import Foundation
import SyncServer
import Testing

@testable import SyncCore

/// Bundles beside a relay: what came on a stick reaches those who have a network, and the other way round.
@Suite(.serialized) struct BundleExchangeTests {
    private func carry(from source: Replica, to target: Replica, _ team: RelayTeam) throws {
        let path = team.folder + "/\(source.device.hex)-\(target.device.hex).bundle"
        FileSystem.remove(path)
        var bytes: [UInt8] = []
        _ = try source.writeBundle { bytes += $0 }
        try FileSystem.writeDurably(bytes, to: path)
        _ = try target.apply([ByteSource(path: path)])
    }

    @Test func `whoever has a network passes on what came on a stick: records, and who joined`() async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            try await team.join(url)
            let (ana, ben) = (team.replicas[0], team.replicas[1])
            // Cem joins with Ana's invite and meets nobody but Ben, by files alone.
            let invite = try await team.exchange(ana).invite(role: .volunteer, expires: 0, hours: 24)
            let cem = try Replica.join(at: team.folder + "/cem", try await Exchange.planJoin(invite.code), device: "cem")
            _ = try cem.addEvent("Rome")
            try carry(from: cem, to: ben, team)
            #expect(try ben.read { try $0.count(.event) } == 1)
            let pushed = try await team.exchange(ben).push()
            #expect(pushed.othersSegments == 2)
            let pulled = try await team.exchange(ana).pull()
            #expect(pulled.received.changes == 1)
            #expect(try ana.team().roster[cem.device] != nil)
            _ = try ana.addEvent("Leeds")
            _ = try await team.exchange(ana).push()
            _ = try await team.exchange(ben).pull()
            try carry(from: ben, to: cem, team)
            #expect(try cem.unsentCount() == 0)
            for replica in [ana, ben, cem] { #expect(try replica.status().withheld.isEmpty) }
            #expect(try ana.export() == cem.export())
            #expect(try ana.export() == ben.export())
        }
    }
}
