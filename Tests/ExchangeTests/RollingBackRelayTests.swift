import Foundation
import Testing

@testable import SyncCore

/// P4: a relay that takes back what it said, or tells different things to different devices.
@Suite(.serialized) struct RollingBackRelayTests {
    @Test func `P4 a push that is acknowledged and dropped is noticed at the next one, and sent again`() async throws {
        try await HostileTeam.run { team in
            _ = try team.ana.addEvent("York")
            _ = try team.ana.seal()
            // It answers what an honest one would have, and keeps nothing.
            let head = try #require(try team.ana.heads().first { try team.ana.isOwn($0.tag) })
            team.relays[0].act { asked, honest in
                guard asked.is("POST", "/segments") else { return try await honest(asked) }
                return try .json(
                    RelayMessages.Pushed(
                        stored: 1, known: 0, heads: [head.tag.hex: [.init(index: head.index, chain: head.chain.hex)]], refused: []))
            }
            #expect(try await team.push(team.ana).changes == 1)
            #expect(try team.ana.unsentCount() == 0)
            team.relays[0].beHonest()
            _ = try await team.pull(team.cem)
            #expect(try team.cem.documentCount() == 1)
            #expect(try team.ana.status().setbacks.isEmpty)
            #expect(try await team.push(team.ana).segments == 1)
            #expect(try team.ana.status().setbacks.map(\.remote) == ["relay"])
            try await team.everybodyIsHonestAgain()
            #expect(try team.cem.documentCount() == 2)
        }
    }

    @Test func `P4 a relay that goes back to an older control log or registration is noticed, and given again what it lost`() async throws {
        try await HostileTeam.run { team in
            let relay = team.relays[1]
            let old = try await relay.honest(.init(method: "GET", path: "/control?after=0", token: team.ben.controlToken, body: []))
            _ = try team.ana.remove(team.cem.device)
            _ = try await team.push(team.ana)
            _ = try await team.pull(team.ben)
            #expect(try team.ben.status().setbacks.isEmpty)
            relay.act { asked, honest in asked.is("GET", "/control") ? old : try await honest(asked) }
            // It offers the registration from before the removal: what Ben seals and sends is under the newest nevertheless.
            _ = try team.ben.addEvent("York")
            _ = try await team.push(team.ben)
            #expect(try team.ben.status().setbacks.map(\.remote) == ["relay"])
            #expect(try team.ben.team().roster[team.cem.device] == nil)
            #expect(try team.ben.registrations(of: "relay").last?.counter == 1)
            relay.beHonest()
            _ = try await team.pull(team.ana)
            #expect(try team.ana.export() == team.ben.export())
        }
    }

    @Test func `P4 a relay that goes back to older segments is noticed, and filled again`() async throws {
        try await HostileTeam.run { team in
            let old = try await team.relays[0].honest(.init(method: "GET", path: "/heads", token: team.ana.tokens(at: "relay").read, body: []))
            _ = try team.ana.addEvent("York")
            _ = try await team.push(team.ana)
            team.relays[0].act { asked, honest in asked.is("GET", "/heads") ? old : try await honest(asked) }
            _ = try await team.push(team.ana)
            #expect(try team.ana.status().setbacks.map(\.remote) == ["relay"])
            try team.ana.removeRemote("relay")
            #expect(try team.ana.status().setbacks.isEmpty)
        }
    }

    @Test func `P4 two histories for two devices are noticed once one note of the other side passes`() async throws {
        try await HostileTeam.run { team in
            // Ben and Cem both write; neither is shown what the other wrote. Ana sees all.
            let tags = try [team.ben, team.cem].map { replica in Set(try replica.ownTags()) }
            for (relay, other) in [(team.relays[1], 1), (team.relays[2], 0)] {
                let hidden = tags[other]
                relay.act { asked, honest in
                    let told = try await honest(asked)
                    guard asked.is("GET", "/segments") else { return told }
                    return .frames(
                        try told.frames().map { frame in
                            .init(segments: frame.segments.filter { bytes in !hidden.contains { bytes.isOf($0) } }, token: frame.token)
                        })
                }
            }
            _ = try team.ben.addEvent("Ben's")
            _ = try team.cem.addEvent("Cem's")
            for replica in [team.ben, team.cem] { _ = try await team.push(replica) }
            for replica in [team.ben, team.cem] { _ = try await team.pull(replica) }
            #expect(try team.ben.documentCount() == 2)
            #expect(try team.ben.status().withheld.isEmpty)
            _ = try await team.pull(team.ana)
            _ = try team.ana.addEvent("Ana's")
            _ = try await team.push(team.ana)
            for (replica, other) in [(team.ben, team.cem), (team.cem, team.ben)] {
                _ = try await team.pull(replica)
                #expect(try replica.status().withheld.map(\.segments).reduce(0, +) > 0)
                #expect(try replica.status().withheld.allSatisfy { $0.device == nil || $0.device == other.device })
            }
            for (replica, relay) in [(team.ben, team.relays[1]), (team.cem, team.relays[2])] {
                try await team.team.wholeHistoryComes(to: replica, through: relay)
            }
            try await team.everybodyIsHonestAgain()
            #expect(try team.ben.documentCount() == 4)
        }
    }
}
