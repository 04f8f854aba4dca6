import Testing

@testable import SyncCore

/// Five acts of four coordinators, under every choice of who knew of what, in every order of arrival.
@Suite struct InterleavingTests {
    enum Act: Sendable {
        case remove(Int, by: Int)
        case role(Role, of: Int, by: Int)
        case accept(by: Int)
        case rotate(by: Int)
        /// Of somebody new, as a coordinator.
        case admit(by: Int)
    }

    struct Story: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var acts: [Act]
    }

    static let stories: [Story] = [
        Story(
            testDescription: "one is removed and strikes at everybody",
            acts: [.remove(0, by: 3), .remove(1, by: 3), .remove(2, by: 3), .rotate(by: 3), .remove(3, by: 0)]),
        Story(
            testDescription: "a ring of four",
            acts: [.remove(1, by: 0), .remove(2, by: 1), .remove(3, by: 2), .remove(0, by: 3), .accept(by: 1)]),
        Story(
            testDescription: "two remove each other",
            acts: [.remove(1, by: 0), .remove(0, by: 1), .role(.volunteer, of: 3, by: 2), .accept(by: 3), .rotate(by: 3)]),
        Story(
            testDescription: "a chain with a lowered role",
            acts: [.remove(1, by: 0), .remove(2, by: 1), .role(.volunteer, of: 0, by: 2), .rotate(by: 0), .accept(by: 2)]),
        Story(
            testDescription: "roles against roles",
            acts: [
                .role(.volunteer, of: 1, by: 0), .role(.reader, of: 0, by: 1), .role(.coordinator, of: 1, by: 2),
                .remove(3, by: 1), .rotate(by: 1),
            ]),
        Story(
            testDescription: "one removed twice, and two rotations",
            acts: [.remove(3, by: 0), .accept(by: 3), .rotate(by: 2), .remove(3, by: 1), .rotate(by: 0)]),
        Story(
            testDescription: "an admitted coordinator, and whoever admitted it, strike",
            acts: [.admit(by: 3), .remove(3, by: 0), .remove(0, by: guest), .rotate(by: guest), .remove(1, by: 3)]),
        Story(
            testDescription: "admitted twice, and taken down",
            acts: [.admit(by: 0), .admit(by: 1), .role(.volunteer, of: guest, by: 2), .remove(2, by: guest), .remove(1, by: 0)]),
    ]

    /// Dia is on no list, also not on her own: the keys that she makes she has.
    private let sly = 3
    /// The place of somebody new, whom an act may admit.
    private static let guest = 4
    private let council: Council
    private let people: [Council.Person]
    private let base: [CheckedRecord]

    init() throws {
        var council = try Council()
        people = council.all + [try council.fixture.person("Nia", .coordinator)]
        self.council = council
        base = CheckedRecord.check(council.base, team: council.fixture.team)
    }

    /// For each act, which of the acts before it its signer knew. Whoever knows one knows what that one knew.
    typealias Knowledge = [Set<Int>]

    /// Each of the 357 ways.
    static let everyKnowledge: [Knowledge] = (0..<5).reduce([[]]) { ways, act in
        ways.flatMap { before in
            (0..<1 << act).compactMap { bits in
                let known = Set((0..<act).filter { bits >> $0 & 1 == 1 })
                return known.allSatisfy { before[$0].isSubset(of: known) } ? before + [known] : nil
            }
        }
    }

    private func acts(_ story: Story, _ knowledge: Knowledge) throws -> [CheckedRecord] {
        var records: [ControlRecord] = []
        for (act, known) in zip(story.acts, knowledge) {
            let parents = known.sorted().map { records[$0] }
            records.append(try record(act, after: parents.isEmpty ? [council.last] : parents))
        }
        return try records.map { try checked($0) }
    }

    private func record(_ act: Act, after parents: [ControlRecord]) throws -> ControlRecord {
        switch act {
        case .remove(let target, let remover):
            try council.remove(
                people[target], by: people[remover], after: parents, cuts: [Council.change(1, UInt64(10 - remover))],
                for: council.all.indices.filter { $0 != target && $0 != sly }.map { people[$0] })
        case .role(let role, let target, let by): try council.role(role, of: people[target], by: people[by], after: parents)
        case .accept(let by): try council.accept([Council.change(1, 1)], by: people[by], after: parents)
        case .rotate(let by):
            try council.rotate(by: people[by], for: council.all.indices.filter { $0 != sly }.map { people[$0] }, after: parents)
        case .admit(let by): try council.admit(people[Self.guest], by: people[by], after: parents)
        }
    }

    /// Signed here, so not checked again.
    private func checked(_ record: ControlRecord) throws -> CheckedRecord {
        let act: ControlAct =
            switch record.kind {
            case .remove: .remove(try Removal(payload: record.payload))
            case .role: .role(try RoleChange(payload: record.payload))
            case .accept: .accept(try Acceptance(payload: record.payload))
            case .admit: .admit(try Admit(payload: record.payload))
            default: .rotate(try Rotation(payload: record.payload))
            }
        return CheckedRecord(name: record.name, record: record, act: act)
    }

    private func state(_ acts: some Sequence<CheckedRecord>) throws -> TeamState {
        try #require(TeamState(team: council.fixture.team, checked: base + acts))
    }

    @Test(arguments: stories)
    func `whoever knew of what, the rules hold`(_ story: Story) throws {
        #expect(Self.everyKnowledge.count == 357)
        for knowledge in Self.everyKnowledge {
            let acts = try acts(story, knowledge)
            expectInvariants(try state(acts), acts)
        }
    }

    @Test(arguments: stories)
    func `every order of arrival gives the same team at every step`(_ story: Story) throws {
        for knowledge: Knowledge in [[[], [], [], [], []], [[], [], [0], [1], [0, 2]]] {
            let acts = try acts(story, knowledge)
            var known: [Set<Hash32>: TeamState.Facts] = [:]
            for order in permutations(acts) {
                for count in 1...order.count {
                    let arrived = Set(order.prefix(count).map(\.name))
                    // A subset met before is folded anew in this order only when it is whole: that is what differs.
                    if known[arrived] != nil, count < order.count { continue }
                    let state = try state(order.prefix(count))
                    expectInvariants(state, Array(order.prefix(count)))
                    let facts = state.facts
                    #expect(known[arrived, default: facts] == facts)
                    known[arrived] = facts
                }
            }
            #expect(known.count == 31)
        }
    }

    /// What holds whatever happened.
    private func expectInvariants(_ state: TeamState, _ acts: [CheckedRecord]) {
        let targets = Set(
            acts.compactMap { checked -> DeviceID? in
                if case .remove(let removal) = checked.act { removal.device } else { nil }
            })
        // Nobody is out whom no removal names, nobody is in and out, and nobody else came in.
        #expect(targets.isSuperset(of: state.removed.keys))
        #expect(Set(state.roster.keys).isDisjoint(with: state.removed.keys))
        let guests = Set(acts.compactMap(\.act.admitted?.device))
        let known = Set(state.roster.keys).union(state.removed.keys)
        #expect(known.subtracting(guests) == Set(council.all.map(\.id)))
        #expect(known.isSubset(of: guests.union(council.all.map(\.id))))
        if let epoch = state.currentEpoch {
            #expect(epoch.recipients.isDisjoint(with: state.removed.keys))
            #expect(state.roster[epoch.maker] != nil)
        }
        let connected = ControlHistory(base + acts)
        for checked in acts where connected?.index[checked.name] != nil {
            // A removal by somebody whom nobody touched holds, and no other lifts its cut.
            let isTouched = acts.contains { $0.act.target == checked.signer }
            guard !isTouched, council.all.contains(where: { $0.id == checked.signer }), case .remove(let removal) = checked.act else { continue }
            let cut = state.removed[removal.device]?[Council.change(1, 1).author]
            #expect(cut.map { $0.last <= removal.cuts[0].seq } ?? false)
        }
    }

    /// Dia, removed by Ana, whatever she dates back: she takes along Ana alone, and what Ana had seen her do before.
    @Test func `one removed coordinator's late records leave the team to the others`() throws {
        let story = Self.stories[0]
        for knowledge in Self.everyKnowledge {
            let acts = try acts(story, knowledge)
            let state = try state(acts)
            let history = try #require(ControlHistory(base + acts))
            let own = try #require(history.index[acts[4].name])
            #expect(state.isOut(council.dia.id))
            for (target, place) in [(council.bea, 1), (council.cem, 2)] {
                let strike = try #require(history.index[acts[place].name])
                #expect(state.isOut(target.id) == history.knew(own, strike))
            }
            #expect(state.isOut(council.ana.id))
            if knowledge[4].isEmpty { #expect(state.has([council.bea, council.cem])) }
        }
    }
}
