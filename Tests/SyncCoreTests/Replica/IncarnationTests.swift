import Foundation
import Testing

@testable import SyncCore

/// A store that was copied, restored or moved: it must not write in the name of the one that it came from.
@Suite struct IncarnationTests {
    private func petition(_ replica: Replica) throws -> RecordID {
        try replica.commit { draft in
            let id = draft.create(.petition)
            try draft.assign(id, Field.title, .text("Stop the camps"))
            return id
        }.result
    }

    private func tally(_ replica: Replica, _ record: RecordID, _ amount: Int64) throws {
        try replica.commit { try $0.increment(record, Field.tally, by: amount) }
    }

    private func sum(_ replica: Replica) throws -> Int64? {
        guard case .counter(let sum) = try replica.documents().first?[Field.tally] else { return nil }
        return sum
    }

    private final class Heard {
        var renewals: [Renewal] = []

        init(_ replica: Replica) { replica.onRenewal = { [unowned self] in renewals.append($0) } }
    }

    @Test func `S19 a copied folder writes under an author of its own, and its journal under the old names`() throws {
        let team = try TestTeam(devices: 2)
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        let record = try petition(ana)
        try team.exchangeAll()
        try tally(ben, record, 5)
        let copy = try team.copy(1)
        let (heard, atHome) = (Heard(copy), Heard(ben))
        let before = ben.author
        // Reading is free.
        _ = try copy.documents()
        #expect(try copy.status().renewal == nil)
        #expect(copy.author == before)
        try tally(copy, record, 2)
        try tally(copy, record, 1)
        #expect(heard.renewals.map(\.reason) == [.elsewhere] && heard.renewals.map(\.unsent) == [1])
        #expect(copy.author != before)
        try tally(ben, record, 10)
        #expect(ben.author == before && atHome.renewals.isEmpty)
        try team.exchangeAll()
        try team.expectAgreement()
        // What was in both journals counts once.
        #expect(try sum(ana) == 18)
        #expect(try ana.status().void.isEmpty)
        #expect(try ana.log.read { log in try log.authors().allSatisfy { try !log.isForked(author: $0.number) } })
        #expect(try copy.status().renewal == heard.renewals.first)
        let again = try Replica(openingAt: copy.paths.folder, surroundings: team.clock.surroundings)
        let silent = Heard(again)
        try tally(again, record, 1)
        #expect(silent.renewals.isEmpty && again.author == copy.author)
    }

    @Test func `S19 a folder that was moved stays what it was, and one that was carried over loses nothing`() throws {
        let team = try TestTeam(devices: 2)
        let ben = team.replicas[1]
        _ = try ben.addEvent("York")
        let author = ben.author
        try ben.checkpoint()
        let moved = team.path(7)
        try FileManager.default.moveItem(atPath: team.path(1), toPath: moved)
        let there = try Replica(openingAt: moved, surroundings: team.clock.surroundings)
        _ = try there.addEvent("Leeds")
        #expect(there.author == author)
        // On another disk everything is new but the bytes.
        try there.checkpoint()
        let carried = team.path(8)
        try FileManager.default.copyItem(atPath: moved, toPath: carried)
        try FileManager.default.removeItem(atPath: moved)
        let elsewhere = try Replica(openingAt: carried, surroundings: team.clock.surroundings)
        _ = try elsewhere.addEvent("Rome")
        #expect(elsewhere.author != author)
        let ana = team.replicas[0]
        try TestTeam.carry(from: elsewhere, to: ana)
        #expect(try ana.documents().count == 3)
        #expect(try ana.log.read { try $0.logs().filter { $0.device == ben.device }.count } == 1)
    }

    @Test(arguments: 0..<4) func `interrupted anywhere, it is done again`(step: Int) throws {
        let team = try TestTeam(devices: 2)
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        let record = try petition(ana)
        try team.exchangeAll()
        try tally(ben, record, 5)
        let copy = try team.copy(1)
        let old = copy.author
        // What the steps leave: nothing; the mark in the log; that and the keys; all of it.
        var next = copy.keys
        next.authorSalt = team.clock.surroundings.random(16)
        next.incarnation = Incarnation(mark: team.clock.surroundings.random(16), ofLogAt: copy.paths.log)
        if step > 0 { try copy.locked { try copy.log.write { try $0.set(Replica.Setting.incarnation, next.incarnation.bytes) } } }
        if step > 1 { try copy.locked { try copy.save(next) } }
        if step > 2 { try FileSystem.writeDurably(next.incarnation.bytes, to: copy.paths.incarnation) }
        let again = try Replica(openingAt: copy.paths.folder, surroundings: team.clock.surroundings)
        let heard = Heard(again)
        try tally(again, record, 2)
        #expect(again.author != old)
        #expect(heard.renewals.count == (step < 3 ? 1 : 0))
        #expect(try again.isInItsPlace())
        try TestTeam.carry(from: again, to: ana)
        try TestTeam.carry(from: ben, to: ana)
        #expect(try sum(ana) == 7)
        #expect(try ana.status().void.isEmpty)
    }

    @Test func `two processes find one copy: it is renewed once`() throws {
        let team = try TestTeam(devices: 1)
        _ = try team.replicas[0].addEvent("York")
        let copy = try team.copy(0)
        let other = try Replica(openingAt: copy.paths.folder, surroundings: team.clock.surroundings)
        let (first, second) = (Heard(copy), Heard(other))
        _ = try copy.addEvent("Leeds")
        _ = try other.addEvent("Rome")
        #expect(first.renewals.count == 1 && second.renewals.isEmpty)
        #expect(copy.author == other.author)
    }

    /// A clone of a machine, marks and all. It writes and seals before it knows.
    private func cloned() throws -> (team: TestTeam, ana: Replica, ben: Replica, clone: Replica, record: RecordID) {
        let team = try TestTeam(devices: 2)
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        let record = try petition(ana)
        try tally(ben, record, 1)
        try team.exchangeAll()
        let clone = try team.clone(1)
        try tally(ben, record, 10)
        try TestTeam.carry(from: ben, to: ana)
        return (team, ana, ben, clone, record)
    }

    private func carryOwn(of device: Replica, from source: Replica, to target: Replica) throws {
        let own = try device.ownTags()
        try TestTeam.carry(from: source, to: target) { own.contains($0) }
    }

    @Test func `F2 a remote that holds another branch: what was sealed is carried again, and counts once`() throws {
        let (team, ana, ben, clone, record) = try cloned()
        let heard = Heard(clone)
        try tally(clone, record, 100)
        _ = try clone.seal()
        try tally(clone, record, 1000)
        #expect(clone.author == ben.author)
        try carryOwn(of: ben, from: ana, to: clone)
        let unsent = try clone.unsentCount()
        _ = try clone.seal()
        #expect(heard.renewals.map(\.reason) == [.usedTwice])
        #expect(clone.author != ben.author)
        #expect(try clone.unsentCount() == unsent)
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try sum(ana) == 1111)
        // The new log alone would have done.
        let dora = try team.join(team.invitation())
        try TestTeam.carryControl(from: dora, to: clone)
        let old = try clone.log.read { log in
            try Set(log.logs().filter { try $0.author.flatMap(log.author) == ben.author }.map(\.tag))
        }
        try TestTeam.carry(from: clone, to: dora) { !old.contains($0) }
        try TestTeam.carry(from: ana, to: dora)
        #expect(try sum(dora) == 1111)
    }

    @Test func `before anything is sealed no fork is made`() throws {
        let (team, ana, ben, clone, record) = try cloned()
        try tally(clone, record, 100)
        try carryOwn(of: ben, from: ana, to: clone)
        _ = try clone.seal()
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try sum(ana) == 111)
        #expect(try ana.log.read { log in try log.logs().allSatisfy { try log.firstFork(of: $0.number) == nil } })
        #expect(clone.author != ben.author)
    }

    @Test func `its own later segments, come from outside, tell a store that it was set back`() throws {
        let (team, ana, ben, clone, record) = try cloned()
        let heard = Heard(clone)
        try TestTeam.carry(from: ana, to: clone)
        #expect(try sum(clone) == 11)
        try tally(clone, record, 100)
        #expect(heard.renewals.map(\.reason) == [.usedTwice])
        #expect(clone.author != ben.author)
        try TestTeam.carry(from: clone, to: ana)
        #expect(try sum(ana) == 111)
        try team.expectAgreement([ana, clone])
    }

    @Test func `what others merely say that they have of its log is shown, and changes nothing`() throws {
        let (team, ana, ben, clone, record) = try cloned()
        let heard = Heard(clone)
        // Ana names Ben's newest segment in hers; a relay withholds his from the clone.
        try tally(ana, record, 5)
        let anas = try ana.ownTag()
        try TestTeam.carry(from: ana, to: clone) { $0 == anas }
        #expect(try clone.status().withheld == [Withheld(device: ben.device, segments: 1)])
        try tally(clone, record, 100)
        #expect(heard.renewals.isEmpty && clone.author == ben.author)
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try sum(ana) == 116)
        #expect(try clone.status().withheld.isEmpty)
    }

    @Test func `coordinators are told of copies, the certain ones and the others, for thirty days`() throws {
        let (team, ana, ben, clone, record) = try cloned()
        try tally(clone, record, 100)
        try TestTeam.carry(from: clone, to: ana)
        let sign = try #require(try ana.status().copies.first)
        #expect(sign.device == ben.device && sign.kind == .usedTwice)
        #expect(try ben.status().copies.isEmpty)
        // The weaker sign of a later incarnation does not hide the stronger one.
        try team.exchangeAll()
        try tally(clone, record, 1000)
        try team.exchangeAll()
        #expect(try ana.status().copies.map(\.kind) == [.usedTwice])
        team.clock.time += Replica.signMilliseconds
        #expect(try ana.status().copies.isEmpty)

        let others = try TestTeam(devices: 2, seed: 2)
        let (cem, dora) = (others.replicas[0], others.replicas[1])
        _ = try dora.addEvent("York")
        try others.exchangeAll()
        #expect(try cem.status().copies.isEmpty)
        let copy = try others.copy(1)
        _ = try copy.addEvent("Leeds")
        try TestTeam.carry(from: copy, to: cem)
        #expect(try cem.status().copies.map(\.kind) == [.renewed])
    }

    @Test func `nobody can make another's device look copied`() throws {
        let team = try TestTeam(devices: 3)
        let (ana, ben, mallory) = (team.replicas[0], team.replicas[1], team.replicas[2])
        let record = try ben.addEvent("Vigil")
        try ben.commit { try $0.assign(record, Field.title, .text("Ours")) }
        try team.exchangeAll()
        let forged = ChangeName(author: ben.author, seq: 1, mark: 77)
        try mallory.craft([.assign(record, Field.title, "Mine")], name: forged)
        _ = try mallory.seal()
        for replica in [ana, ben] { try TestTeam.carry(from: mallory, to: replica) }
        #expect(try ana.status().copies.isEmpty)
        let author = ben.author
        try ben.commit { try $0.assign(record, Field.title, .text("Still ours")) }
        #expect(ben.author == author)
    }
}
