import Foundation
import Testing

@testable import SyncCore

/// Devices that meet no relay, only each other's bundles.
@Suite struct BundleTests {
    @Test(arguments: [false, true]) func `a bundle carries everything, and the answer says that it arrived`(asPipe: Bool) throws {
        let team = try TestTeam(devices: 2)
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        for number in 0..<30 { _ = try ana.addEvent("Vigil \(number)") }
        let applied = try ben.apply(ana.bundle(), asPipe: asPipe)
        #expect(applied.received.changes == 30 && applied.received.newRecords[.event] == 30)
        _ = try ben.addEvent("York")
        #expect(try ana.unsentCount() == 30)
        try ana.apply(ben.bundle(for: ana), asPipe: asPipe)
        #expect(try ana.unsentCount() == 0)
        #expect(try ben.unsentCount() == 1)
        try team.expectAgreement()
        #expect(try ana.documents().count == 31)
    }

    @Test func `a second time brings nothing and changes nothing`() throws {
        let team = try TestTeam(devices: 2)
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        _ = try ana.addEvent("Vigil")
        let bundle = try ana.bundle()
        try ben.apply(bundle)
        let before = try ben.standing()
        let again = try ben.apply(bundle)
        #expect(again.received.changes == 0 && again.received.segments == 0 && again.controlRecords == 0)
        #expect(try ben.standing() == before)
    }

    @Test func `the segments are those of the wire, byte by byte`() throws {
        let team = try TestTeam(devices: 2)
        let ana = team.replicas[0]
        for number in 0..<5 { _ = try ana.addEvent("Vigil \(number)") }
        let opened = try OpenedBundle(ana.bundle())
        let carried = opened.items.compactMap { if case .segment(let bytes) = $0 { bytes } else { nil } }
        #expect(try carried == ana.offers(lackedBy: []).flatMap(\.self))
        // Control first, and the last run in each frame ends signed.
        #expect(opened.segments.first.map { $0 > 4 } == true)
        #expect(opened.items.last == .frameEnd)
        #expect(try Segment(try #require(carried.last)).signature != nil)
    }

    @Test func `whoever joined elsewhere is known from then on`() throws {
        let team = try TestTeam(devices: 2)
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        let cem = try team.join(team.invitation())
        _ = try cem.addEvent("Rome")
        try ana.apply(cem.bundle())
        _ = try ana.closeUsedInvites()
        let applied = try ben.apply(ana.bundle())
        #expect(applied.controlRecords == 3)
        #expect(try ben.team().roster[cem.device] != nil)
        #expect(try ben.documents().count == 1)
        try cem.apply(ben.bundle())
        try team.expectAgreement()
    }

    @Test func `a bundle of another team is refused, and says so only if it is whole`() throws {
        let (team, others) = (try TestTeam(devices: 1), try TestTeam(devices: 1, seed: 99))
        _ = try others.replicas[0].addEvent("Theirs")
        var bundle = try others.replicas[0].bundle()
        let ana = team.replicas[0]
        let before = try ana.standing()
        for asPipe in [false, true] {
            let error = #expect(throws: SyncError.self) { try ana.apply(bundle, asPipe: asPipe) }
            #expect(error?.kind == .notJoined && error?.what == "a.bundle is of another team.")
        }
        bundle[bundle.count / 2] ^= 1
        for asPipe in [false, true] {
            #expect(throws: SyncError.self) { try ana.apply(bundle, asPipe: asPipe) }.map { #expect($0.kind == .integrity) }
        }
        #expect(try ana.standing() == before)
    }

    @Test func `of a newer version`() throws {
        let team = try TestTeam(devices: 1)
        var bundle = Array(try team.replicas[0].bundle().dropLast(ItemFile.hashLength))
        bundle[ItemFile.bundle.mark.count] = 2
        let broken = bundle + [UInt8](repeating: 0, count: ItemFile.hashLength)
        var hasher = ItemFile.bundle.hasher
        hasher.update(bundle)
        bundle += hasher.finish().bytes
        #expect(throws: SyncError.self) { try team.replicas[0].apply(bundle) }.map { #expect($0.kind == .refused) }
        #expect(throws: SyncError.self) { try team.replicas[0].apply(broken) }.map { #expect($0.kind == .integrity) }
    }

    @Test func `several bundles are one step: one that is damaged undoes the others`() throws {
        let team = try TestTeam(devices: 3)
        let (ana, ben, cem) = (team.replicas[0], team.replicas[1], team.replicas[2])
        _ = try ana.addEvent("Leeds")
        _ = try ben.addEvent("York")
        var damaged = try ben.bundle()
        damaged[damaged.count - 40] ^= 0x10
        let (whole, before) = (try ana.bundle(), try cem.standing())
        for asPipe in [false, true] {
            #expect(throws: SyncError.self) { try cem.apply([ByteSource(whole, asPipe: asPipe), ByteSource(damaged, asPipe: asPipe)]) }
            #expect(try cem.standing() == before)
        }
        let applied = try cem.apply([ByteSource(whole), ByteSource(ben.bundle())])
        #expect(applied.received.changes == 2)
        #expect(try cem.documents().count == 2)
    }

    @Test func `segments that cannot be read yet are kept, and read once the key is here`() throws {
        let team = try TestTeam(devices: 2)
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        _ = try ana.addEvent("Vigil")
        let keys = ben.keys
        ben.keys.epochs = [(EpochID(high: 1, low: 1), .random(team.clock.surroundings))]
        try ben.apply(ana.bundle())
        #expect(try ben.documents().isEmpty)
        #expect(try ben.hasUnread())
        ben.keys = keys
        try ben.locked { try ben.log.write { try ben.judge($0) } }
        #expect(try ben.documents().count == 1)
    }
}
