import Testing

@testable import SyncCore

/// A device is put out while everybody holds changes of it that others do not.
@Suite struct RemovalTests {
    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }
    private var ben: Replica { team.replicas[1] }
    private var cem: Replica { team.replicas[2] }
    private let record: RecordID

    init() throws {
        team = try TestTeam(devices: 3)
        record = try team.replicas[0].addEvent("Vigil")
        try team.exchangeAll()
    }

    private func title(_ replica: Replica) throws -> [Value] {
        try replica.read { try $0.state(of: record)?.live(Field.title).map(\.value) ?? [] }
    }

    /// What `source` has goes over as it is: a removed device seals no more by itself.
    private func carry(from source: Replica, to target: Replica) throws {
        try TestTeam.carryControl(from: source, to: target)
        _ = try source.offer(lackedBy: target.heads()) { _ = try target.receive($0) }
        try target.applyReceived()
    }

    @Test func `what was known of a removed device goes on counting, and what it does later does not`() throws {
        try cem.commit { try $0.add(record, Field.causes, .text("before")) }
        try team.exchangeAll()
        try cem.commit { try $0.assign(record, Field.title, .text("Mallory was here")) }
        _ = try cem.seal()
        let report = try ana.remove(cem.device)
        #expect(report.counted == 1)
        #expect(report.recipients == 2)
        for target in [ana, ben] { try carry(from: cem, to: target) }
        try TestTeam.carry(from: ana, to: ben)
        for replica in [ana, ben] {
            #expect(try replica.documents().first?.set(Field.causes).count == 1)
            #expect(try title(replica) == [.text("Vigil")])
            #expect(try replica.status().void.map(\.reason) == [.pastCut])
        }
        try team.expectAgreement([ana, ben])
        #expect(try ana.sealing().id != cem.sealing().id)
        #expect(try ana.sealing().id == ben.sealing().id)
    }

    @Test func `F5 a removed device reads nothing that comes after, with all that it has and all that the relay has`() throws {
        let before = try cem.sealing().key
        _ = try ana.remove(cem.device)
        _ = try ana.addEvent("Secret march")
        try TestTeam.carry(from: ana, to: ben)
        _ = try ben.addEvent("Secret vigil")
        try TestTeam.carry(from: ben, to: ana)
        // Everything that the others hold goes to it.
        for source in [ana, ben] { try carry(from: source, to: cem) }
        #expect(try cem.documents().count == 1)
        #expect(try !cem.log.read { try $0.unread() }.isEmpty)
        #expect(try cem.team().isOut(cem.device))
        #expect(cem.keys.epochs.map(\.key) == [before])
        // It learns that it is out, and nothing after: what was decided later stays closed.
        try ana.rename(ben.device, to: "a new name that nobody outside learns")
        try TestTeam.carryControl(from: ana, to: cem)
        #expect(try cem.team().name(of: ben.device) == "device 1")
        #expect(try cem.log.read { try $0.unopenedControl().count } == 1)
        #expect(throws: SyncError.self) { try cem.addEvent("Nobody gets this") }
        #expect(throws: SyncError.self) { try cem.requireMember() }
        #expect(try cem.documents().count == 1)
    }

    @Test func `F7 a removed device makes nobody accept anything, whatever it signs`() throws {
        try ana.setRole(.coordinator, of: cem.device)
        for replica in [ben, cem] { try TestTeam.carryControl(from: ana, to: replica) }
        _ = try ana.remove(cem.device)
        let ids = (ana: ana.device, ben: ben.device)
        // It knows nothing of its removal, and goes on as a coordinator: a role, an acceptance, an invite, a key, a change.
        try cem.setRole(.reader, of: ids.ben)
        let invite = try cem.invite(role: .coordinator, relayURL: "http://127.0.0.1:7373", expires: .max)
        let plan = try Replica.planJoin(invite.code, box: invite.box, control: cem.log.read { try $0.sealedControl() })
        let friend = try team.join(plan)
        try TestTeam.carryControl(from: friend, to: cem)
        try cem.rotate()
        try cem.commit { try $0.assign(record, Field.title, .text("Mallory's")) }
        _ = try cem.seal()
        try carry(from: cem, to: ana)
        try TestTeam.carry(from: ana, to: ben)
        try carry(from: cem, to: ben)
        for replica in [ana, ben] {
            let state = try replica.team()
            #expect(Set(state.roster.keys) == [ids.ana, ids.ben])
            #expect(state.roster[ids.ben]?.enrolment.role == .volunteer)
            #expect(try title(replica) == [.text("Vigil")])
            let current = try #require(state.currentEpoch)
            #expect(current.recipients.isDisjoint(with: [cem.device, friend.device]))
            _ = try replica.addEvent("after")
        }
        try TestTeam.carry(from: ben, to: ana)
        try TestTeam.carry(from: ana, to: ben)
        try team.expectAgreement([ana, ben])
        // Ben may still write.
        #expect(try ana.documents().count == 3)
    }

    @Test func `F5 who was away during the removal seals what it wrote meanwhile under the new key, by the old names`() throws {
        let sealed = try ben.commit { try $0.add(record, Field.causes, .text("sealed, not sent")) }.change
        _ = try ben.seal()
        let journalled = try ben.commit { try $0.add(record, Field.causes, .text("in the journal")) }.change
        _ = try ana.remove(cem.device)
        try TestTeam.carry(from: ben, to: ana)
        #expect(try ana.sealing().id != ben.sealing().id)
        try TestTeam.carry(from: ana, to: ben)
        #expect(try ana.sealing().id == ben.sealing().id)
        let late = try ben.commit { try $0.add(record, Field.causes, .text("late")) }.change
        try team.exchange(among: [ana, ben])
        try team.expectAgreement([ana, ben])
        #expect(try ana.documents().first?.set(Field.causes).count == 3)
        for name in [sealed, journalled, late] {
            let name = try #require(name)
            #expect(try ana.log.read { try $0.changeNumber(name) } != nil)
        }
        // What was sealed last is under the new key.
        let opened = try ana.log.read { log in try log.logs().filter { $0.device == ben.device }.compactMap(\.epoch) }
        #expect(Set(opened).count == 2)
        #expect(try opened.contains(ana.sealing().id))
    }

    @Test func `F4 two removals beside each other leave no key until a coordinator's client makes one`() throws {
        let four = try TestTeam(devices: 4)
        let (ana, ben, cem, dea) = (four.replicas[0], four.replicas[1], four.replicas[2], four.replicas[3])
        try ana.setRole(.coordinator, of: ben.device)
        try four.exchangeAll()
        _ = try ana.remove(cem.device)
        _ = try ben.remove(dea.device)
        try TestTeam.carryControl(from: ana, to: ben)
        try TestTeam.carryControl(from: ben, to: ana)
        for replica in [ana, ben] {
            #expect(try replica.status().hindrance == .noUsableEpoch)
            _ = try replica.addEvent("local work goes on")
            #expect(throws: SyncError.self) { try replica.seal() }
        }
        #expect(try ana.rotateIfNeeded())
        #expect(try ben.rotateIfNeeded())
        try four.exchange(among: [ana, ben])
        #expect(try ana.status().hindrance == nil)
        #expect(try ana.sealing().id == ben.sealing().id)
        #expect(try !ana.rotateIfNeeded())
        try four.expectAgreement([ana, ben])
        #expect(try ana.documents().count == 2)
        for outsider in [cem, dea] {
            for source in [ana, ben] {
                try TestTeam.carryControl(from: source, to: outsider)
                _ = try source.offer(lackedBy: outsider.heads()) { _ = try outsider.receive($0) }
                try outsider.applyReceived()
            }
            #expect(try outsider.documents().isEmpty)
        }
    }

    @Test func `a coordinator's client makes a new key where a code that nobody used is past its date`() throws {
        let now = team.clock.time
        let invite = try ana.invite(role: .volunteer, relayURL: "http://127.0.0.1:7373", expires: now + 86_400_000)
        let plan = try Replica.planJoin(invite.code, box: invite.box, control: ana.log.read { try $0.sealedControl() })
        #expect(try !ana.rotateIfNeeded())
        team.clock.time = now + 86_400_001
        try TestTeam.carryControl(from: ana, to: ben)
        #expect(try !ben.rotateIfNeeded())
        let before = try ana.sealing().id
        #expect(try ana.rotateIfNeeded())
        #expect(try ana.sealing().id != before)
        #expect(try ana.team().invites.first { $0.name == invite.invite }?.status == .closed(nil))
        #expect(try !ana.rotateIfNeeded())
        // Who took the code up too late is not in, and reads nothing of what comes.
        let late = try team.join(plan)
        try TestTeam.carryControl(from: late, to: ana)
        #expect(try ana.team().roster[late.device] == nil)
        _ = try ana.addEvent("Secret march")
        try TestTeam.carry(from: ana, to: late)
        #expect(try late.documents().map(\.title) == ["Vigil"])
    }

    /// Vera was invited by Ben, who did not know of Ana's new key.
    @Test func `who lacked a key reads what was written under it once the next one comes`() throws {
        try ana.setRole(.coordinator, of: ben.device)
        try team.exchangeAll()
        try ana.rotate()
        try ana.commit { try $0.add(record, Field.causes, .text("under Ana's key")) }
        _ = try ana.seal()
        let invite = try ben.invite(role: .volunteer, relayURL: "http://127.0.0.1:7373", expires: .max)
        let vera = try team.join(Replica.planJoin(invite.code, box: invite.box, control: ben.log.read { try $0.sealedControl() }))
        try TestTeam.carryControl(from: vera, to: ana)
        try TestTeam.carry(from: ana, to: vera)
        #expect(try vera.status().hindrance == .keyMissing)
        #expect(try ana.rotateIfNeeded())
        try ana.commit { try $0.add(record, Field.causes, .text("under the next")) }
        try team.exchangeAll()
        #expect(try vera.status().waiting.isEmpty)
        #expect(try vera.documents().first?.set(Field.causes).count == 2)
        try team.expectAgreement()
    }

    @Test func `S1 a cut that comes after the change was merged takes it out again, everywhere alike`() throws {
        try cem.commit { try $0.assign(record, Field.title, .text("M11")) }
        _ = try cem.seal()
        // Ben merged it and overwrote it; Ana never saw it.
        try carry(from: cem, to: ben)
        try ben.commit { try $0.assign(record, Field.title, .text("Y")) }
        _ = try ana.remove(cem.device)
        try TestTeam.carryControl(from: ana, to: ben)
        try team.exchange(among: [ana, ben])
        try carry(from: cem, to: ana)
        for replica in [ana, ben] { #expect(try title(replica) == [.text("Y")]) }
        try team.expectAgreement([ana, ben])
        _ = try ben.rebuild()
        try team.expectAgreement([ana, ben])
    }

    @Test func `S1 whom a removed coordinator let in is read and void, also by who comes later`() throws {
        try ana.setRole(.coordinator, of: cem.device)
        try team.exchangeAll()
        // Cem lets in a friend; Ben merges what that one writes, and writes on top of it. Ana knows nothing of this.
        let invite = try cem.invite(role: .volunteer, relayURL: "http://127.0.0.1:7373", expires: .max)
        let plan = try Replica.planJoin(invite.code, box: invite.box, control: cem.log.read { try $0.sealedControl() })
        let friend = try team.join(plan)
        try TestTeam.carryControl(from: friend, to: cem)
        try TestTeam.carry(from: cem, to: friend)
        try friend.commit { try $0.assign(record, Field.title, .text("the friend's")) }
        try TestTeam.carry(from: friend, to: ben)
        try ben.commit { try $0.assign(record, Field.title, .text("Ben's")) }
        _ = try ana.remove(cem.device)
        try team.exchange(among: [ana, ben])
        try carry(from: friend, to: ana)
        // Vera joins when all is over, and never saw any of it count.
        let vera = try team.join(try team.invitation())
        try TestTeam.carryControl(from: vera, to: ana)
        try team.exchange(among: [ana, ben, vera])
        for replica in [ana, ben, vera] {
            #expect(try title(replica) == [.text("Ben's")])
            #expect(try replica.status().void.map(\.reason) == [.outsideRoster])
            #expect(try replica.status().waiting.isEmpty)
        }
        try team.expectAgreement([ana, ben, vera])
    }

    @Test func `F7 a change past a cut counts once a coordinator accepts it, one by one`() throws {
        var names: [ChangeName] = []
        for cause in ["one", "two", "three"] {
            let change = try cem.commit { try $0.add(record, Field.causes, .text(cause)) }.change
            names.append(try #require(change))
        }
        _ = try cem.seal()
        _ = try ana.remove(cem.device)
        for target in [ana, ben] { try carry(from: cem, to: target) }
        try TestTeam.carryControl(from: ana, to: ben)
        let listed = try ana.read { try $0.voidChanges() }
        #expect(listed.map(\.name) == names)
        #expect(listed.map { $0.edits.map(\.value) } == [[.text("one")], [.text("two")], [.text("three")]])
        #expect(listed.allSatisfy { $0.reason == .pastCut && $0.origin.deviceName == "device 2" })
        #expect(throws: SyncError.self) { try ben.accept([names[1]]) }
        try ana.accept([names[1]])
        #expect(throws: SyncError.self) { try ana.accept([names[1]]) }
        try team.exchange(among: [ana, ben])
        for replica in [ana, ben] { #expect(try replica.documents().first?.set(Field.causes) == [.text("two")]) }
        try team.expectAgreement([ana, ben])
        _ = try ana.rebuild()
        try team.expectAgreement([ana, ben])
    }

    @Test func `since: what was written later by the device's own clock does not count`() throws {
        try cem.commit { try $0.add(record, Field.causes, .text("in good hands")) }
        let taken = team.clock.time + 1
        team.clock.time += 60_000
        try cem.commit { try $0.add(record, Field.causes, .text("in other hands")) }
        try team.exchangeAll()
        let report = try ana.remove(cem.device, since: taken)
        #expect([report.counted, report.void] == [1, 1])
        #expect(try ana.documents().first?.set(Field.causes) == [.text("in good hands")])
    }

    @Test func `F2 of a clone's branches below the cut only the one that the cut names counts, in whatever order they come`() throws {
        try cem.commit { try $0.add(record, Field.causes, .text("before the fork")) }
        _ = try cem.seal()
        try carry(from: cem, to: ana)
        let clone = try team.clone(2)
        for cause in ["own 1", "own 2"] { try cem.commit { try $0.add(record, Field.causes, .text(cause)) } }
        try clone.commit { try $0.add(record, Field.causes, .text("clone 1")) }
        for device in [cem, clone] { _ = try device.seal() }
        // Ana knows the longer branch, Ben the other one.
        try carry(from: cem, to: ana)
        try carry(from: clone, to: ben)
        _ = try ana.remove(cem.device)
        try TestTeam.carryControl(from: ana, to: ben)
        try carry(from: clone, to: ana)
        try carry(from: cem, to: ben)
        try team.exchange(among: [ana, ben])
        for replica in [ana, ben] {
            #expect(Set(try replica.documents().first?.set(Field.causes) ?? []) == [.text("before the fork"), .text("own 1"), .text("own 2")])
        }
        try team.expectAgreement([ana, ben])
    }

    @Test func `keys of a new epoch outlive the process`() throws {
        _ = try ana.remove(cem.device)
        try TestTeam.carryControl(from: ana, to: ben)
        _ = try ana.addEvent("March")
        try TestTeam.carry(from: ana, to: ben)
        let again = try Replica(openingAt: ben.paths.folder)
        #expect(again.keys.epochs.count == 2)
        #expect(try again.documents().count == 2)
        #expect(ana.keys.relaySeeds.count == 2)
        #expect(again.keys.relaySeeds.isEmpty)
    }

    @Test func `S11 a removal ends invites: a code that nobody used opens nothing any more`() throws {
        let invite = try ana.invite(role: .volunteer, relayURL: "http://127.0.0.1:7373", expires: .max)
        let early = try Replica.planJoin(invite.code, box: invite.box, control: ana.log.read { try $0.sealedControl() })
        let report = try ana.remove(cem.device)
        #expect(report.endedInvites == 1)
        let failure = #expect(throws: SyncError.self) {
            try Replica.planJoin(invite.code, box: invite.box, control: ana.log.read { try $0.sealedControl() })
        }
        #expect(failure?.kind == .notJoined)
        // Who had opened the welcome before joins to no effect.
        let late = try team.join(early)
        try TestTeam.carryControl(from: late, to: ana)
        #expect(try ana.team().roster[late.device] == nil)
    }

    @Test func `S11 a code past its date makes the next coordinator's client change the key`() throws {
        _ = try ana.invite(role: .volunteer, relayURL: "http://127.0.0.1:7373", expires: team.clock.time + 5000)
        #expect(try !ana.rotateIfNeeded())
        let before = try ana.sealing().id
        team.clock.time += 10_000
        #expect(try ana.rotateIfNeeded())
        #expect(try ana.sealing().id != before)
        #expect(try !ana.rotateIfNeeded())
        #expect(try ana.team().invites.allSatisfy { $0.status != .open })
        try TestTeam.carryControl(from: ana, to: ben)
        #expect(try ben.sealing().id == ana.sealing().id)
    }
}
