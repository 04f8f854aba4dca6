import Foundation
import GRDB
import Testing

@testable import SyncCore

/// Coming back with a recovery key, with no relay between the devices.
@Suite struct RecoveryTests {
    private let team: TestTeam
    private let key: RecoveryKey
    private let ana: Replica

    init() throws {
        key = .random(TestSurroundings(seed: 99).surroundings)
        team = try TestTeam(devices: 2, recovery: key)
        ana = team.replicas[0]
    }

    private var surroundings: Surroundings { team.clock.surroundings }

    private func control(of replica: Replica) throws -> [[UInt8]] { try replica.log.read { try $0.sealedControl() } }

    private func plan(from replica: Replica, _ key: RecoveryKey? = nil, _ change: ([[UInt8]]) -> [[UInt8]] = { $0 }) throws -> RecoveryPlan {
        let key = key ?? self.key
        let control = change(try control(of: replica))
        return try RecoveryPlan(key, boxes: control.filter { $0.dropFirst().starts(with: key.boxID) }, control: control)
    }

    private func recover(_ plan: RecoveryPlan) throws -> Replica {
        try Replica.recover(at: team.path(50), plan, device: "new", relayURL: "http://127.0.0.1:7373", surroundings: surroundings)
    }

    private func kind(_ body: () throws -> Void) -> SyncError.Kind? {
        do {
            try body()
            return nil
        } catch { return (error as? SyncError)?.kind }
    }

    @Test func `it is in the team as what it is, and writes nothing`() throws {
        let keys = try team.replicas[1].recoveryKeys()
        #expect(keys.map(\.id) == [try key.device] && keys[0].enrolment.name == "recovery key of device 0")
        let status = try ana.status()
        #expect(status.devices.count == 3 && status.machines == 2)
        // Neither it nor its box looks like trouble.
        #expect(status.withheld.isEmpty && status.copies.isEmpty && status.unreadableControl == 0)
        #expect(try ana.ownRecoveryKeys() == [key.device])
        #expect(try team.replicas[1].ownRecoveryKeys().isEmpty)
    }

    /// SCENARIOS, E: the laptop is gone, the team goes on, and its person comes back.
    @Test func `after the founder's laptop was lost, and the key changed, a new device reads and writes`() throws {
        _ = try ana.addEvent("Before")
        try ana.setRole(.coordinator, of: team.replicas[1].device)
        try team.exchangeAll()
        let ben = team.replicas[1]
        _ = try ben.remove(ana.device)
        _ = try ben.addEvent("After")
        _ = try ben.seal()
        let plan = try plan(from: ben)
        #expect(plan.teamName == "Solidarity" && plan.keyName == "recovery key of device 0" && plan.maker == nil)
        let new = try recover(plan)
        try TestTeam.carryControl(from: new, to: ben)
        try team.exchange(among: [new, ben])
        #expect(try new.documents().count == 2)
        #expect(try new.team().roster[new.device]?.enrolment.role == .coordinator)
        // The keys of the new device are its own.
        #expect(try new.device != key.device && new.keys.signingSeed != key.signing.seed && new.keys.kemSeed != key.kem.seed)
        _ = try new.addEvent("By the new one")
        try new.rotate()
        try team.exchange(among: [new, ben])
        #expect(try ben.documents() == new.documents() && ben.documents().count == 3)
        #expect(try new.log.read { try $0.registrations().count } == ana.log.read { try $0.registrations().count })
        #expect(try new.remotes().map(\.url) == ["http://127.0.0.1:7373"])
        #expect(try new.ownRecoveryKeys() == [key.device])
        // The key goes with neither of the devices: with that which made it, and with that which came back by it, it is named.
        let member = try #require(try ben.team().roster[new.device])
        #expect(try ben.recoveryKeys(of: member).map(\.id) == [key.device])
        #expect(try ben.recoveryKeys(of: #require(try ben.team().roster[ben.device])).isEmpty)
    }

    /// A year later: epochs, removals and coordinators have come and gone.
    @Test func `every team key since is opened, whoever made it`() throws {
        try ana.setRole(.coordinator, of: team.replicas[1].device)
        try team.exchangeAll()
        for round in 0..<3 {
            _ = try team.replicas[round % 2].addEvent("Round \(round)")
            try team.replicas[round % 2].rotate()
            try team.exchangeAll()
        }
        let new = try recover(try plan(from: ana))
        #expect(Set(new.keys.epochs.map(\.id)) == Set(ana.keys.epochs.map(\.id)))
        #expect(Set(new.keys.relaySeeds.map(\.epoch)) == Set(ana.keys.relaySeeds.map(\.epoch)))
        try TestTeam.carry(from: ana, to: new)
        #expect(try new.documents() == ana.documents() && new.documents().count == 3)
    }

    /// SCENARIOS, E: all coordinators gone.
    @Test func `with no other coordinator and no usable key it still admits, and the new device makes a key`() throws {
        try ana.setRole(.volunteer, of: ana.device)
        try team.exchangeAll()
        let new = try recover(try plan(from: team.replicas[1]))
        try TestTeam.carryControl(from: new, to: team.replicas[1])
        try new.rotate()
        try TestTeam.carryControl(from: new, to: team.replicas[1])
        #expect(try team.replicas[1].team().currentEpoch?.maker == new.device)
    }

    @Test func `a recovery key that was removed recovers nothing, and opens the store no more`() throws {
        #expect(try ana.remove(key.device).recipients == 2)
        #expect(try ana.ownRecoveryKeys().isEmpty && ana.recoveryKeys().isEmpty)
        #expect(kind { _ = try plan(from: ana) } == .notJoined)
        // Also where somebody else removed it: as soon as this device learns.
        let other = RecoveryKey.random(surroundings)
        try ana.add(other)
        try ana.setRole(.coordinator, of: team.replicas[1].device)
        try team.exchangeAll()
        _ = try team.replicas[1].remove(other.device)
        #expect(try ana.ownRecoveryKeys() == [other.device])
        try TestTeam.carryControl(from: team.replicas[1], to: ana)
        #expect(try ana.ownRecoveryKeys().isEmpty)
    }

    /// P5: a relay holds back the removal from whoever has the old key.
    @Test func `who recovers from a log without the removal is let in by nobody, and gets no later key`() throws {
        let plan = try plan(from: ana)
        _ = try ana.remove(key.device)
        let new = try recover(plan)
        _ = try new.addEvent("By a stranger")
        _ = try new.seal()
        try TestTeam.carryControl(from: new, to: ana)
        _ = try new.offer(lackedBy: ana.heads()) { _ = try ana.receive($0) }
        try ana.applyReceived()
        #expect(try ana.team().roster[new.device] == nil && ana.documents().isEmpty)
        try TestTeam.carryControl(from: ana, to: new)
        #expect(try new.team().roster[new.device] == nil)
        let epoch = try #require(try ana.team().currentEpoch)
        #expect(epoch.recipients == [ana.device, team.replicas[1].device] && new.keys.epochKey(epoch.id) == nil)
    }

    @Test func `what it is shown is checked before anything is written`() throws {
        let mals = try TestTeam(devices: 1, seed: 4, recovery: .random(surroundings))
        let theirs = try control(of: mals.replicas[0])
        let own = try control(of: ana)
        let box = try #require(own.first { $0.dropFirst().starts(with: key.boxID) })
        // Another team's box, also under this key's name; a box with one bit that differs.
        var renamed = theirs[theirs.count - 1]
        renamed.replaceSubrange(1..<17, with: key.boxID)
        var flipped = box
        flipped[60] ^= 1
        for found in [[renamed], [flipped], [renamed, flipped]] {
            #expect(kind { _ = try RecoveryPlan(key, boxes: found, control: own) } == .integrity)
        }
        #expect(kind { _ = try RecoveryPlan(key, boxes: [], control: own) } == .notJoined)
        // Another team's control log, one without its beginning, one without the key's admission.
        #expect(kind { _ = try RecoveryPlan(key, boxes: [box], control: theirs) } == .integrity)
        for missing in 0..<2 {
            var cut = own
            cut.remove(at: missing)
            #expect(kind { _ = try RecoveryPlan(key, boxes: [box], control: cut) } == .integrity)
        }
        // Junk beside it hides nothing.
        let plan = try RecoveryPlan(key, boxes: [renamed, box, flipped], control: own + [renamed, flipped, [9], []])
        #expect(plan.maker?.id == ana.device)
        #expect(throws: Never.self) { try recover(plan) }
        #expect(kind { _ = try recover(plan) } == .failure)
    }

    @Test func `a later key of this device ends the earlier one`() throws {
        let next = RecoveryKey.random(surroundings)
        #expect(try ana.add(next))
        #expect(try Set(ana.ownRecoveryKeys()) == [key.device, next.device])
        let epochs = ana.keys.epochs.count
        #expect(try ana.removeRecoveryKeys(except: next) == 1)
        #expect(ana.keys.epochs.count == epochs + 1)
        #expect(try ana.ownRecoveryKeys() == [next.device] && ana.recoveryKeys().map(\.id) == [next.device])
        #expect(kind { _ = try plan(from: ana) } == .notJoined)
        #expect(throws: Never.self) { try plan(from: ana, next) }
        #expect(try ana.removeRecoveryKeys(except: next) == 0)
    }

    /// Interrupted between slot and log.
    @Test func `one that never came into the team is dropped by the next`() throws {
        let lost = RecoveryKey.random(surroundings)
        let file = try KeyFile(path: ana.paths.keys)
        let slot = KeySlot.recovery(try RecoverySlot(ana.storeKey, for: lost, edition: file.edition))
        try file.replacing(slots: file.slots + [slot], around: ana.keys, under: ana.storeKey, surroundings).write(to: ana.paths)
        try Reseal.finish(ana.paths)
        let next = RecoveryKey.random(surroundings)
        try ana.add(next)
        #expect(try ana.ownRecoveryKeys() == [key.device, next.device])
        #expect(try ana.recoveryKeys().map(\.id) == [key.device, next.device])
    }

    @Test func `of a device that is no coordinator it opens the store, and no more`() throws {
        let ben = team.replicas[1]
        let own = RecoveryKey.random(surroundings)
        #expect(try !ben.add(own))
        #expect(try ben.ownRecoveryKeys() == [own.device] && ben.recoveryKeys().count == 1)
        #expect(kind { _ = try plan(from: ben, own) } == .notJoined)
        let next = RecoveryKey.random(surroundings)
        #expect(try !ben.add(next) && ben.ownRecoveryKeys() == [next.device])
    }

    @Test func `it keeps the role it has`() throws {
        #expect(kind { try ana.setRole(.volunteer, of: key.device) } == .usage)
    }

    @Test func `a bundle is enough`() throws {
        _ = try ana.addEvent("Vigil")
        var bytes: [UInt8] = []
        _ = try ana.writeBundle { bytes += $0 }
        let bundle = ByteSource(bytes)
        let plan = try RecoveryPlan(key, bundle: bundle)
        let new = try Replica.recover(at: team.path(50), plan, device: "new", relayURL: nil, surroundings: surroundings)
        _ = try new.apply([bundle])
        #expect(try new.documents() == ana.documents() && new.documents().count == 1 && new.remotes().isEmpty)
        let strangers = try TestTeam(devices: 1, seed: 8)
        var others: [UInt8] = []
        _ = try strangers.replicas[0].writeBundle { others += $0 }
        #expect(kind { _ = try RecoveryPlan(key, bundle: ByteSource(others)) } == .notJoined)
        bytes[bytes.count / 2] ^= 1
        #expect(kind { _ = try RecoveryPlan(key, bundle: ByteSource(bytes)) } == .integrity)
    }
}

/// A store whose passphrase is lost.
@Suite struct RecoveredStoreTests {
    private let team: TestTeam
    private let key: RecoveryKey

    init() throws {
        key = .random(TestSurroundings(seed: 98).surroundings)
        team = try TestTeam(devices: 1, protection: TestPassphrase.protection(), recovery: key)
        _ = try team.replicas[0].addEvent("Vigil")
        try close(team.replicas[0])
    }

    private func close(_ replica: Replica) throws {
        try replica.log.queue.close()
        try replica.openedView?.queue.close()
    }

    private func locked() throws -> LockedStore {
        try #require(try LockedStore(team.path(0), surroundings: team.clock.surroundings))
    }

    private func expectOpens(_ unlock: (LockedStore) throws -> StoreKey) throws {
        team.clock.time += 60_000
        let replica = try Replica(openingAt: team.path(0), surroundings: team.clock.surroundings, unlock: unlock)
        #expect(try replica.documents().count == 1)
        try close(replica)
    }

    private var reseal: Reseal { Reseal(team.path(0), surroundings: team.clock.surroundings) }

    @Test func `the recovery key opens it, and gives it another passphrase`() throws {
        try expectOpens { try $0.key(for: key) }
        team.clock.time += 60_000
        try reseal.change(locked().key(for: key), to: TestPassphrase.of("another"), cost: TestPassphrase.cheap)
        try expectOpens { try $0.key(for: TestPassphrase.of("another")) }
        try expectOpens { try $0.key(for: key) }
    }

    @Test func `it stays while a passphrase is taken away and set`() throws {
        try reseal.remove(locked().key(for: key))
        team.clock.time += 60_000
        #expect(try LockedStore(team.path(0)) == nil)
        let open = try Replica(openingAt: team.path(0), surroundings: team.clock.surroundings)
        #expect(try open.ownRecoveryKeys() == [key.device])
        try close(open)
        _ = try reseal.set(TestPassphrase.of("another"), cost: TestPassphrase.cheap)
        try expectOpens { try $0.key(for: key) }
        try expectOpens { try $0.key(for: TestPassphrase.of("another")) }
    }

    @Test func `a wrong one is as slow as a wrong passphrase, and told in one sentence`() throws {
        func error(_ body: () throws -> StoreKey) -> SyncError? {
            do {
                _ = try body()
                return nil
            } catch { return error as? SyncError }
        }
        let wrong = RecoveryKey.random(team.clock.surroundings)
        let store = try locked()
        let first = error { try store.key(for: wrong) }
        // The clock of this test goes on by itself: the wait is to be longer than that.
        for _ in 0..<4 {
            team.clock.time += 60_000
            #expect(error { try store.key(for: wrong) } == first)
        }
        #expect(first?.kind == .locked && first?.what == "The recovery key does not open this store.")
        for early in [error({ try store.key(for: key) }), error({ try store.key(for: TestPassphrase.of("correct horse")) })] {
            #expect(early?.kind == .locked && early?.what.contains("next try") == true)
        }
        team.clock.time += 60_000
        #expect(error { try store.key(for: key) } == nil)
        // The same where there is no such slot.
        let other = try TestTeam(devices: 1, seed: 2, protection: TestPassphrase.protection())
        let without = try #require(try LockedStore(other.path(0), surroundings: other.clock.surroundings))
        #expect(error { try without.key(for: key) } == first)
    }
}
