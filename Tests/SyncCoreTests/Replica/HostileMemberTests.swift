import Testing

@testable import SyncCore

/// A member with good keys who posts what no honest client writes, to get in everybody's way.
@Suite struct HostileMemberTests {
    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }
    private var mal: Replica { team.replicas[1] }
    private var cem: Replica { team.replicas[2] }

    init() throws { team = try TestTeam(devices: 3) }

    /// Mal gives the others what he made, as a relay would hand it on.
    private func post(_ items: [[UInt8]]) throws {
        for replica in [ana, cem] {
            _ = try replica.receiveControl(items.enumerated().map { ReceivedControl(position: Int64($0), sealed: $1) })
        }
    }

    private func sealed(_ plain: [UInt8]) throws -> [UInt8] {
        let key = try mal.sealing().key
        let tag = SealedControl.tag(of: key)
        let nonce = [UInt8](repeating: 3, count: Sealing.nonceLength)
        let body = try Sealing.seal(
            Padding.pad(plain, floor: SealedControl.floor), key: key.derive("sync/v1/control-key"), nonce: nonce,
            authenticating: Array("sync/v1/control-aad".utf8) + [0] + tag)
        return [SealedControl.suite] + tag + nonce + body
    }

    private func record(_ kind: ControlRecord.Kind, after parents: [Hash32]? = nil, _ payload: [UInt8]) throws -> ControlRecord {
        try ControlRecord(
            kind, parents: parents ?? mal.team().heads, signer: mal.device, key: mal.signing, team: mal.keys.team, wall: 1,
            payload: payload)
    }

    private func expectWork() throws {
        let invitation = try team.invitation()
        let newcomer = try team.join(invitation)
        try TestTeam.carryControl(from: newcomer, to: ana)
        #expect(try ana.closeUsedInvites() == 1)
        try ana.rotate()
        try ana.rename(cem.device, to: "Cem's laptop")
        let id = try cem.addEvent("Vigil")
        try team.exchange(among: [ana, cem, newcomer])
        for replica in [ana, cem, newcomer] {
            #expect(try replica.documents().map(\.id) == [id])
            #expect(try replica.status().hindrance == nil)
            #expect(try replica.team().roster.count == 4)
            #expect(try replica.team().roster[cem.device]?.enrolment.name == "Cem's laptop")
        }
    }

    @Test func `what cannot be read is kept, passed on, named, and stops nobody`() throws {
        let real = try SealedControl.seal(
            record(.rename, Rename(device: mal.device, name: "Mallory").payload), epochKey: mal.sealing().key,
            nonce: [UInt8](repeating: 9, count: Sealing.nonceLength))
        var broken = real
        broken[broken.count - 1] ^= 1
        let junk = [
            broken, Array(real.prefix(40)), try sealed([]), try sealed([9, 9, 9]), try sealed([2] + record(.knot, []).bytes.dropFirst()),
        ]
        let later: [[UInt8]] = [[2, 1, 2, 3], [7]]
        let noItems: [[UInt8]] = [[], [UInt8](repeating: 1, count: Limits.sealedControlBytes + 1)]
        try post(junk + later + noItems + [real])
        #expect(try ana.team().roster[mal.device]?.enrolment.name == "Mallory")
        #expect(try ana.status().unreadableControl == junk.count)
        let kept = try ana.log.read { try $0.sealedControl() }
        for item in junk + later { #expect(kept.contains(item)) }
        for item in noItems { #expect(!kept.contains(item)) }
        try expectWork()
        #expect(try cem.status().unreadableControl == junk.count)
    }

    @Test func `records after what nobody has are named and stop nobody`() throws {
        let orphans = try (0..<3).map { try record(.rename, after: [Digest.plain([UInt8($0)])], []) }
        let key = try mal.sealing().key
        try post(orphans.map { try SealedControl.seal($0, epochKey: key, nonce: [UInt8](repeating: 1, count: Sealing.nonceLength)) })
        #expect(try ana.status().unreadableControl == 3)
        try expectWork()
    }

    @Test func `however many records stand beside each other, all can decide`() throws {
        let heads = try mal.team().heads
        let key = try mal.sealing().key
        let many = try (0..<(Limits.parentsPerControlRecord + 36)).map { number in
            try record(.rename, after: heads, Rename(device: mal.device, name: "Mal \(number)").payload)
        }
        try post(many.map { try SealedControl.seal($0, epochKey: key, nonce: [UInt8](repeating: 1, count: Sealing.nonceLength)) })
        #expect(try ana.team().heads.count == many.count)
        try expectWork()
    }

    /// A workshop: more people join than a record has room for parents, none of them knowing of another.
    @Test func `however many decisions stand beside each other, all are known to the next`() throws {
        let heads = try ana.team().heads
        let count = Limits.parentsPerControlRecord * 2 + 5
        let many = try (0..<count).map { number in
            let signing = try SigningKey(seed: .random(team.clock.surroundings))
            let invite = Invite(
                key: signing.publicKey, role: .volunteer, uses: 1, expires: 0, epoch: EpochID(prefixOf: ana.keys.team))
            return try ControlRecord(
                .invite, parents: heads, signer: ana.device, key: ana.signing, team: ana.keys.team, wall: 1, payload: invite.payload)
        }
        let key = try ana.sealing().key
        try post(many.map { try SealedControl.seal($0, epochKey: key, nonce: [UInt8](repeating: 1, count: Sealing.nonceLength)) })
        try ana.rotate()
        #expect(try ana.team().heads.count == 1)
        let ended = try ana.team().invites.filter { $0.status == .closed(nil) }
        #expect(ended.count == count)
        try expectWork()
    }

    @Test func `an unknown kind by who may not decide stops nobody`() throws {
        let kind = ControlRecord.Kind(number: 99, isCritical: true)
        try post([
            try SealedControl.seal(
                record(kind, [1]), epochKey: mal.sealing().key, nonce: [UInt8](repeating: 1, count: Sealing.nonceLength))
        ])
        try expectWork()
    }

    /// A coordinator's laptop is taken, and whoever has it stops the team: a kind that nobody knows, a stranger, a key for some. Cem was
    /// renamed after that by Ana.
    @Test func `a coordinator who stops the others ends with its removal`() throws {
        try ana.setRole(.coordinator, of: mal.device)
        try team.exchangeAll()
        let taken = team.clock.time
        let clock = team.clock.surroundings
        let kind = ControlRecord.Kind(number: 99, isCritical: true)
        _ = try mal.invite(role: .coordinator, relayURL: "http://127.0.0.1:7373", expires: .max)
        try mal.setRole(.reader, of: cem.device)
        try TestTeam.carryControl(from: mal, to: ana)
        try ana.rename(cem.device, to: "Cem at home")
        try TestTeam.carryControl(from: ana, to: mal)
        let stop = try ControlRecord(
            kind, parents: mal.team().heads, signer: mal.device, key: mal.signing, team: mal.keys.team, wall: clock.now(), payload: [])
        try TestTeam.carryControl(from: mal, to: cem)
        try post([try SealedControl.seal(stop, epochKey: mal.sealing().key, nonce: [UInt8](repeating: 1, count: Sealing.nonceLength))])
        #expect(try ana.status().hindrance == .unknownRules)
        #expect(throws: SyncError.self) { try ana.remove(mal.device) }
        _ = try ana.remove(mal.device, since: taken)
        try TestTeam.carryControl(from: ana, to: cem)
        for replica in [ana, cem] {
            let state = try replica.team()
            #expect(try replica.status().hindrance == nil)
            #expect(Set(state.roster.keys) == [ana.device, cem.device])
            #expect(state.roster[cem.device]?.enrolment.role == .volunteer)
            #expect(state.roster[cem.device]?.enrolment.name == "Cem at home")
            #expect(state.invites.allSatisfy { $0.by == ana.device })
        }
        _ = try cem.addEvent("Vigil")
        try team.exchange(among: [ana, cem])
        #expect(try ana.documents().count == 1)
    }
}
