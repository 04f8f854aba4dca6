import Foundation
import Testing

@testable import SyncCore

/// Invites that ask back, with no relay between the devices: what passes is carried by the test, or by an attacker.
@Suite struct AskedInviteTests {
    private let team: TestTeam
    /// Of an attacker.
    private let mals: TestTeam
    private let ana: Replica
    private let folder: String

    init() throws {
        team = try TestTeam(devices: 1)
        mals = try TestTeam(devices: 1, seed: 4)
        ana = team.replicas[0]
        folder = team.path(9)
    }

    private var surroundings: Surroundings { team.clock.surroundings }

    private func ask(role: Role = .volunteer, expires: Int64 = .max) throws -> (invite: AskedInvite, box: [UInt8]) {
        try ana.ask(role: role, relayURL: "http://127.0.0.1:7373", expires: expires)
    }

    private func pending(_ asked: (invite: AskedInvite, box: [UInt8]), _ name: String = "Ben's phone") throws -> PendingJoin {
        // As the joiner has it: from the code alone.
        let code = try InviteCode(text: asked.invite.code.text)
        return try PendingJoin(code, JoinOffer(opening: asked.box, with: code), device: name, surroundings)
    }

    private func control(of replica: Replica) throws -> [[UInt8]] { try replica.log.read { try $0.sealedControl() } }

    /// Lets somebody in and gives the plan of their device.
    private func admit(_ pending: PendingJoin, _ invite: AskedInvite) throws -> AdmittedPlan {
        let waiting = try #require(try ana.waiting([pending.box], for: invite).first)
        try ana.admit(waiting.request, as: invite.role, by: invite)
        return try plan(pending)
    }

    private func plan(_ pending: PendingJoin) throws -> AdmittedPlan {
        let answer = try pending.open(ana.sealed(ana.welcome(pending.request), for: pending.request))
        let (welcome, _) = try self.welcome(answer)
        return try Replica.planAdmitted(
            pending, welcome, by: #require(pending.offer).inviter, relayURL: "", control: control(of: ana))
    }

    private func welcome(_ answer: JoinAnswer) throws -> (welcome: Welcome, relayURL: String) {
        guard case .welcome(let welcome, let relayURL) = answer.outcome else { throw SyncError(.failure, "no welcome") }
        return (welcome, relayURL)
    }

    private func expect<T>(_ kind: SyncError.Kind, _ what: String, _ body: () throws -> T) {
        do {
            _ = try body()
            Issue.record("\(what): nothing was thrown")
        } catch let error as SyncError {
            #expect(error.kind == kind, "\(what): \(error)")
        } catch {
            Issue.record("\(what): \(error)")
        }
    }

    @Test func `who asks, reads the same four words and is let in, takes part like anybody`() throws {
        _ = try ana.addEvent("Vigil")
        let asked = try ask()
        let pending = try pending(asked)
        let waiting = try ana.waiting([pending.box], for: asked.invite)
        #expect(waiting.count == 1)
        #expect(waiting[0].request.name == "Ben's phone")
        #expect(try waiting[0].words == pending.words())
        #expect(try ana.team().roster.count == 1)
        let plan = try admit(pending, asked.invite)
        #expect(plan.teamName == "Solidarity")
        #expect(plan.inviterName == "device 0")
        #expect(plan.role == .volunteer)
        let ben = try Replica.join(at: folder, plan, surroundings: surroundings)
        #expect(ben.device == pending.request.device)
        _ = try ben.addEvent("March")
        try TestTeam.carry(from: ana, to: ben)
        try TestTeam.carry(from: ben, to: ana)
        #expect(try ana.documents() == ben.documents())
        #expect(try ana.documents().count == 2)
        #expect(try ana.status().void.isEmpty)
        // Nothing is to be closed, and nothing is left open.
        #expect(try ana.team().invites.isEmpty)
        #expect(try ana.closeUsedInvites() == 0)
    }

    @Test func `a code that asks back opens nothing, and the team's log knows nothing of it`() throws {
        let before = try control(of: ana)
        let asked = try ask(role: .coordinator)
        #expect(try control(of: ana) == before)
        let code = try InviteCode(text: asked.invite.code.text)
        #expect(throws: (any Error).self) { try Welcome(opening: asked.box, with: code) }
        #expect(throws: (any Error).self) { try Replica.planJoin(code, box: asked.box, control: before) }
        // Whatever can be derived from the code is no key of the team.
        let secrets: [Secret] = [
            code.boxKey, Secret.derive(from: code.secret, "sync/v1/offer-key"), Secret.derive(from: code.secret, "sync/v1/request-key"),
        ]
        for record in before { #expect(try SealedControl.open(record, epochKeys: secrets) == nil) }
        for place in [ana.keys.team.bytes, ana.keys.controlToken.bytes] + ana.keys.epochs.map(\.key.bytes) {
            #expect(!asked.box.contains(place))
        }
    }

    /// SCENARIOS, D: somebody with the stolen code stands between the two.
    @Test func `a request that was put in the place of another reads other words`() throws {
        let asked = try ask()
        let ben = try pending(asked)
        let thief = try pending(asked, "Ben's phone")
        let shown = try ana.waiting([thief.box], for: asked.invite)
        #expect(shown.count == 1)
        #expect(try shown[0].words != ben.words())
        #expect(try shown[0].words == thief.words())
        // Both are shown where both asked, each with its own; a person picks.
        let both = try ana.waiting([thief.box, ben.box, thief.box], for: asked.invite)
        #expect(both.map(\.words) == [try thief.words(), try ben.words()])
        // The code itself was swapped on its way: the inviter never sees the words that the joiner reads out.
        let false_ = try mals.replicas[0].ask(role: .volunteer, relayURL: "http://127.0.0.1:7373", expires: .max)
        let misled = try pending(false_)
        #expect(try ana.waiting([misled.box], for: asked.invite).isEmpty)
    }

    @Test func `a request is shown for its own code, once, and not again after a no`() throws {
        let (first, second) = (try ask(), try ask())
        let (ben, eve) = (try pending(first), try pending(second, "Eve"))
        #expect(try ana.waiting([ben.box, eve.box, ben.box, [1, 2, 3], []], for: first.invite).map(\.request.name) == ["Ben's phone"])
        #expect(try ana.waiting([ben.box], for: second.invite).isEmpty)
        try ana.noteDeclined(ben.request, by: first.invite)
        let kept = try #require(try ana.askedInvites().first { $0.code == first.invite.code })
        #expect(try ana.waiting([ben.box], for: kept).isEmpty)
        // Sealed anew, it is the same request.
        let again = try ben.request.sealed(for: first.invite.code, to: #require(ben.offer).inviter, nonce: surroundings.random(12))
        #expect(try ana.waiting([again], for: kept).isEmpty)
        #expect(try ana.askedInvites().count == 2)
        try ana.forget(kept)
        #expect(try ana.askedInvites().map(\.code) == [second.invite.code])
    }

    @Test func `who is in the team, or was removed from it, is not shown and not let in again`() throws {
        let (asked, other) = (try ask(), try ask())
        let ben = try pending(asked)
        _ = try admit(ben, asked.invite)
        let count = try control(of: ana).count
        #expect(try ana.waiting([ben.box], for: asked.invite).isEmpty)
        try ana.admit(ben.request, as: .coordinator, by: asked.invite)
        #expect(try control(of: ana).count == count)
        #expect(try ana.team().roster[ben.request.device]?.enrolment.role == .volunteer)
        _ = try ana.remove(ben.request.device)
        let again = try ben.request.sealed(for: other.invite.code, to: #require(ben.offer).inviter, nonce: surroundings.random(12))
        #expect(try ana.waiting([again], for: other.invite).isEmpty)
        expect(.notJoined, "removed") { try ana.admit(ben.request, as: .volunteer) }
        expect(.notJoined, "no welcome for who is out") { try ana.welcome(ben.request) }
    }

    @Test func `the role is the inviter's word`() throws {
        let asked = try ask(role: .reader)
        let plan = try admit(try pending(asked), asked.invite)
        #expect(plan.role == .reader)
        let reader = try Replica.join(at: folder, plan, surroundings: surroundings)
        #expect(reader.keys.relaySeeds.isEmpty)
        #expect(try reader.team().roster[reader.device]?.enrolment.role == .reader)
        let second = try ask(role: .coordinator)
        let dia = try Replica.join(at: folder + "-c", try admit(try pending(second, "Dia"), second.invite), surroundings: surroundings)
        #expect(dia.keys.relaySeeds == ana.keys.relaySeeds)
        try TestTeam.carryControl(from: ana, to: dia)
        _ = try dia.ask(role: .volunteer, relayURL: "http://127.0.0.1:7373", expires: .max)
    }

    @Test func `only coordinators ask and admit`() throws {
        let asked = try ask()
        let ben = try Replica.join(at: folder, try admit(try pending(asked), asked.invite), surroundings: surroundings)
        expect(.notJoined, "ask") { try ben.ask(role: .reader, relayURL: "http://127.0.0.1:7373", expires: .max) }
        let other = try pending(try ask(), "Cem")
        expect(.notJoined, "admit") { try ben.admit(other.request, as: .volunteer) }
        #expect(try ben.team().roster.count == 2)
    }

    @Test func `a code that nobody used is forgotten, and the team keeps its key`() throws {
        let asked = try ask(expires: 1)
        _ = try pending(asked)
        #expect(try !ana.rotateIfNeeded())
        #expect(try ana.team().epochs.count == 1)
        // A pre-approved one discloses the key, and needs another.
        _ = try ana.invite(role: .volunteer, relayURL: "http://127.0.0.1:7373", expires: 1)
        #expect(try ana.rotateIfNeeded())
    }

    @Test func `an answer that leads elsewhere is refused`() throws {
        let asked = try ask()
        let ben = try pending(asked)
        let waiting = try #require(try ana.waiting([ben.box], for: asked.invite).first)
        try ana.admit(waiting.request, as: .volunteer, by: asked.invite)
        let answer = try ana.welcome(ben.request)
        let (welcome, _) = try self.welcome(answer)
        let inviter = try #require(ben.offer).inviter
        let control = try control(of: ana)
        #expect(throws: Never.self) { try Replica.planAdmitted(ben, welcome, by: inviter, relayURL: "", control: control) }
        // The relay holds back the end of the log, or shows none.
        expect(.integrity, "head") {
            try Replica.planAdmitted(ben, welcome, by: inviter, relayURL: "", control: Array(control.dropLast()))
        }
        expect(.integrity, "nothing") { try Replica.planAdmitted(ben, welcome, by: inviter, relayURL: "", control: []) }
        // Another team, founded by somebody who knows Ben's keys: not the code's.
        let mal = mals.replicas[0]
        try mal.admit(ben.request, as: .volunteer)
        let (trap, _) = try self.welcome(mal.welcome(ben.request))
        expect(.integrity, "team") {
            try Replica.planAdmitted(ben, trap, by: inviter, relayURL: "", control: try mal.log.read { try $0.sealedControl() })
        }
        // Not signed by whoever was asked, or another's answer.
        expect(.integrity, "signature") { try ben.open(mal.sealed(answer, for: ben.request)) }
        let cem = try pending(asked, "Cem")
        expect(.integrity, "another's") { try cem.open(ana.sealed(answer, for: ben.request)) }
        expect(.integrity, "another's request") { try cem.open(JoinAnswer(.declined, to: ben.request).sealed(to: cem.request, signedBy: ana.signing)) }
        expect(.notJoined, "another's place") {
            try Replica.planAdmitted(cem, welcome, by: inviter, relayURL: "", control: control)
        }
    }

    @Test func `only the person who was asked lets in by their code`() throws {
        let second = try ask(role: .coordinator)
        let bea = try Replica.join(at: folder, try admit(try pending(second, "Bea"), second.invite), surroundings: surroundings)
        let asked = try ask()
        let ben = try pending(asked)
        // Bea, a coordinator, lets Ben in without having been asked, and Ana's answer says so.
        try bea.admit(ben.request, as: .coordinator)
        try TestTeam.carryControl(from: bea, to: ana)
        expect(.integrity, "by another") { try plan(ben) }
    }

    @Test func `an admission that was undone is said, and makes no store`() throws {
        let asked = try ask()
        let ben = try pending(asked)
        let waiting = try #require(try ana.waiting([ben.box], for: asked.invite).first)
        try ana.admit(waiting.request, as: .volunteer, by: asked.invite)
        let box = try ana.sealed(ana.welcome(ben.request), for: ben.request)
        _ = try ana.remove(ben.request.device)
        let (welcome, _) = try self.welcome(ben.open(box))
        let inviter = try #require(ben.offer).inviter
        expect(.notJoined, "undone") {
            try Replica.planAdmitted(ben, welcome, by: inviter, relayURL: "", control: try control(of: ana))
        }
    }

    @Test func `a team that changed its key after the yes lets the device in all the same`() throws {
        let asked = try ask()
        let ben = try pending(asked)
        let waiting = try #require(try ana.waiting([ben.box], for: asked.invite).first)
        try ana.admit(waiting.request, as: .volunteer, by: asked.invite)
        let box = try ana.sealed(ana.welcome(ben.request), for: ben.request)
        try ana.rotate()
        try ana.rotate()
        let (welcome, _) = try self.welcome(ben.open(box))
        #expect(welcome.epochs.count == 1)
        let plan = try Replica.planAdmitted(
            ben, welcome, by: try #require(ben.offer).inviter, relayURL: "", control: try control(of: ana))
        let replica = try Replica.join(at: folder, plan, surroundings: surroundings)
        #expect(replica.keys.epochs.count == 3)
        _ = try replica.addEvent("March")
        try TestTeam.carry(from: replica, to: ana)
        #expect(try ana.documents().count == 1)
    }

    @Test func `keys that wait lie in a private file, go on asking, and leave nothing when they are destroyed`() throws {
        let asked = try ask()
        let ben = try pending(asked)
        try ben.write(in: folder)
        let own = PendingJoin.folder(in: folder)
        #expect(FileSystem.mode(of: own).map { $0 & 0o777 } == 0o700)
        let name = try #require(FileSystem.names(in: own).first)
        #expect(FileSystem.mode(of: own + "/" + name).map { $0 & 0o777 } == 0o600)
        let found = try #require(PendingJoin.find(asked.invite.code, in: folder))
        #expect(found.request == ben.request)
        #expect(found.box == ben.box)
        #expect(found.signing.seed == ben.signing.seed)
        #expect(try PendingJoin.find(ask().invite.code, in: folder) == nil)
        let file = try PendingJoin(device: "Cem", surroundings)
        try file.write(in: folder)
        #expect(PendingJoin.all(in: folder).count == 2)
        // A damaged one is passed over, and destroyed with the others.
        try FileSystem.writeDurably([1, 2, 3], to: own + "/other")
        #expect(PendingJoin.all(in: folder).count == 2)
        try found.destroy(in: folder)
        #expect(PendingJoin.all(in: folder).map(\.request) == [file.request])
        #expect(try PendingJoin.destroyAll(in: folder) == 2)
        #expect(!FileSystem.exists(own))
        #expect(try PendingJoin.destroyAll(in: folder) == 0)
    }

    @Test func `two files on a stick do the same without a relay`() throws {
        _ = try ana.addEvent("Vigil")
        let ben = try PendingJoin(device: "Ben's phone", surroundings)
        let asked = try RequestFile.read(RequestFile.bytes(ben.request))
        #expect(try JoinWords.request(joiner: asked.keys) == ben.words())
        let (file, words) = try ana.answerFile(to: asked, as: .volunteer, relayURL: "https://relay.example")
        let opened = try #require(ben.open(file: file))
        let (welcome, relayURL) = try self.welcome(opened.answer)
        #expect(try JoinWords.answer(team: welcome.team, inviter: opened.inviter, joiner: ben.request.keys) == words)
        let plan = try Replica.planAdmitted(ben, welcome, by: opened.inviter, relayURL: relayURL, control: opened.control)
        #expect(plan.relayURL == "https://relay.example")
        let replica = try Replica.join(at: folder, plan, surroundings: surroundings)
        try TestTeam.carry(from: ana, to: replica)
        #expect(try replica.documents() == ana.documents())
        // Somebody on the way answers with a team of their own: the words are others.
        let mal = mals.replicas[0]
        let (trap, shown) = try mal.answerFile(to: asked, as: .volunteer, relayURL: "")
        let fooled = try #require(ben.open(file: trap))
        let (other, _) = try self.welcome(fooled.answer)
        #expect(try JoinWords.answer(team: other.team, inviter: fooled.inviter, joiner: ben.request.keys) == shown)
        #expect(shown != words)
        // It is for this device alone.
        #expect(try PendingJoin(device: "Ben's phone", surroundings).open(file: file) == nil)
        // Answered twice, nobody is let in twice.
        let count = try control(of: ana).count
        _ = try ana.answerFile(to: asked, as: .coordinator, relayURL: "")
        #expect(try control(of: ana).count == count)
    }
}

extension [UInt8] {
    fileprivate func contains(_ part: [UInt8]) -> Bool {
        indices.dropLast(Swift.max(0, part.count - 1)).contains { self[$0...].starts(with: part) }
    }
}
