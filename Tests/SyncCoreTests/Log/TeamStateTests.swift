import Testing

@testable import SyncCore

@Suite struct TeamStateTests {
    private var fixture: TeamFixture

    init() throws { fixture = try TeamFixture() }

    /// The state of the set, after seeing that orders of arrival, some or every one, and every record twice, give the same.
    private func settled(_ records: [ControlRecord], everyOrder: Bool = false) throws -> TeamState {
        let state = try #require(fixture.state(records))
        var random = Seeded(21)
        for order in everyOrder ? permutations(records) : (0..<6).map({ _ in records.shuffled(using: &random) }) {
            let other = try #require(fixture.state(order + order))
            #expect(other.roster == state.roster)
            #expect(other.invites == state.invites)
            #expect(other.joins == state.joins)
            #expect(other.heads == state.heads)
            #expect(other.digest == state.digest)
            #expect(other.needsUpgrade == state.needsUpgrade)
        }
        return state
    }

    @Test func theFounderAlone() throws {
        let state = try settled([fixture.genesis])
        #expect(state.roster.keys.map(\.self) == [fixture.founder.id])
        #expect(state.heads == [fixture.genesis.name])
        #expect(!state.needsUpgrade)
        #expect(fixture.state([]) == nil)
        #expect(TeamState(team: .zero, records: [fixture.genesis]) == nil)
    }

    @Test mutating func aSoleJoinCounts() throws {
        let (key, ben) = (try fixture.inviteKey(), try fixture.person("Ben"))
        let invite = try fixture.invite(key)
        #expect(try settled([fixture.genesis, invite]).invites.map(\.status) == [.open])
        let state = try settled([fixture.genesis, invite, try fixture.join(ben, invite, key)])
        #expect(state.roster.count == 2)
        #expect(state.roster[ben.id]?.enrolment == ben.enrolment)
        #expect(state.invites.map(\.status) == [.joined(ben.id)])
    }

    @Test mutating func aSecondJoinVoidsBothUntilOneIsPicked() throws {
        let (key, ben, eve) = (try fixture.inviteKey(), try fixture.person("Ben"), try fixture.person("Eve"))
        let invite = try fixture.invite(key)
        let (bens, eves) = (try fixture.join(ben, invite, key), try fixture.join(eve, invite, key))
        let contested = try settled([fixture.genesis, invite, bens, eves])
        #expect(contested.roster.count == 1)
        #expect(contested.invites.map(\.status) == [.contested([bens.name, eves.name].sorted())])
        #expect(contested.joins.count == 2)

        let pick = try fixture.close(invite, accepting: bens, after: [bens, eves])
        let picked = try settled([fixture.genesis, invite, bens, eves, pick], everyOrder: true)
        #expect(picked.roster[ben.id] != nil)
        #expect(picked.roster[eve.id] == nil)
        #expect(picked.invites.map(\.status) == [.closed(ben.id)])

        let refuse = try fixture.close(invite, accepting: nil, after: [bens, eves])
        let refused = try settled([fixture.genesis, invite, bens, eves, refuse])
        #expect(refused.roster.count == 1)
        #expect(refused.invites.map(\.status) == [.closed(nil)])
    }

    /// The second join was written without knowing of the close, or is known only later.
    @Test mutating func aCloseWinsOverAJoinThatDidNotKnowIt() throws {
        let (key, ben, eve) = (try fixture.inviteKey(), try fixture.person("Ben"), try fixture.person("Eve"))
        let invite = try fixture.invite(key)
        let bens = try fixture.join(ben, invite, key)
        let close = try fixture.close(invite, accepting: bens, after: [bens])
        for eves in [try fixture.join(eve, invite, key), try fixture.join(eve, invite, key, after: [close])] {
            let state = try settled([fixture.genesis, invite, bens, close, eves], everyOrder: true)
            #expect(state.roster[ben.id] != nil)
            #expect(state.roster[eve.id] == nil)
        }
        let ended = try fixture.close(invite, accepting: nil, after: [invite])
        let late = try fixture.join(eve, invite, key)
        #expect(try settled([fixture.genesis, invite, ended, late]).roster.count == 1)
    }

    @Test mutating func ofTwoClosesTheLowerNameDecides() throws {
        let (key, ben) = (try fixture.inviteKey(), try fixture.person("Ben"))
        let invite = try fixture.invite(key)
        let bens = try fixture.join(ben, invite, key)
        let yes = try fixture.close(invite, accepting: bens, after: [bens])
        let no = try fixture.close(invite, accepting: nil, after: [bens])
        let state = try settled([fixture.genesis, invite, bens, yes, no])
        #expect((state.roster[ben.id] != nil) == (yes.name < no.name))
    }

    /// Ben has taken up two invites; that the first is closed for somebody else leaves his place by the second alone.
    @Test mutating func twoInvitesOfOneDeviceDoNotUndoEachOther() throws {
        let keys = [try fixture.inviteKey(), try fixture.inviteKey()]
        let (ben, eve) = (try fixture.person("Ben"), try fixture.person("Eve"))
        let invites = [try fixture.invite(keys[0]), try fixture.invite(keys[1])]
        let first = try fixture.join(ben, invites[0], keys[0])
        let eves = try fixture.join(eve, invites[0], keys[0])
        let second = try fixture.join(ben, invites[1], keys[1], after: [invites[1], first, eves])
        let close = try fixture.close(invites[0], accepting: eves, after: [first, eves, second])
        let state = try settled([fixture.genesis] + invites + [first, eves, second, close])
        #expect(state.roster[ben.id]?.record == second.name)
        #expect(state.roster[eve.id] != nil)
    }

    @Test mutating func joinsThatAreNotWhatTheySayDoNotCount() throws {
        let (key, other) = (try fixture.inviteKey(), try fixture.inviteKey())
        let (ben, reader) = (try fixture.person("Ben"), try fixture.person("Rita", .reader))
        let invite = try fixture.invite(key)
        let false_ = [
            try fixture.join(ben, invite, other),
            try fixture.join(ben, invite, key, signedBy: fixture.founder.signing),
            try fixture.join(reader, invite, key),
            try fixture.record(
                .join, by: fixture.founder, after: [invite],
                Join(invite: invite.name, device: ben.enrolment, inviteKey: key, team: fixture.team).payload),
            try fixture.record(.join, by: ben, after: [invite], [1, 2, 3]),
            try fixture.join(ben, fixture.genesis, key),
        ]
        for join in false_ {
            let state = try settled([fixture.genesis, invite, join])
            #expect(state.roster.count == 1)
            #expect(state.joins.isEmpty)
        }
    }

    @Test mutating func onlyCoordinatorsInviteAndClose() throws {
        let keys = [try fixture.inviteKey(), try fixture.inviteKey()]
        let (ben, eve) = (try fixture.person("Ben"), try fixture.person("Eve"))
        let invite = try fixture.invite(keys[0])
        let bens = try fixture.join(ben, invite, keys[0])
        let bensInvite = try fixture.invite(keys[1], by: ben, after: [bens])
        let eves = try fixture.join(eve, bensInvite, keys[1])
        let bensClose = try fixture.close(invite, accepting: nil, by: ben, after: [bens])
        let state = try settled([fixture.genesis, invite, bens, bensInvite, eves, bensClose])
        #expect(Set(state.roster.keys) == [fixture.founder.id, ben.id])
        #expect(state.invites.count == 1)
        let stolen = try fixture.record(
            .close, by: fixture.founder, after: [bens], key: ben.signing, Close(invite: invite.name, accepted: nil).payload)
        #expect(try settled([fixture.genesis, invite, bens, stolen]).roster[ben.id] != nil)
    }

    @Test mutating func anInvitedCoordinatorInvites() throws {
        let keys = [try fixture.inviteKey(), try fixture.inviteKey()]
        let (cem, dora) = (try fixture.person("Cem", .coordinator), try fixture.person("Dora"))
        let invite = try fixture.invite(keys[0], role: .coordinator)
        let cems = try fixture.join(cem, invite, keys[0])
        let second = try fixture.invite(keys[1], by: cem, after: [cems])
        let doras = try fixture.join(dora, second, keys[1])
        #expect(try settled([fixture.genesis, invite, cems, second, doras]).roster.count == 3)
    }

    @Test mutating func aRecordWaitsForItsParents() throws {
        let (key, ben) = (try fixture.inviteKey(), try fixture.person("Ben"))
        let invite = try fixture.invite(key)
        let join = try fixture.join(ben, invite, key)
        let without = try settled([fixture.genesis, join])
        #expect(without.roster.count == 1)
        #expect(without.heads == [fixture.genesis.name])
        #expect(try settled([fixture.genesis, join, invite]).heads == [join.name])
        let orphan = try fixture.record(.invite, by: fixture.founder, after: [], [])
        #expect(try settled([fixture.genesis, orphan]).heads == [fixture.genesis.name])
    }

    @Test mutating func `S23 a critical kind that nobody knows asks for an upgrade`() throws {
        let later = ControlRecord.Kind(number: 90, isCritical: true)
        let harmless = ControlRecord.Kind(number: 77, isCritical: false)
        let known = try fixture.record(harmless, by: fixture.founder, after: [fixture.genesis], [1])
        #expect(try !settled([fixture.genesis, known]).needsUpgrade)
        let critical = try fixture.record(later, by: fixture.founder, after: [known], [1])
        #expect(try settled([fixture.genesis, known, critical]).needsUpgrade)
        #expect(try settled([fixture.genesis, known, critical]).heads == [critical.name])
        let stranger = try fixture.person("Eve")
        let foreign = try fixture.record(later, by: stranger, after: [fixture.genesis], [1])
        #expect(try !settled([fixture.genesis, foreign]).needsUpgrade)
        // A member who may not decide holds nobody up either.
        let (key, ben) = (try fixture.inviteKey(), try fixture.person("Ben"))
        let invite = try fixture.invite(key)
        let join = try fixture.join(ben, invite, key)
        let bens = try fixture.record(later, by: ben, after: [join], [1])
        let state = try settled([fixture.genesis, invite, join, bens])
        #expect(state.roster[ben.id] != nil)
        #expect(!state.needsUpgrade)
    }

    /// A number without its bit is another kind: an invite that is not critical invites nobody.
    @Test mutating func theBitBelongsToTheKind() throws {
        let key = try fixture.inviteKey()
        let invite = Invite(key: key.publicKey, role: .volunteer, uses: 1, expires: 0, epoch: EpochID(prefixOf: fixture.team))
        let soft = try fixture.record(
            .init(number: 2, isCritical: false), by: fixture.founder, after: [fixture.genesis], invite.payload)
        let state = try settled([fixture.genesis, soft])
        #expect(state.invites.isEmpty)
        #expect(!state.needsUpgrade)
    }

    @Test mutating func aFalseGenesisFoundsNothing() throws {
        let ben = try fixture.person("Ben", .coordinator)
        let forged = try ControlRecord(
            .genesis, parents: [], signer: fixture.founder.id, key: ben.signing, team: nil, wall: 1,
            payload: fixture.genesis.payload)
        #expect(TeamState(team: forged.team, records: [forged]) == nil)
        let volunteer = try fixture.person("Vera")
        let payload = Genesis(
            salt: [UInt8](repeating: 0, count: 16), teamName: "", controlToken: volunteer.signing.seed,
            founder: volunteer.enrolment, envelope: [])
        let low = try ControlRecord(
            .genesis, parents: [], signer: volunteer.id, key: volunteer.signing, team: nil, wall: 1, payload: payload.payload)
        #expect(TeamState(team: low.team, records: [low]) == nil)
    }

    /// A long chain is folded in time that grows with its length.
    @Test func aLongLogIsFoldedQuickly() throws {
        var records = [fixture.genesis]
        let kind = ControlRecord.Kind(number: 90, isCritical: false)
        for _ in 0..<1_500 {
            records.append(try fixture.record(kind, by: fixture.founder, after: [records[records.count - 1]], []))
        }
        let spent = threadSeconds {
            #expect(fixture.state(records.reversed())?.heads == [records[records.count - 1].name])
        }
        #expect(spent < 5)
    }
}
