import Testing

@testable import SyncCore

/// Whom a coordinator lets in, as the table in `docs/crypto.md` names the rules.
@Suite struct AdmissionRuleTests {
    private var council: Council
    private let vera: Council.Person

    init() throws {
        var council = try Council()
        vera = try council.fixture.person("Vera")
        self.council = council
    }

    /// The same keys under another role, as a coordinator may write them down.
    private func vera(as role: Role) -> Council.Person {
        var person = vera
        person.enrolment.role = role
        return person
    }

    @Test func `whom a coordinator admits is in with the role that they gave and nothing is to be closed`() throws {
        let admission = try council.admit(vera, by: council.bea)
        let state = try council.state(admission)
        #expect(state.has(council.all + [vera]))
        #expect(state.roster[vera.id]?.enrolment == vera.enrolment)
        #expect(state.roster[vera.id]?.record == admission.name)
        #expect(state.heads == [admission.name])
        #expect(state.standing(of: Council.change(7, 1), by: vera.id) == .counts)
        #expect(!state.needsUpgrade)
        // A new key is for those who remain; it ends no admission.
        let rotation = try council.rotate(by: council.cem, for: council.all + [vera], after: [admission])
        #expect(try council.state(admission, rotation).roster[vera.id] != nil)
    }

    @Test mutating func `only coordinators admit`() throws {
        let (eve, stranger) = (try council.fixture.person("Eve"), try council.fixture.person("Mal", .coordinator))
        let admission = try council.admit(vera, by: council.ana)
        let byVolunteer = try council.admit(eve, by: vera, after: [admission])
        let byHerself = try council.admit(stranger, by: stranger)
        let stolen = try council.fixture.record(
            .admit, by: council.ana, after: [council.last], key: vera.signing, Admit(device: eve.enrolment).payload)
        let damaged = try council.fixture.record(.admit, by: council.ana, after: [council.last], [1, 2, 3])
        let state = try council.state(admission, byVolunteer, byHerself, stolen, damaged)
        #expect(state.has(council.all + [vera]))
        let removed = try council.remove(council.bea, by: council.ana)
        let late = try council.admit(eve, by: council.bea, after: [removed])
        #expect(try council.state(removed, late).roster[eve.id] == nil)
    }

    @Test mutating func `an admitted coordinator decides from then on`() throws {
        let (nia, eve) = (vera(as: .coordinator), try council.fixture.person("Eve"))
        let admission = try council.admit(nia, by: council.ana)
        let next = try council.admit(eve, by: nia, after: [admission])
        #expect(try council.state(admission, next).has(council.all + [nia, eve]))
        let before = try council.admit(eve, by: nia)
        #expect(try council.state(admission, before).has(council.all + [nia]))
        let removal = try council.remove(council.dia, by: nia, after: [admission], for: [council.ana, nia])
        #expect(try council.state(admission, removal).isOut(council.dia.id))
    }

    @Test mutating func `an admission counts as far as its signer's records do, and nothing rests on one that does not`() throws {
        let eve = try council.fixture.person("Eve")
        let puppet = vera(as: .coordinator)
        let known = try council.admit(eve, by: council.bea)
        let removal = try council.remove(council.bea, by: council.ana, after: [known])
        let late = try council.admit(puppet, by: council.bea)
        let strike = try council.remove(council.cem, by: puppet, after: [late])
        let state = try council.state(known, removal, late, strike)
        #expect(state.has([council.ana, council.cem, council.dia, eve]))
        // Lowered, she admits nobody beside it either.
        let lowered = try council.role(.volunteer, of: council.bea, by: council.ana)
        #expect(try council.state(lowered, late).has(council.all))
    }

    @Test func `who is in keeps the role that they have`() throws {
        let lower = try council.admit(with(council.cem, .reader), by: council.bea)
        #expect(try council.state(lower).role(of: council.cem) == .coordinator)
        let founder = try council.admit(with(council.ana, .reader), by: council.bea)
        #expect(try council.state(founder).role(of: council.ana) == .coordinator)
        let first = try council.admit(vera, by: council.ana)
        let higher = try council.admit(vera(as: .coordinator), by: council.bea, after: [first])
        #expect(try council.state(first, higher).role(of: vera) == .volunteer)
    }

    private func with(_ person: Council.Person, _ role: Role) -> Council.Person {
        var person = person
        person.enrolment.role = role
        return person
    }

    @Test mutating func `of admissions beside each other the lowest role is taken`() throws {
        let first = try council.admit(vera(as: .coordinator), by: council.ana)
        let second = try council.admit(vera, by: council.bea)
        let both = try council.state(first, second)
        #expect(both.role(of: vera) == .volunteer)
        #expect(both.roster[vera.id]?.record == second.name)
        // What she decides by what she knew counts for who knew no more; a record of roles settles it.
        let eve = try council.fixture.person("Eve")
        let hers = try council.admit(eve, by: vera(as: .coordinator), after: [first])
        #expect(try council.state(first, second, hers).roster[eve.id] != nil)
        let knowing = try council.admit(eve, by: vera(as: .coordinator), after: [first, second])
        #expect(try council.state(first, second, knowing).roster[eve.id] == nil)
        let raised = try council.role(.coordinator, of: vera, by: council.ana, after: [first, second])
        #expect(try council.state(first, second, raised).role(of: vera) == .coordinator)
    }

    @Test mutating func `beside an invite that was taken up the lowest role is taken too`() throws {
        let key = try council.fixture.inviteKey()
        let invite = try council.fixture.invite(key, after: [council.last])
        let join = try council.fixture.join(vera, invite, key)
        let reader = try council.admit(vera(as: .reader), by: council.bea)
        #expect(try council.state(invite, join, reader).role(of: vera) == .reader)
        // The invite's end leaves the admission.
        let none = try council.fixture.close(invite, accepting: nil, after: [join])
        #expect(try council.state(invite, join, reader, none).roster[vera.id]?.record == reader.name)
    }

    @Test func `a removed device stays out whoever admits it`() throws {
        let removal = try council.remove(council.bea, by: council.ana)
        for parents in [[removal], [council.last]] {
            let again = try council.admit(council.bea, by: council.cem, after: parents)
            #expect(try council.state(removal, again).has([council.ana, council.cem, council.dia]))
        }
    }

    @Test func `who was admitted has the keys of the epochs that the admission knew`() throws {
        let rotation = try council.rotate(by: council.ana)
        let admission = try council.admit(vera, by: council.bea, after: [rotation])
        let state = try council.state(rotation, admission)
        #expect(state.epochs.allSatisfy { $0.recipients.contains(vera.id) })
        #expect(state.lacking.isEmpty)
        // Removed without a new key that leaves her out, she makes the old ones unusable.
        let removal = try council.remove(vera, by: council.cem, after: [admission])
        #expect(try council.state(rotation, admission, removal).epochs.map(\.isUsable) == [false, false, true])
    }

    @Test func `who was admitted beside a new epoch lacks it`() throws {
        let rotation = try council.rotate(by: council.bea)
        let admission = try council.admit(vera, by: council.ana)
        let state = try council.state(rotation, admission)
        #expect(state.currentEpoch?.id == Council.id(rotation))
        #expect(state.lacking == [vera.id])
        let next = try council.rotate(by: council.cem, for: council.all + [vera], after: [rotation, admission])
        #expect(try council.state(rotation, admission, next).lacking.isEmpty)
    }

    /// Vera, a volunteer, admits a device that was removed, under every new key that there is: nobody has to change keys for that.
    @Test func `an admission that does not count makes no epoch unusable`() throws {
        let admission = try council.admit(vera, by: council.ana)
        let removal = try council.remove(
            council.bea, by: council.ana, after: [admission], for: [council.ana, council.cem, council.dia, vera])
        let trick = try council.admit(council.bea, by: vera, after: [removal])
        let state = try council.state(admission, removal, trick)
        #expect(state.currentEpoch?.id == Council.id(removal))
    }
}
