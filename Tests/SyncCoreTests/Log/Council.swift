import Testing

@testable import SyncCore

/// Four coordinators: Ana, who founded the team and invited the others one after the other, Bea, Cem and Dia.
struct Council {
    typealias Person = TeamFixture.Person

    var fixture: TeamFixture
    let ana: Person
    let bea: Person
    let cem: Person
    let dia: Person
    /// Until all four are in: each record after the one before it.
    let base: [ControlRecord]

    var all: [Person] { [ana, bea, cem, dia] }
    var last: ControlRecord { base[base.count - 1] }

    init() throws {
        var fixture = try TeamFixture()
        var base = [fixture.genesis]
        var people: [Person] = []
        for name in ["Bea", "Cem", "Dia"] {
            let (person, key) = (try fixture.person(name, .coordinator), try fixture.inviteKey())
            let invite = try fixture.invite(key, role: .coordinator, after: base.suffix(1))
            base += [invite, try fixture.join(person, invite, key)]
            people.append(person)
        }
        ana = fixture.founder
        (bea, cem, dia) = (people[0], people[1], people[2])
        (self.fixture, self.base) = (fixture, base)
    }

    /// The record that enrolled somebody.
    func join(of person: Person) -> ControlRecord { base.last { $0.signer == person.id && $0.kind == .join } ?? base[0] }

    func grants(_ people: [Person]) -> [EpochGrant] { people.map { EpochGrant(device: $0.id, envelope: [UInt8]($0.id.bytes)) } }

    func remove(
        _ person: Person, by remover: Person, after parents: [ControlRecord]? = nil, cuts: [ChangeName] = [],
        for others: [Person]? = nil
    ) throws -> ControlRecord {
        let removal = Removal(
            device: person.id, cuts: cuts, grants: grants(others ?? all.filter { $0.id != person.id }))
        return try fixture.record(.remove, by: remover, after: parents ?? [last], removal.payload)
    }

    func rotate(
        by person: Person, for recipients: [Person]? = nil, after parents: [ControlRecord]? = nil
    ) throws -> ControlRecord {
        try fixture.record(
            .rotate, by: person, after: parents ?? [last], Rotation(grants: grants(recipients ?? all)).payload)
    }

    func role(
        _ role: Role, of person: Person, by other: Person, after parents: [ControlRecord]? = nil, cuts: [ChangeName] = []
    ) throws -> ControlRecord {
        try fixture.record(
            .role, by: other, after: parents ?? [last], RoleChange(device: person.id, role: role, cuts: cuts).payload)
    }

    func accept(
        _ changes: [ChangeName], by person: Person, after parents: [ControlRecord]? = nil
    ) throws -> ControlRecord {
        try fixture.record(.accept, by: person, after: parents ?? [last], Acceptance(changes).payload)
    }

    /// The state of the base and more, after seeing that orders of arrival give the same.
    func state(_ more: ControlRecord...) throws -> TeamState {
        let checked = CheckedRecord.check(base + more, team: fixture.team)
        let state = try #require(TeamState(team: fixture.team, checked: checked))
        var random = Seeded(77)
        for _ in 0..<6 {
            let other = try #require(TeamState(team: fixture.team, checked: checked.shuffled(using: &random)))
            #expect(other.facts == state.facts)
        }
        return state
    }

    func admit(_ person: Person, by other: Person, after parents: [ControlRecord]? = nil) throws -> ControlRecord {
        try fixture.record(.admit, by: other, after: parents ?? [last], Admit(device: person.enrolment).payload)
    }

    static func change(_ author: UInt64, _ seq: UInt64, mark: UInt64 = 9) -> ChangeName {
        ChangeName(author: AuthorID(high: author, low: author), seq: seq, mark: mark)
    }

    static func id(_ record: ControlRecord) -> EpochID { EpochID(prefixOf: record.name) }
}

extension TeamState {
    /// Everything that a state says, to compare two.
    struct Facts: Hashable {
        var roster: [DeviceID: Device]
        var removed: [DeviceID: AuthorCuts]
        var readers: [DeviceID: AuthorCuts]
        var accepted: Set<ChangeName>
        var invites: [InviteState]
        var joins: [Hash32: Device]
        var epochs: [Epoch]
        var currentEpoch: Epoch?
        var heads: [Hash32]
        var needsUpgrade: Bool
        var digest: Hash32
    }

    var facts: Facts {
        Facts(
            roster: roster, removed: removed, readers: readers, accepted: accepted, invites: invites, joins: joins,
            epochs: epochs, currentEpoch: currentEpoch, heads: heads, needsUpgrade: needsUpgrade, digest: digest)
    }

    func role(of person: TeamFixture.Person) -> Role? { roster[person.id]?.enrolment.role }
    func has(_ people: [TeamFixture.Person]) -> Bool { Set(roster.keys) == Set(people.map(\.id)) }
}
