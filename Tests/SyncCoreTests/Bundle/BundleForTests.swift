import Foundation
import Testing

@testable import SyncCore

/// What is left out of a bundle for one device: what it was seen to have.
@Suite struct BundleForTests {
    private func carried(_ bundle: [UInt8]) throws -> Int { try OpenedBundle(bundle).segments.count }

    @Test func `what a device was seen to have is left out`() throws {
        let team = try TestTeam(devices: 2)
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        _ = try ana.addEvent("Vigil")
        #expect(try carried(ana.bundle(for: ben)) == 2)
        try ben.apply(ana.bundle(for: ben))
        // Nobody knows yet that it arrived.
        #expect(try carried(ana.bundle(for: ben)) == 2)
        _ = try ben.addEvent("York")
        try ana.apply(ben.bundle(for: ana))
        #expect(try carried(ana.bundle(for: ben)) == 0)
        #expect(try carried(ana.bundle()) == 4)
        _ = try ana.addEvent("Leeds")
        #expect(try carried(ana.bundle(for: ben)) == 1)
        try ben.apply(ana.bundle(for: ben))
        try team.expectAgreement()
    }

    @Test func `also what stands in its segments counts, whoever brought them`() throws {
        let team = try TestTeam(devices: 3)
        let (ana, ben, cem) = (team.replicas[0], team.replicas[1], team.replicas[2])
        _ = try ana.addEvent("Vigil")
        try TestTeam.carry(from: ana, to: ben)
        _ = try ben.addEvent("York")
        try TestTeam.carry(from: ben, to: cem)
        #expect(try carried(cem.bundle(for: ben)) == 0)
        #expect(try carried(cem.bundle(for: ana)) == 2)
        #expect(try cem.log.read { try $0.seenElsewhere() }.isEmpty)
    }

    @Test func `a device that has less is told what to ask for, and nothing is applied`() throws {
        let team = try TestTeam(devices: 3)
        let (ana, ben, cem) = (team.replicas[0], team.replicas[1], team.replicas[2])
        _ = try ana.addEvent("Vigil")
        try ben.apply(ana.bundle())
        _ = try ben.addEvent("York")
        try ana.apply(ben.bundle(for: ana))
        _ = try ana.addEvent("Leeds")
        let (bundle, before) = (try ana.bundle(for: ben), try cem.standing())
        for asPipe in [false, true] {
            let error = #expect(throws: SyncError.self) { try cem.apply(bundle, asPipe: asPipe) }
            #expect(error?.kind == .failure && error?.next?.contains("without --for") == true)
        }
        #expect(try cem.standing() == before)
        #expect(try cem.apply(ana.bundle()).received.changes == 3)
    }

    @Test func `nobody can say for another device what it has`() throws {
        let team = try TestTeam(devices: 3)
        let (ana, ben, mallory) = (team.replicas[0], team.replicas[1], team.replicas[2])
        _ = try ana.addEvent("Vigil")
        _ = try ana.seal()
        let epoch = try mallory.sealing().key
        let forged = try SenderHeads(
            device: ben.device, authorSalt: ben.keys.authorSalt, wall: 0, recipient: nil, heads: ana.heads(), team: ana.keys.team,
            key: mallory.signing
        ).sealed(epochKey: epoch, team: ana.keys.team, nonce: team.clock.surroundings.random(12))
        var bundle = try OpenedBundle(mallory.bundle())
        for (place, item) in bundle.items.enumerated() { if case .heads = item { bundle.items[place] = .heads(forged) } }
        let before = try ana.standing()
        #expect(throws: SyncError.self) { try ana.apply(bundle.bytes()) }.map { #expect($0.kind == .integrity) }
        #expect(try ana.standing() == before)
        #expect(try carried(ana.bundle(for: ben)) == 2)
    }
}
