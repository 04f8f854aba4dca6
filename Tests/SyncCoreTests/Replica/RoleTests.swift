import Testing

@testable import SyncCore

/// Roles and names of devices, as replicas enforce them.
@Suite struct RoleTests {
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

    @Test func `a reader writes nothing, what it wrote before counts, and writes again once it may`() throws {
        try ben.commit { try $0.add(record, Field.causes, .text("before")) }
        try team.exchangeAll()
        try ana.setRole(.reader, of: ben.device)
        try ben.commit { try $0.add(record, Field.causes, .text("did not know yet")) }
        try team.exchangeAll()
        #expect(try ben.status().role == .reader)
        #expect(throws: SyncError.self) { try ben.addEvent("no") }
        for replica in team.replicas { #expect(try replica.documents().first?.set(Field.causes) == [.text("before")]) }
        #expect(try cem.status().void.map(\.reason) == [.reader])
        try team.expectAgreement()
        try ana.setRole(.volunteer, of: ben.device)
        try team.exchangeAll()
        _ = try ben.addEvent("yes")
        try team.exchangeAll()
        #expect(try cem.documents().count == 2)
        #expect(try cem.documents().first { $0.id == record }?.set(Field.causes).count == 2)
        try team.expectAgreement()
    }

    @Test func `a new coordinator gets a key of the relay's, and one that is none any more does not`() throws {
        #expect(ben.keys.relaySeeds.isEmpty)
        try ana.setRole(.coordinator, of: ben.device)
        try team.exchangeAll()
        #expect(ben.keys.relaySeeds.map(\.epoch) == [try ana.sealing().id])
        _ = try ben.remove(cem.device)
        try TestTeam.carryControl(from: ben, to: ana)
        try ana.setRole(.volunteer, of: ben.device)
        try team.exchange(among: [ana, ben])
        #expect(ana.keys.relaySeeds.count == 4)
        #expect(ben.keys.relaySeeds.count == 2)
        #expect(throws: SyncError.self) { try ben.remove(ana.device) }
        #expect(throws: SyncError.self) { try ana.setRole(.reader, of: ana.device) }
    }

    @Test func `only coordinators decide, and nothing is changed by who may not`() throws {
        let before = try ben.log.read { try $0.sealedControl() }
        #expect(throws: SyncError.self) { try ben.remove(cem.device) }
        #expect(throws: SyncError.self) { try ben.setRole(.reader, of: cem.device) }
        #expect(throws: SyncError.self) { try ben.rename(cem.device, to: "Cem") }
        #expect(throws: SyncError.self) { try ben.rotate() }
        #expect(throws: SyncError.self) { try ana.remove(ana.device) }
        #expect(throws: SyncError.self) { try ana.remove(DeviceID(high: 1, low: 2)) }
        #expect(try ben.log.read { try $0.sealedControl() } == before)
        #expect(ben.keys.epochs.count == 1)
    }

    @Test func `a device gets another name from itself or a coordinator, and everybody shows the same`() throws {
        try ben.rename(ben.device, to: "Ben's phone")
        try team.exchangeAll()
        for replica in team.replicas { #expect(try replica.team().name(of: ben.device) == "Ben's phone") }
        // Two names beside each other: one is shown, everywhere the same; a later one replaces both.
        try ana.rename(ben.device, to: "A")
        try ben.rename(ben.device, to: "B")
        try team.exchangeAll()
        #expect(Set(try team.replicas.map { try $0.team().name(of: ben.device) }).count == 1)
        try ana.rename(ben.device, to: "C")
        try team.exchangeAll()
        for replica in team.replicas { #expect(try replica.team().name(of: ben.device) == "C") }
        // Who is out names nobody any more, and keeps the last name.
        _ = try ana.remove(ben.device)
        #expect(try ana.team().name(of: ben.device) == "C")
    }
}
