import Foundation
import SyncServer
import Testing

@testable import SyncCore

/// Coming back with a recovery key, over a relay.
@Suite(.serialized) struct RecoveryExchangeTests {
    private func plan(_ key: RecoveryKey, _ url: String) async throws -> RecoveryPlan {
        try await Recovering(key, relayURL: url).plan()
    }

    private func recover(_ key: RecoveryKey, _ team: RelayTeam, _ url: String, _ name: String) async throws -> Replica {
        let replica = try Replica.recover(
            at: team.folder + "/" + name, try await plan(key, url), device: name, relayURL: url)
        _ = try await team.exchange(replica).pull()
        return replica
    }

    private func kind(_ body: () async throws -> Void) async -> SyncError.Kind? {
        do {
            try await body()
            return nil
        } catch { return (error as? SyncError)?.kind }
    }

    /// A year has passed: the relay's tokens are others, and the lost device is out.
    @Test func `after a removal and new tokens the new device reads, writes, and tells the relay`() async throws {
        let (team, key) = (try RelayTeam(), RecoveryKey.random())
        try team.replicas[0].add(key)
        try await team.withRelay { url in
            try await team.join(url)
            let (ana, ben) = (team.replicas[0], team.replicas[1])
            _ = try ana.addEvent("Before")
            try ana.setRole(.coordinator, of: ben.device)
            try await team.everybodyExchanges()
            _ = try ben.remove(ana.device)
            _ = try ben.addEvent("After")
            _ = try await team.exchange(ben).push()
            let new = try await recover(key, team, url, "new")
            #expect(try new.export() == ben.export() && new.read { try $0.count(.event) } == 2)
            _ = try new.addEvent("By the new one")
            _ = try await team.exchange(new).push()
            _ = try await team.exchange(ben).pull()
            #expect(try ben.export() == new.export() && ben.read { try $0.count(.event) } == 3)
            // It is a coordinator with the relay's key: it can remove, and the relay obeys.
            _ = try new.remove(key.device)
            try await team.exchange(new).exchangeControl()
            #expect(try new.registrations(of: "relay").count == ben.registrations(of: "relay").count + 1)
            _ = try await team.exchange(ben).pull()
            #expect(await kind { _ = try await plan(key, url) } == .notJoined)
        }
    }

    @Test func `a relay that was wiped gets the box back with the control log, from any member`() async throws {
        let (team, key) = (try RelayTeam(), RecoveryKey.random())
        try team.replicas[0].add(key)
        try await team.withRelay { url in
            try await team.join(url)
            #expect(await kind { _ = try await plan(key, url) } == nil)
        }
        try team.wipeRelay()
        try await team.withRelay { url in
            #expect(await kind { _ = try await plan(key, url) } == .notJoined)
            try team.pointAll(at: url)
            _ = try await team.exchange(team.replicas[1]).push()
            let new = try await recover(key, team, url, "new")
            #expect(try new.team().roster.count == 4)
        }
    }

    @Test func `a relay of another team, one that shows another box, and none at all`() async throws {
        let (team, other, key) = (try RelayTeam(), try RelayTeam(), RecoveryKey.random())
        try team.replicas[0].add(key)
        try await other.withRelay { url in
            try other.point(other.replicas[0], at: url)
            _ = try await other.exchange(other.replicas[0]).push()
            #expect(await kind { _ = try await plan(key, url) } == .notJoined)
            // Somebody of the other team, who saw the id, puts something of theirs there.
            let junk = [SealedControl.suite] + key.boxID + [UInt8](repeating: 7, count: 200)
            _ = try other.replicas[0].receiveControl([ReceivedControl(position: 1, sealed: junk)])
            _ = try await other.exchange(other.replicas[0]).push()
            #expect(await kind { _ = try await plan(key, url) } == .integrity)
            // The real box is found behind it.
            try team.point(team.replicas[0], at: url)
            _ = try await team.exchange(team.replicas[0]).push()
            #expect(try await plan(key, url).teamName == "Solidarity")
        }
        #expect(await kind { _ = try await plan(key, "http://127.0.0.1:1") } == .unreachable)
        #expect(await kind { _ = try await plan(key, "http://example.org") } == .usage)
    }
}
