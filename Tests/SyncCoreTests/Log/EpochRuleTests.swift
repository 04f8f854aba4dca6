import Testing

@testable import SyncCore

/// Which key is sealed under, as the table in `docs/crypto.md` names the rules.
@Suite struct EpochRuleTests {
    private var council: Council

    init() throws { council = try Council() }

    @Test func `epoch 0 is everybody's who joined under it`() throws {
        let state = try council.state()
        let epoch = try #require(state.currentEpoch)
        #expect(epoch.id == EpochID(prefixOf: council.fixture.team))
        #expect(epoch.depth == 0)
        #expect(epoch.parents.isEmpty)
        #expect(epoch.recipients == Set(council.all.map(\.id)))
        #expect(epoch.envelope(for: council.ana.id) == state.genesis.envelope)
        #expect(epoch.envelope(for: council.bea.id) == nil)
    }

    @Test func `a removal makes the epoch of those who remain`() throws {
        let removal = try council.remove(council.bea, by: council.ana)
        let state = try council.state(removal)
        let epoch = try #require(state.currentEpoch)
        #expect(epoch.id == Council.id(removal))
        #expect(epoch.depth == 1)
        #expect(epoch.parents == [EpochID(prefixOf: council.fixture.team)])
        #expect(epoch.recipients == Set([council.ana, council.cem, council.dia].map(\.id)))
        #expect(epoch.envelope(for: council.cem.id) == council.cem.id.bytes)
        #expect(state.epochs.map(\.isUsable) == [false, true])
        #expect(state.lacking.isEmpty)
    }

    /// SCENARIOS, F4.
    @Test func `F4 two removals beside each other leave no usable epoch until somebody rotates`() throws {
        let first = try council.remove(council.bea, by: council.ana)
        let second = try council.remove(council.dia, by: council.cem)
        let state = try council.state(first, second)
        #expect(state.has([council.ana, council.cem]))
        #expect(state.currentEpoch == nil)
        let rotations = try [council.ana, council.cem].map {
            try council.rotate(by: $0, for: [council.ana, council.cem], after: [first, second])
        }
        let healed = try #require(try council.state(first, second, rotations[0]).currentEpoch)
        #expect(healed.id == Council.id(rotations[0]))
        #expect(healed.depth == 2)
        #expect(healed.parents == [Council.id(first), Council.id(second)].sorted())
        // Two such at once are both usable: the lowest hash is taken.
        let both = try council.state(first, second, rotations[0], rotations[1])
        #expect(both.currentEpoch?.record == rotations.map(\.name).min())
        #expect(both.epochs.count { $0.isUsable } == 2)
    }

    @Test func `F4 the deepest usable epoch is sealed under`() throws {
        let first = try council.rotate(by: council.ana)
        let second = try council.rotate(by: council.bea, after: [first])
        let beside = try council.rotate(by: council.cem)
        #expect(try council.state(first, second, beside).currentEpoch?.id == Council.id(second))
        let removal = try council.remove(council.dia, by: council.cem, after: [beside])
        let state = try council.state(first, second, beside, removal)
        #expect(state.currentEpoch?.id == Council.id(removal))
    }

    /// Bea, removed, removes Ana back with a key of her own making, and leaves herself out of the list.
    @Test func `whoever made a key has it`() throws {
        let removal = try council.remove(council.bea, by: council.ana)
        let trap = try council.remove(council.ana, by: council.bea, for: [council.cem, council.dia])
        let state = try council.state(removal, trap)
        #expect(state.has([council.cem, council.dia]))
        #expect(state.currentEpoch == nil)
        let rotation = try council.rotate(by: council.bea, for: [council.ana, council.cem, council.dia])
        #expect(try council.state(removal, rotation).currentEpoch?.id == Council.id(removal))
        let known = try council.remove(council.bea, by: council.ana, after: [rotation])
        #expect(try council.state(known, rotation).epochs.first { $0.record == rotation.name }?.isUsable == false)
    }

    /// Bea, removed by Ana, has let Nia in beside that; Nia removes Ana, and takes the key that comes with it. Both removals hold, in a
    /// ring, and Nia is a stranger: she is on nobody's list of the removed, and must have no key of the team's all the same.
    @Test mutating func `who is not of the team makes no key for it`() throws {
        let key = try council.fixture.inviteKey()
        let nia = try council.fixture.person("Nia", .coordinator)
        let removal = try council.remove(council.bea, by: council.ana)
        let invite = try council.fixture.invite(key, role: .coordinator, by: council.bea, after: [council.last])
        let ways = [[invite, try council.fixture.join(nia, invite, key)], [try council.admit(nia, by: council.bea)]]
        for way in ways {
            let strike = try council.remove(council.ana, by: nia, after: way.suffix(1), for: [council.cem, council.dia])
            let records = council.base + [removal] + way + [strike]
            let state = try #require(council.fixture.state(records))
            #expect(state.has([council.cem, council.dia]))
            #expect(state.currentEpoch == nil)
        }
    }

    @Test mutating func `who joined by an invite of its time has the key of an epoch`() throws {
        let rotation = try council.rotate(by: council.ana)
        let (key, vera) = (try council.fixture.inviteKey(), try council.fixture.person("Vera"))
        let invite = try council.fixture.invite(key, by: council.bea, after: [rotation])
        let join = try council.fixture.join(vera, invite, key)
        #expect(try council.state(rotation, invite, join).currentEpoch?.recipients.contains(vera.id) == true)
        // Removed without a new key that leaves her out, she makes the old one unusable.
        let removal = try council.remove(vera, by: council.cem, after: [join])
        let state = try council.state(rotation, invite, join, removal)
        #expect(state.epochs.map(\.isUsable) == [false, false, true])
    }

    /// Bea, removed, has somebody who is still in seal for her an invite and her own join, which name the newest key.
    @Test mutating func `who may not invite gives nobody a key`() throws {
        let key = try council.fixture.inviteKey()
        let removal = try council.remove(council.bea, by: council.ana)
        let lowered = try council.role(.volunteer, of: council.dia, by: council.ana, after: [removal])
        let rotation = try council.rotate(by: council.ana, for: [council.ana, council.cem, council.dia], after: [lowered])
        let stranger = try council.fixture.person("Eve", .coordinator)
        for signer in [council.bea, council.dia, stranger] {
            let invite = try council.fixture.invite(key, role: .coordinator, by: signer, after: [rotation])
            let join = try council.fixture.join(council.bea, invite, key)
            let state = try council.state(removal, lowered, rotation, invite, join)
            #expect(state.currentEpoch?.id == Council.id(rotation))
            #expect(state.currentEpoch?.recipients.contains(council.bea.id) == false)
        }
        // Cem may invite: whoever joined by his code has the key, whatever else is known of it.
        let invite = try council.fixture.invite(key, role: .coordinator, by: council.cem, after: [rotation])
        let join = try council.fixture.join(council.bea, invite, key)
        #expect(try council.state(removal, lowered, rotation, invite, join).currentEpoch == nil)
    }

    /// Cem invited before he learned that he was removed: whoever joined by it has the key of that time, and is out of it by the next.
    @Test mutating func `who joined by an invite that is void has a key all the same`() throws {
        let (key, vera) = (try council.fixture.inviteKey(), try council.fixture.person("Vera"))
        let rotation = try council.rotate(by: council.ana, for: [council.ana, council.bea, council.dia])
        let invite = try council.fixture.invite(key, by: council.cem, after: [rotation])
        let join = try council.fixture.join(vera, invite, key)
        let removal = try council.remove(council.cem, by: council.bea, after: [rotation])
        let state = try council.state(rotation, invite, join, removal)
        #expect(state.roster[vera.id] == nil)
        #expect(state.epochs.first { $0.record == rotation.name }?.recipients.contains(vera.id) == true)
    }

    @Test mutating func `S11 a new epoch ends the invites that its maker knew`() throws {
        let key = try council.fixture.inviteKey()
        let (vera, thief) = (try council.fixture.person("Vera"), try council.fixture.person("Eve"))
        let invite = try council.fixture.invite(key, after: [council.last])
        let join = try council.fixture.join(vera, invite, key)
        let removal = try council.remove(council.cem, by: council.bea, after: [invite])
        for end in [try council.rotate(by: council.bea, after: [invite]), removal] {
            let ended = try council.state(invite, end)
            #expect(ended.invites.last { $0.name == invite.name }?.status == .closed(nil))
            let state = try council.state(invite, end, join)
            #expect(state.roster[vera.id] == nil)
            #expect(state.joins[join.name] != nil)
            // A join after it on the old code does not count either.
            let later = try council.fixture.join(thief, invite, key, after: [end])
            #expect(try council.state(invite, end, later).roster[thief.id] == nil)
        }
        // Whoever had joined by then stays, and nobody contests the place afterwards.
        let rotation = try council.rotate(by: council.bea, for: council.all + [vera], after: [join])
        let late = try council.fixture.join(thief, invite, key)
        let state = try council.state(invite, join, rotation, late)
        #expect(state.roster[vera.id] != nil)
        #expect(state.roster[thief.id] == nil)
        #expect(state.lacking.isEmpty)
    }

    @Test mutating func `who was invited beside a new epoch lacks it`() throws {
        let (key, vera) = (try council.fixture.inviteKey(), try council.fixture.person("Vera"))
        let rotation = try council.rotate(by: council.bea)
        let invite = try council.fixture.invite(key, after: [council.last])
        let join = try council.fixture.join(vera, invite, key)
        let state = try council.state(rotation, invite, join)
        #expect(state.currentEpoch?.id == Council.id(rotation))
        #expect(state.lacking == [vera.id])
        let next = try council.rotate(by: council.cem, for: council.all + [vera], after: [rotation, join])
        #expect(try council.state(rotation, invite, join, next).lacking.isEmpty)
    }

    @Test mutating func `whom somebody who may decide handed a key has it`() throws {
        let (key, vera) = (try council.fixture.inviteKey(), try council.fixture.person("Vera"))
        let removal = try council.remove(council.dia, by: council.ana)
        let rotation = try council.rotate(by: council.bea, for: [council.ana, council.bea, council.cem], after: [removal])
        let invite = try council.fixture.invite(key, after: [council.last])
        let join = try council.fixture.join(vera, invite, key)
        let epoch = Council.id(rotation)
        func hand(_ person: Council.Person, by other: Council.Person, after parents: [ControlRecord]) throws -> ControlRecord {
            let handing = Handing(device: person.id, keys: [Handing.Key(epoch: epoch, envelope: [1])])
            return try council.fixture.record(.hand, by: other, after: parents, handing.payload)
        }
        #expect(try council.state(removal, rotation, invite, join).lacking == [vera.id])
        let handed = try hand(vera, by: council.cem, after: [rotation, join])
        let state = try council.state(removal, rotation, invite, join, handed)
        #expect(state.lacking.isEmpty)
        #expect(state.currentEpoch?.id == epoch)
        #expect(state.currentEpoch?.envelope(for: vera.id) == [1])
        // Removed by somebody who did not know of it, she leaves the key unusable.
        let later = try council.remove(vera, by: council.ana, after: [rotation, join])
        let without = try council.state(removal, rotation, invite, join, handed, later)
        #expect(without.epochs.first { $0.id == epoch }?.isUsable == false)
        // Neither a volunteer nor somebody who knows of the own removal makes one of the removed a recipient.
        for (signer, parents) in [(vera, [rotation, join]), (council.dia, [rotation])] {
            let trap = try hand(council.dia, by: signer, after: parents)
            #expect(try council.state(removal, rotation, invite, join, trap).currentEpoch?.id == epoch)
        }
    }

    @Test func `a coordinator's envelope holds the next relay seed and a volunteer's does not`() throws {
        var random = Seeded(5)
        let kem = try KEMKey(seed: random.secret())
        let signing = try SigningKey(seed: random.secret())
        let device = try Enrolment(name: "Ana", role: .coordinator, signing: signing, kem: kem)
        let (epoch, seed) = (random.secret(), random.secret())
        let full = try EpochGrant(epoch: epoch, relaySeed: seed, to: device)
        #expect(full.envelope.count == 1200)
        let opened = try full.open(with: kem)
        #expect(opened.epoch == epoch)
        #expect(opened.relaySeed == seed)
        let plain = try EpochGrant(epoch: epoch, relaySeed: nil, to: device)
        #expect(plain.envelope.count == 1168)
        #expect(try plain.open(with: kem).relaySeed == nil)
        let other = try KEMKey(seed: random.secret())
        #expect(throws: (any Error).self) { try full.open(with: other) }
        let elsewhere = EpochGrant(device: council.bea.id, envelope: full.envelope)
        #expect(throws: (any Error).self) { try elsewhere.open(with: kem) }
    }
}
