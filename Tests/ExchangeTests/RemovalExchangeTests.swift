import Foundation
import NIOHTTP1
import Testing

@testable import SyncCore

/// Removals as relays see them: tokens that stop, devices that lag, relays that were restored.
@Suite(.serialized) struct RemovalExchangeTests {
    /// Ana founded the team; Ben and Cem joined.
    private func team(_ body: (RelayTeam, String) async throws -> Void) async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            try await team.join(url)
            try await team.join(url)
            _ = try team.replicas[0].addEvent("Leeds")
            try await team.everybodyExchanges()
            try await body(team, url)
        }
    }

    private func status(_ team: RelayTeam, _ url: String, _ path: String, _ token: Secret) async throws -> UInt {
        let client = RelayClient(try RelayAddress(url), timeoutSeconds: 10)
        let answer = try await client.request(.GET, "/v1/teams/\(team.replicas[0].relayHandle)\(path)", token: .bearer(token))
        _ = try await answer.bytes(limit: 1 << 20)
        return answer.status
    }

    @Test func `F5 old tokens stop at once, a device that lagged gets in again by itself, a removed one learns that it is out`() async throws {
        try await team { team, url in
            let (ana, ben, cem) = (team.replicas[0], team.replicas[1], team.replicas[2])
            let old = try cem.tokens(at: "relay")
            #expect(try await status(team, url, "/heads", old.read) == 200)
            _ = try ben.addEvent("written while away")
            _ = try ana.remove(cem.device)
            _ = try ana.addEvent("Secret")
            _ = try await team.exchange(ana).push()
            for path in ["/heads", "/segments"] {
                #expect(try await status(team, url, path, old.read) == 404)
                #expect(try await status(team, url, path, old.write) == 404)
            }
            #expect(try await status(team, url, "/control?after=0", old.control) == 200)
            // Ben's tokens are the old ones: he reads the control log, and comes in under the new ones.
            let pulled = try await team.exchange(ben).pull()
            #expect(pulled.received.newRecords[.event] == 1)
            #expect(try await team.exchange(ben).push().changes == 1)
            _ = try await team.exchange(ana).pull()
            #expect(try ana.export() == ben.export())

            for step in [{ _ = try await team.exchange(cem).pull() }, { _ = try await team.exchange(cem).push() }] {
                let failure = await #expect(throws: SyncError.self) { try await step() }
                #expect(failure?.kind == .notJoined)
                #expect(failure?.what == SyncError.removed.what)
            }
            #expect(try cem.documentCount() == 1)
            #expect(try cem.status().hindrance == .removed)
        }
    }

    @Test func `F6 a relay restored from before a removal forgets nothing: whoever comes next tells it`() async throws {
        let team = try RelayTeam()
        var old: RelayTokens?
        try await team.withRelay { url in
            try await team.join(url)
            try await team.join(url)
            _ = try team.replicas[0].addEvent("Leeds")
            try await team.everybodyExchanges()
            old = try team.replicas[2].tokens(at: "relay")
        }
        try FileManager.default.copyItem(atPath: team.relayFolder, toPath: team.folder + "/last week")
        try await team.withRelay { url in
            try team.pointAll(at: url)
            _ = try team.replicas[0].remove(team.replicas[2].device)
            _ = try team.replicas[0].addEvent("York")
            _ = try await team.exchange(team.replicas[0]).push()
            _ = try await team.exchange(team.replicas[1]).pull()
        }
        try team.wipeRelay()
        try FileManager.default.moveItem(atPath: team.folder + "/last week", toPath: team.relayFolder)
        try await team.withRelay { url in
            try team.pointAll(at: url)
            let tokens = try #require(old)
            #expect(try await status(team, url, "/heads", tokens.read) == 200)
            // Ben is no coordinator, and has no key of the relay's: he replays what he holds.
            let report = try await team.exchange(team.replicas[1]).pull()
            #expect(report.relayWasReset)
            #expect(try await status(team, url, "/heads", tokens.read) == 404)
            let failure = await #expect(throws: SyncError.self) { try await team.exchange(team.replicas[2]).pull() }
            #expect(failure?.what == SyncError.removed.what)
            _ = try await team.exchange(team.replicas[0]).pull()
            #expect(try team.replicas[0].export() == team.replicas[1].export())
        }
    }

    @Test func `F6 a wiped relay learns of the removal from whoever fills it`() async throws {
        let team = try RelayTeam()
        var old: RelayTokens?
        try await team.withRelay { url in
            try await team.join(url)
            try await team.join(url)
            _ = try team.replicas[0].addEvent("Leeds")
            try await team.everybodyExchanges()
            old = try team.replicas[2].tokens(at: "relay")
            _ = try team.replicas[0].remove(team.replicas[2].device)
            for replica in team.replicas.prefix(2) { _ = try await team.exchange(replica).push() }
        }
        try team.wipeRelay()
        try await team.withRelay { url in
            try team.pointAll(at: url)
            _ = try await team.exchange(team.replicas[1]).pull()
            #expect(try await status(team, url, "/heads", try #require(old).read) == 404)
            let failure = await #expect(throws: SyncError.self) { try await team.exchange(team.replicas[2]).pull() }
            #expect(failure?.what == SyncError.removed.what)
            // All control records are there again, for the next newcomer.
            let client = RelayClient(try RelayAddress(url), timeoutSeconds: 10)
            let answer = try await client.request(
                .GET, "/v1/teams/\(team.replicas[0].relayHandle)/control?after=0", token: .bearer(try #require(old).control))
            let control = try await answer.json(RelayMessages.Control.self)
            #expect(control.last == Int64(try team.replicas[1].log.read { try $0.sealedControl().count }))
            #expect(control.registration == 1)
        }
    }

    @Test func `F6 two coordinators remove beside each other: the relay takes one chain, and both go on by it`() async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            for _ in 0..<3 { try await team.join(url) }
            let (ana, ben, cem, dea) = (team.replicas[0], team.replicas[1], team.replicas[2], team.replicas[3])
            try ana.setRole(.coordinator, of: ben.device)
            _ = try ana.addEvent("Leeds")
            try await team.everybodyExchanges()
            _ = try ana.remove(cem.device)
            _ = try ben.remove(dea.device)
            _ = try await team.exchange(ana).push()
            _ = try await team.exchange(ben).push()
            _ = try ana.addEvent("York")
            _ = try ben.addEvent("Rome")
            for _ in 0..<2 {
                for replica in [ana, ben] {
                    _ = try await team.exchange(replica).pull()
                    _ = try await team.exchange(replica).push()
                }
            }
            #expect(try ana.export() == ben.export())
            #expect(try ana.documentCount() == 3)
            #expect(try ana.status().hindrance == nil)
            #expect(try ana.sealingEpoch(ana.team()).id == ben.sealingEpoch(ben.team()).id)
            #expect(try ana.registrations(of: "relay") == ben.registrations(of: "relay"))
            for outsider in [cem, dea] {
                let failure = await #expect(throws: SyncError.self) { try await team.exchange(outsider).pull() }
                #expect(failure?.what == SyncError.removed.what)
                let tokens = try outsider.tokens(at: "relay")
                #expect(try await status(team, url, "/heads", tokens.read) == 404)
            }
        }
    }

    @Test func `F6 a removed coordinator cannot take the relay's tokens back`() async throws {
        try await team { team, url in
            let (ana, ben, cem) = (team.replicas[0], team.replicas[1], team.replicas[2])
            try ana.setRole(.coordinator, of: cem.device)
            try await team.everybodyExchanges()
            let stolen = try cem.registrations(of: "relay")
            _ = try ana.remove(cem.device)
            _ = try await team.exchange(ana).push()
            // With the key that was the next one when it was in, and tokens of its own.
            let newest = try #require(stolen.last)
            let key = try #require(cem.keys.relayKey(newest.nextRelayKey))
            for counter in [newest.counter + 1, newest.counter + 2, .max] {
                let forged = try Registration(
                    counter: counter, teamSalt: newest.teamSalt,
                    tokens: RelayTokens(epochKey: Secret.random(.system), control: cem.controlToken), key: key, nextRelayKey: key.publicKey)
                let client = RelayClient(try RelayAddress(url), timeoutSeconds: 10)
                let chains = [stolen + [forged], [forged]]
                for chain in chains {
                    let answer = try await client.send(
                        .PUT, "/v1/teams/\(ana.relayHandle)/registration",
                        RelayMessages.Registrations(registrations: chain.map { Data($0.bytes).base64EncodedString() }))
                    #expect([400, 404, 409].contains(answer.status))
                }
            }
            _ = try ben.addEvent("York")
            _ = try await team.exchange(ben).push()
            _ = try await team.exchange(ana).pull()
            #expect(try ana.export() == ben.export())
        }
    }

    @Test func `a chain of registrations that leads to tokens of nobody's is not believed`() async throws {
        try await team { team, _ in
            let (ana, ben) = (team.replicas[0], team.replicas[1])
            let mine = try ben.registrations(of: "relay")
            let newest = try #require(mine.last)
            let key = try #require(ana.keys.relayKey(newest.nextRelayKey))
            func next(_ epoch: Secret) throws -> Registration {
                try Registration(
                    counter: newest.counter + 1, teamSalt: newest.teamSalt, tokens: RelayTokens(epochKey: epoch, control: ben.controlToken),
                    key: key, nextRelayKey: key.publicKey)
            }
            // The true one comes first; another branch of the same length with strange tokens does not replace it.
            try ben.setRegistrations(mine + [try next(try ben.sealingEpoch(ben.team()).key)], of: "relay")
            #expect(try !ben.learn(mine + [try next(.random(.system))], of: "relay"))
            #expect(try !ben.learn([], of: "relay"))
            #expect(try ben.tokens(at: "relay") == RelayTokens(epochKey: ben.sealingEpoch(ben.team()).key, control: ben.controlToken))
        }
    }

    @Test func `a control record that was sealed twice does not keep a new one from being sent`() async throws {
        try await team { team, _ in
            let (ana, ben) = (team.replicas[0], team.replicas[1])
            let epoch = try ben.sealingEpoch(ben.team())
            let record = try #require(try ben.log.read { try $0.controlRecords() }.last)
            let again = try SealedControl.seal(record, epochKey: epoch.key, nonce: Surroundings.system.random(12))
            let client = RelayClient(try RelayAddress(try #require(try ben.remote("relay")).url), timeoutSeconds: 10)
            let posted = try await client.send(
                .POST, "/v1/teams/\(ben.relayHandle)/control", token: .bearer(ben.tokens(at: "relay").write),
                RelayMessages.ControlPost(sealed: [Data(again).base64EncodedString()]))
            #expect(posted.status == 200)
            _ = try await team.exchange(ana).pull()
            try ana.rename(ana.device, to: "Ana")
            _ = try await team.exchange(ana).push()
            _ = try await team.exchange(ben).pull()
            #expect(try ben.team().name(of: ana.device) == "Ana")
        }
    }
}

extension Replica {
    func documentCount() throws -> Int { try read { try $0.count(.event) } }
}
