import Foundation
import NIOHTTP1
import SyncServer
import Testing

@testable import SyncCore

/// Invites that ask back, over a relay.
@Suite(.serialized) struct AskedInviteExchangeTests {
    private let system = Surroundings.system

    private func ask(_ team: RelayTeam, _ url: String, role: Role = .volunteer) async throws -> (Exchange, AskedInvite) {
        try team.point(team.replicas[0], at: url)
        let exchange = try team.exchange(team.replicas[0])
        return (exchange, try await exchange.ask(role: role, expires: .max, hours: 24))
    }

    /// A device asks by a code as it was typed.
    private func asking(_ invite: AskedInvite, _ name: String) async throws -> (Asking, PendingJoin) {
        let code = try InviteCode(text: invite.code.text)
        let asking = try Asking(code)
        let pending = try PendingJoin(code, try await asking.offer(), device: name, system)
        try await asking.post(pending)
        return (asking, pending)
    }

    private func join(_ asking: Asking, _ pending: PendingJoin, at folder: String) async throws -> Replica {
        let answer = try #require(try await asking.answer(to: pending))
        guard case .welcome(let welcome, _) = answer.outcome else { throw SyncError(.failure, "no welcome: \(answer.outcome)") }
        return try Replica.join(at: folder, try await asking.plan(pending, welcome))
    }

    private func kind(_ body: () async throws -> Void) async -> SyncError.Kind? {
        do {
            try await body()
            return nil
        } catch { return (error as? SyncError)?.kind }
    }

    /// SCENARIOS, E: the flow with a question in it.
    @Test func `who asks waits at the relay until a person says yes`() async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            _ = try team.replicas[0].addEvent("Vigil")
            let (exchange, invite) = try await ask(team, url)
            _ = try await exchange.push()
            #expect(try await exchange.requests(for: invite)?.isEmpty == true)
            let (asking, ben) = try await asking(invite, "Ben's phone")
            try await asking.post(ben)
            #expect(try await asking.answer(to: ben) == nil)
            let waiting = try #require(try await exchange.requests(for: invite))
            #expect(waiting.map(\.request) == [ben.request])
            #expect(try waiting[0].words == ben.words())
            try await exchange.admit(waiting[0])
            let replica = try await join(asking, ben, at: team.folder + "/ben")
            await asking.discardAnswer(to: ben)
            try team.point(replica, at: url)
            _ = try await team.exchange(replica).pull()
            _ = try replica.addEvent("March")
            _ = try await team.exchange(replica).push()
            _ = try await exchange.pull()
            #expect(try replica.export() == team.replicas[0].export())
            #expect(try team.replicas[0].read { try $0.count(.event) } == 2)
            // The code is used up, and nothing of it is left.
            #expect(try team.replicas[0].askedInvites().isEmpty)
            #expect(await kind { _ = try await asking.offer() } == .notJoined)
            #expect(await kind { try await asking.post(ben) } == .notJoined)
        }
    }

    @Test func `of several who ask by one code a person picks one and the others are told`() async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            let (exchange, invite) = try await ask(team, url)
            let (friends, friend) = try await asking(invite, "friend")
            let (thiefs, thief) = try await asking(invite, "thief")
            let waiting = try #require(try await exchange.requests(for: invite))
            #expect(waiting.map(\.request.name) == ["friend", "thief"])
            #expect(waiting[0].words != waiting[1].words)
            try await exchange.admit(waiting[0])
            #expect(try await thiefs.answer(to: thief)?.outcome == .taken)
            _ = try await join(friends, friend, at: team.folder + "/friend")
            #expect(try team.replicas[0].team().roster.values.map(\.enrolment.name).sorted() == ["device 0", "friend"])
        }
    }

    @Test func `who is declined learns it, and cannot ask again by this code`() async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            let (exchange, invite) = try await ask(team, url)
            let (asking, ben) = try await asking(invite, "Ben")
            let waiting = try #require(try await exchange.requests(for: invite))
            try await exchange.decline(waiting[0])
            #expect(try await asking.answer(to: ben)?.outcome == .declined)
            let kept = try #require(try team.replicas[0].askedInvites().first)
            #expect(try await exchange.requests(for: kept)?.isEmpty == true)
            #expect(try team.replicas[0].team().roster.count == 1)
            // The code goes on for whom it was meant for.
            let (others, cem) = try await self.asking(invite, "Cem")
            let next = try #require(try await exchange.requests(for: kept))
            #expect(next.map(\.request.name) == ["Cem"])
            try await exchange.end(kept)
            #expect(try await others.answer(to: cem)?.outcome == .declined)
            #expect(try team.replicas[0].askedInvites().isEmpty)
        }
    }

    @Test func `a code whose offer is gone says so`() async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            let (exchange, invite) = try await ask(team, url)
            let (asking, ben) = try await asking(invite, "Ben")
            try await exchange.end(invite)
            #expect(try await asking.answer(to: ben)?.outcome == .declined)
            let (second, late) = (try await ask(team, url).1, try PendingJoin(device: "x", system))
            let other = try Asking(second.code)
            let pending = try PendingJoin(second.code, try await other.offer(), device: "Cem", system)
            try await exchange.end(second)
            #expect(await kind { _ = try await other.answer(to: pending) } == .notJoined)
            #expect(await kind { try await other.post(pending) } == .notJoined)
            #expect(try await exchange.requests(for: second) == nil)
            _ = late
        }
    }

    /// A relay that has a photograph of the code stands between the two.
    @Test func `a relay that swaps what waits with it is noticed`() async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            let founder = team.replicas[0]
            let (exchange, invite) = try await ask(team, url)
            let code = invite.code
            // It puts an offer of its own keys into the mailbox.
            let mal = try Replica.found(at: team.folder + "/mal", team: "Solidarity", device: "device 0")
            let client = RelayClient(try RelayAddress(url), timeoutSeconds: 5)
            _ = try await client.request(.DELETE, "/v1/mailbox/\(code.mailbox)")
            let trap = JoinOffer(
                inviter: PublicKeys(signing: mal.signing.publicKey, kem: try KEMKey(seed: mal.keys.kemSeed).publicKey), role: .volunteer,
                expires: .max)
            func put(_ box: [UInt8], _ mailbox: String, requests: Int = 8) async throws {
                let answer = try await client.request(
                    .POST, exchange.path("/mailbox/\(mailbox)?requests=\(requests)"), token: .bearer(founder.tokens(at: "relay").write), body: box)
                #expect(answer.status == 201)
            }
            try await put(trap.sealed(for: code, nonce: system.random(12)), code.mailbox)
            #expect(await kind { _ = try await Asking(code).offer() } == .integrity)
            // It leaves the offer, and answers in the inviter's name.
            _ = try await client.request(.DELETE, "/v1/mailbox/\(code.mailbox)")
            let offer = JoinOffer(
                inviter: PublicKeys(signing: founder.signing.publicKey, kem: try KEMKey(seed: founder.keys.kemSeed).publicKey),
                role: .volunteer, expires: .max)
            try await put(offer.sealed(for: code, nonce: system.random(12)), code.mailbox)
            let (asking, ben) = try await asking(invite, "Ben")
            try await put(JoinAnswer(.declined, to: ben.request).sealed(to: ben.request, signedBy: mal.signing), ben.request.answerMailbox, requests: 0)
            #expect(await kind { _ = try await asking.answer(to: ben) } == .integrity)
            // Whatever it does, nobody is in whom no person let in.
            #expect(try founder.team().roster.count == 1)
        }
    }

    @Test func `an admission that was cut off on its way to the relay goes on`() async throws {
        let team = try RelayTeam()
        var kept: (AskedInvite, Asking, PendingJoin)?
        var waiting: WaitingRequest?
        try await team.withRelay { url in
            let (exchange, invite) = try await ask(team, url)
            let (asking, ben) = try await asking(invite, "Ben")
            waiting = try #require(try await exchange.requests(for: invite)).first
            kept = (invite, asking, ben)
            _ = try await exchange.pull()
        }
        let founder = team.replicas[0]
        let request = try #require(waiting)
        // No relay: nobody is let in, and the invite stays as it was.
        #expect(await kind { try await team.exchange(founder).admit(request) } == .unreachable)
        #expect(try founder.team().roster.count == 1)
        #expect(try founder.askedInvites().first?.admitted == nil)
        // The log has it, and then the network goes.
        try founder.admit(request.request, as: .volunteer, by: request.invite)
        let (_, _, ben) = try #require(kept)
        try await team.withRelay { url in
            try team.point(founder, at: url)
            let invite = try #require(try founder.askedInvites().first)
            #expect(invite.admitted == ben.request)
            try await team.exchange(founder).finish(invite)
            var code = invite.code
            code.relayURL = url
            let asking = try Asking(code)
            let replica = try await join(asking, ben, at: team.folder + "/ben")
            #expect(try replica.team().roster.count == 2)
            #expect(try founder.askedInvites().isEmpty)
        }
    }

    @Test func `the relay's files hold neither the names nor the keys of who asks`() async throws {
        let team = try RelayTeam()
        var planted: [[UInt8]] = []
        try await team.withRelay { url in
            let (exchange, invite) = try await ask(team, url)
            let (_, pending) = try await asking(invite, "Zanzibarquartier")
            planted = [Array("Zanzibarquartier".utf8), pending.request.keys.signing.bytes, Array(pending.request.keys.kem.prefix(64)), invite.code.secret]
            planted += [pending.request.answerSecret, Array(invite.code.teamPrefix)]
            #expect(try await exchange.requests(for: invite)?.count == 1)
        }
        for file in try FileManager.default.contentsOfDirectory(atPath: team.relayFolder) {
            let hay = Data(try FileSystem.read(team.relayFolder + "/" + file))
            for secret in planted { #expect(hay.range(of: Data(secret)) == nil, "\(secret.prefix(4)) in \(file)") }
        }
    }
}
