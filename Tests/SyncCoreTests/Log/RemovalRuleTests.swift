import Testing

@testable import SyncCore

/// The rules of removal, roles and acceptance, as the table in `docs/crypto.md` names them.
@Suite struct RemovalRuleTests {
    private var council: Council

    init() throws { council = try Council() }

    @Test mutating func `a removed device is out for good`() throws {
        let removal = try council.remove(council.bea, by: council.ana)
        #expect(try council.state(removal).has([council.ana, council.cem, council.dia]))
        #expect(try council.state(removal).isOut(council.bea.id))
        // The same keys, invited once more, stay out; the person comes with another device.
        let (key, other) = (try council.fixture.inviteKey(), try council.fixture.inviteKey())
        let invite = try council.fixture.invite(key, role: .coordinator, by: council.cem, after: [removal])
        let again = try council.fixture.join(council.bea, invite, key)
        #expect(try council.state(removal, invite, again).roster[council.bea.id] == nil)
        let second = try council.fixture.invite(other, by: council.cem, after: [removal])
        let laptop = try council.fixture.person("Bea's new laptop")
        let joined = try council.fixture.join(laptop, second, other)
        #expect(try council.state(removal, second, joined).roster[laptop.id] != nil)
    }

    @Test func `F7 cuts combine by minimum`() throws {
        let (one, two) = (Council.change(1, 10), Council.change(2, 5))
        let first = try council.remove(council.bea, by: council.ana, cuts: [one, two])
        let second = try council.remove(council.bea, by: council.cem, cuts: [Council.change(1, 7), Council.change(2, 8)])
        let state = try council.state(first, second)
        func standing(_ author: UInt64, _ seq: UInt64) -> TeamState.Standing {
            state.standing(of: Council.change(author, seq), by: council.bea.id)
        }
        #expect(standing(1, 7) == .counts)
        #expect(standing(1, 8) == .pastCut)
        #expect(standing(2, 5) == .counts)
        #expect(standing(2, 6) == .pastCut)
    }

    @Test func `F7 an author that a removal does not name is cut at nothing`() throws {
        let first = try council.remove(council.bea, by: council.ana, cuts: [Council.change(1, 10), Council.change(2, 5)])
        let second = try council.remove(council.bea, by: council.cem, cuts: [Council.change(1, 12)])
        let state = try council.state(first, second)
        #expect(state.standing(of: Council.change(2, 1), by: council.bea.id) == .pastCut)
        #expect(state.standing(of: Council.change(3, 1), by: council.bea.id) == .pastCut)
        #expect(state.standing(of: Council.change(1, 10), by: council.bea.id) == .counts)
        #expect(state.standing(of: Council.change(3, 1), by: council.cem.id) == .counts)
    }

    @Test func `a cut covers the branch that it names`() throws {
        let first = try council.remove(council.bea, by: council.ana, cuts: [Council.change(1, 10, mark: 1)])
        let state = try council.state(first)
        #expect(state.standing(of: Council.change(1, 10, mark: 1), by: council.bea.id) == .counts)
        #expect(state.standing(of: Council.change(1, 10, mark: 2), by: council.bea.id) == .pastCut)
        let second = try council.remove(council.bea, by: council.cem, cuts: [Council.change(1, 10, mark: 2)])
        let both = try council.state(first, second)
        #expect(both.standing(of: Council.change(1, 10, mark: 1), by: council.bea.id) == .pastCut)
        #expect(both.standing(of: Council.change(1, 9, mark: 1), by: council.bea.id) == .counts)
    }

    @Test mutating func `F7 what the removal knew of a coordinator's records counts and the rest is void`() throws {
        let keys = [try council.fixture.inviteKey(), try council.fixture.inviteKey()]
        let (vera, puppet) = (try council.fixture.person("Vera"), try council.fixture.person("Eve", .coordinator))
        let known = try council.fixture.invite(keys[0], by: council.bea, after: [council.last])
        let joined = try council.fixture.join(vera, known, keys[0])
        let removal = try council.remove(council.bea, by: council.ana, after: [joined])
        let late = try council.fixture.invite(keys[1], role: .coordinator, by: council.bea, after: [council.last])
        let puppets = try council.fixture.join(puppet, late, keys[1])
        let state = try council.state(known, joined, removal, late, puppets)
        #expect(state.has([council.ana, council.cem, council.dia, vera]))
        #expect(state.invites.allSatisfy { $0.name != late.name })
    }

    @Test mutating func `nothing rests on what is void`() throws {
        let key = try council.fixture.inviteKey()
        let puppet = try council.fixture.person("Eve", .coordinator)
        let removal = try council.remove(council.bea, by: council.ana)
        let late = try council.fixture.invite(key, role: .coordinator, by: council.bea, after: [council.last])
        let joined = try council.fixture.join(puppet, late, key)
        let takes = try council.remove(council.cem, by: puppet, after: [joined])
        let rotation = try council.rotate(by: puppet, after: [joined])
        let acceptance = try council.accept([Council.change(1, 1)], by: puppet, after: [joined])
        let state = try council.state(removal, late, joined, takes, rotation, acceptance)
        #expect(state.has([council.ana, council.cem, council.dia]))
        #expect(state.accepted.isEmpty)
        #expect(state.currentEpoch?.record == removal.name)
    }

    @Test func `F7 coordinators who remove each other are both out`() throws {
        let (first, second) = (try council.remove(council.bea, by: council.ana), try council.remove(council.ana, by: council.bea))
        #expect(try council.state(first, second).has([council.cem, council.dia]))
        let answer = try council.remove(council.ana, by: council.bea, after: [first])
        #expect(try council.state(first, answer).has([council.cem, council.dia]))
    }

    /// SCENARIOS, F7: dated back, "remove Ana", "remove Cem", "remove Dia".
    @Test func `F7 a removed coordinator takes along only whoever removed it`() throws {
        let removal = try council.remove(council.bea, by: council.ana)
        let late = try [council.ana, council.cem, council.dia].map { try council.remove($0, by: council.bea) }
        let state = try council.state(removal, late[0], late[1], late[2])
        #expect(state.has([council.cem, council.dia]))
        // Others remain who can admit Ana anew.
        #expect(state.role(of: council.cem) == .coordinator)
        let others = try council.state(removal, late[1], late[2])
        #expect(others.has([council.ana, council.cem, council.dia]))
    }

    /// Ana learned that Bea's device had thrown everybody out: she writes her removal beside those records, not after them.
    @Test func `a removal beside what a device did undoes it`() throws {
        let raid = try [council.ana, council.cem, council.dia].map { try council.remove($0, by: council.bea) }
        #expect(try council.state(raid[0], raid[1], raid[2]).has([council.bea]))
        let answer = try council.remove(council.bea, by: council.ana, after: [council.last])
        #expect(try council.state(raid[0], raid[1], raid[2], answer).has([council.cem, council.dia]))
    }

    @Test func `removals in a ring all hold`() throws {
        let ring = [
            try council.remove(council.bea, by: council.ana), try council.remove(council.cem, by: council.bea),
            try council.remove(council.ana, by: council.cem),
        ]
        #expect(try council.state(ring[0], ring[1], ring[2]).has([council.dia]))
        // What hangs on a ring does not hold.
        let late = try council.remove(council.dia, by: council.cem)
        #expect(try council.state(ring[0], ring[1], ring[2], late).has([council.dia]))
    }

    @Test func `of a chain of removals the first holds and voids the next`() throws {
        let chain = [
            try council.remove(council.bea, by: council.ana), try council.remove(council.cem, by: council.bea),
            try council.remove(council.dia, by: council.cem),
        ]
        #expect(try council.state(chain[0], chain[1], chain[2]).has([council.ana, council.cem]))
        #expect(try council.state(chain[1], chain[2]).has([council.ana, council.bea, council.dia]))
    }

    @Test func `an accepted change beats any cut`() throws {
        let late = Council.change(1, 11)
        let first = try council.remove(council.bea, by: council.ana, cuts: [Council.change(1, 10)])
        let acceptance = try council.accept([late], by: council.cem, after: [first])
        let second = try council.remove(council.bea, by: council.dia)
        let state = try council.state(first, acceptance, second)
        #expect(state.standing(of: late, by: council.bea.id) == .counts)
        #expect(state.standing(of: Council.change(1, 11, mark: 8), by: council.bea.id) == .pastCut)
        #expect(state.standing(of: Council.change(1, 10), by: council.bea.id) == .pastCut)
        // The roster and the role as well.
        #expect(state.standing(of: late, by: DeviceID(high: 1, low: 2)) == .counts)
        #expect(state.standing(of: Council.change(1, 10), by: DeviceID(high: 1, low: 2)) == .outsideRoster)
        #expect(throws: DecodingFailure.self) {
            try Acceptance(payload: Acceptance((1...4097).map { Council.change(1, $0) }).payload)
        }
    }

    @Test func `an acceptance beyond its signer's cut accepts nothing`() throws {
        let late = Council.change(1, 11)
        let removal = try council.remove(council.bea, by: council.ana)
        let own = try council.accept([late], by: council.bea)
        #expect(try council.state(removal, own).standing(of: late, by: council.bea.id) == .pastCut)
        let known = try council.remove(council.bea, by: council.ana, after: [own])
        #expect(try council.state(known, own).standing(of: late, by: council.bea.id) == .counts)
    }

    @Test mutating func `only coordinators decide`() throws {
        let key = try council.fixture.inviteKey()
        let vera = try council.fixture.person("Vera")
        let invite = try council.fixture.invite(key, after: [council.last])
        let join = try council.fixture.join(vera, invite, key)
        let base = try council.state(invite, join)
        let tries = [
            try council.remove(council.bea, by: vera, after: [join]), try council.rotate(by: vera, after: [join]),
            try council.role(.coordinator, of: vera, by: vera, after: [join]),
            try council.accept([Council.change(1, 1)], by: vera, after: [join]),
        ]
        let state = try council.state(invite, join, tries[0], tries[1], tries[2], tries[3])
        #expect(state.roster == base.roster)
        #expect(state.accepted.isEmpty)
        #expect(state.currentEpoch == base.currentEpoch)
        let stolen = try council.fixture.record(
            .remove, by: council.ana, after: [join], key: vera.signing,
            Removal(device: council.bea.id, cuts: [], grants: []).payload)
        #expect(try council.state(invite, join, stolen).roster == base.roster)
    }

    @Test func `of roles the newest holds and of concurrent ones the lowest`() throws {
        let lower = try council.role(.volunteer, of: council.bea, by: council.ana)
        #expect(try council.state(lower).role(of: council.bea) == .volunteer)
        let again = try council.role(.coordinator, of: council.bea, by: council.cem, after: [lower])
        #expect(try council.state(lower, again).role(of: council.bea) == .coordinator)
        let beside = try council.role(.coordinator, of: council.bea, by: council.cem)
        #expect(try council.state(lower, beside).role(of: council.bea) == .volunteer)
        let reader = try council.role(.reader, of: council.bea, by: council.dia)
        #expect(try council.state(lower, beside, reader).role(of: council.bea) == .reader)
    }

    @Test func `a lowered role voids what the device decides beside it`() throws {
        let lower = try council.role(.volunteer, of: council.bea, by: council.ana)
        let removal = try council.remove(council.cem, by: council.bea)
        #expect(try council.state(lower, removal).has(council.all))
        let before = try council.role(.volunteer, of: council.bea, by: council.ana, after: [removal])
        #expect(try council.state(before, removal).roster[council.cem.id] == nil)
        // Made a coordinator again, it decides again; not with what it had written in between.
        let again = try council.role(.coordinator, of: council.bea, by: council.ana, after: [lower])
        let later = try council.remove(council.cem, by: council.bea, after: [again])
        #expect(try council.state(lower, again, removal).has(council.all))
        #expect(try council.state(lower, again, later).roster[council.cem.id] == nil)
    }

    @Test func `who becomes a reader keeps what counted until then`() throws {
        let reader = try council.role(.reader, of: council.bea, by: council.ana, cuts: [Council.change(1, 10)])
        let state = try council.state(reader)
        #expect(state.standing(of: Council.change(1, 10), by: council.bea.id) == .counts)
        #expect(state.standing(of: Council.change(1, 11), by: council.bea.id) == .reader)
        #expect(state.standing(of: Council.change(2, 1), by: council.bea.id) == .reader)
        let second = try council.role(.reader, of: council.bea, by: council.cem, cuts: [Council.change(1, 4)])
        #expect(try council.state(reader, second).standing(of: Council.change(1, 5), by: council.bea.id) == .reader)
        let again = try council.role(.volunteer, of: council.bea, by: council.ana, after: [reader])
        #expect(try council.state(reader, again).standing(of: Council.change(2, 1), by: council.bea.id) == .counts)
    }

    /// What no rule can tell apart: Bea, who never signed anything but her join, says that she knew of nobody else. Whether Ana's
    /// later invites are Ana's, or those of somebody who has Ana's laptop, only people know. They fall; nobody unknown gets a key.
    @Test func `who strikes back can deny whom it never wrote that it knew`() throws {
        let removal = try council.remove(council.bea, by: council.ana)
        let back = try council.remove(council.ana, by: council.bea, after: [council.join(of: council.bea)])
        let state = try council.state(removal, back)
        #expect(state.roster.isEmpty)
        #expect(state.currentEpoch == nil)
        // A third coordinator whom she cannot deny is enough: the team goes on, and admits the others anew.
        let known = try council.remove(council.ana, by: council.bea, after: [council.join(of: council.cem)])
        #expect(try council.state(removal, known).has([council.cem]))
    }
}
