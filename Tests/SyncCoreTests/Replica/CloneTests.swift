import Foundation
import Testing

@testable import SyncCore

/// F2: a folder that was copied, and used in both places.
@Suite struct CloneTests {
    @Test func `F2 both branches of a clone are kept, and everybody agrees`() throws {
        let team = try TestTeam(devices: 2)
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        let record = try ana.addEvent("Vigil")
        try ben.commit { try $0.add(record, Field.causes, .text("before")) }
        try team.exchangeAll()
        try ben.commit { try $0.add(record, Field.causes, .text("before")) }
        let clone = try team.clone(1)
        let name = ben.author
        for number in 0..<3 {
            try ben.commit { try $0.add(record, Field.causes, .text("ben \(number)")) }
            try clone.commit { try $0.add(record, Field.causes, .text("clone \(number)")) }
            if number == 1 { try TestTeam.carry(from: ben, to: ana) }
            if number == 2 { try TestTeam.carry(from: clone, to: ana) }
        }
        try ben.commit { try $0.assign(record, Field.title, .text("Ben's")) }
        try clone.commit { try $0.assign(record, Field.title, .text("Clone's")) }
        try team.exchangeAll()
        try team.expectAgreement()
        let document = try #require(try ana.documents().first)
        #expect(document.set(Field.causes).count == 7)
        #expect(try ana.read { try $0.conflicts() }.map(\.field?.number) == [Field.title])
        // Ben's log has both branches.
        let bens = try #require(try ana.log.read { log in try log.logs().first { try $0.author.flatMap(log.author) == name } })
        #expect(try ana.log.read { try $0.heads(of: bens.number).count } == 2)
        // Both go on after they have seen each other, each under an author of its own.
        #expect(ben.author != name && clone.author != name && ben.author != clone.author)
        for replica in [ben, clone] { try replica.commit { try $0.add(record, Field.targets, .text("\(replica.paths.folder)")) } }
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try ana.documents().first?.set(Field.targets).count == 2)
    }

    @Test func `F2 a deletion covers both branches that it had seen`() throws {
        let team = try TestTeam(devices: 2)
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        let record = try ana.addEvent("Vigil")
        try team.exchangeAll()
        let clone = try team.clone(1)
        try ben.commit { try $0.add(record, Field.causes, .text("ben")) }
        for number in 0..<3 { try clone.commit { try $0.add(record, Field.causes, .text("clone \(number)")) } }
        try team.exchangeAll()
        let deleted = try ana.commit { try $0.delete(record) }.result
        #expect(deleted)
        #expect(try ana.documents().isEmpty)
        #expect(try ana.read { try $0.conflictCount() } == 0)
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try clone.documents().isEmpty)
    }

    @Test func `two opens under one key bind each what follows it`() throws {
        let team = try TestTeam(devices: 4)
        let (ana, ben, cem, mallory) = (team.replicas[0], team.replicas[1], team.replicas[2], team.replicas[3])
        let record = try ana.addEvent("Vigil")
        try team.exchangeAll()
        try mallory.commit { try $0.add(record, Field.causes, .text("first")) }
        _ = try mallory.seal()
        try TestTeam.carry(from: mallory, to: ana)
        let other = try SecondOpen(mallory).frame([
            Operation(.add, record: .id(record), field: Field.causes, value: .text("second"))
        ])
        // Ben gets the other branch alone, first; Ana gets it after the first.
        for replica in [ana, ben] {
            _ = try replica.receive(other)
            try replica.applyReceived()
        }
        for (source, target) in [(ana, ben), (ben, ana), (ana, cem)] { try TestTeam.carry(from: source, to: target) }
        try team.expectAgreement([ana, ben, cem])
        #expect(try cem.documents().first?.set(Field.causes).count == 2)
        #expect(try cem.status().void.isEmpty)
    }

    @Test func `F2 branches of one log travel in any number of batches`() throws {
        let team = try TestTeam(devices: 2)
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        let record = try ana.addEvent("Vigil")
        try team.exchangeAll()
        let clone = try team.clone(1)
        // One branch of a single push of many segments, the other of many pushes; together more than one batch.
        for number in 0..<4 {
            for replica in [ben, clone] {
                let filling = Data(team.clock.surroundings.random(640_000)).base64EncodedString()
                try replica.commit { try $0.assign(record, Field.title, .text("\(number)" + filling)) }
            }
            _ = try clone.seal()
        }
        try TestTeam.carry(from: ben, to: ana)
        try TestTeam.carry(from: clone, to: ana)
        let cem = try team.join(team.invitation())
        try TestTeam.carryControl(from: cem, to: ana)
        try TestTeam.carry(from: ana, to: cem)
        try team.expectAgreement([ana, cem])
        #expect(try ana.offers(lackedBy: []).count > 1)
        #expect(try cem.read { try $0.conflicts() }.map(\.values.count) == [2])
    }
}

/// A second beginning of a device's log under the same key, by another author of the device.
private struct SecondOpen {
    private let replica: Replica

    init(_ replica: Replica) { self.replica = replica }

    func frame(_ operations: [SyncCore.Operation]) throws -> [[UInt8]] {
        let epoch = try replica.sealing()
        let key = try SigningKey(
            seed: replica.keys.signingSeed.derive("sync/v1/own-log", epoch.id.bytes + replica.author.bytes))
        let cipher = LogCipher(epochKey: epoch.key, team: replica.keys.team, tag: SegmentHeader.tag(of: key.publicKey))
        let salt = replica.surroundings.random(16)
        let author = LogOpen.author(team: replica.keys.team, deviceKey: replica.signing.publicKey, salt: salt)
        let content = try LogOpen(
            epoch: epoch.id, device: replica.device, authorSalt: salt, continuesSeq: 0, continuesMark: 0,
            logKey: key.publicKey, team: replica.keys.team, deviceKey: replica.signing)
        let (open, first) = try cipher.seal(
            content.bytes, form: .open(publicKey: key.publicKey, commitment: cipher.commitment), after: Chain.beginning,
            nonce: replica.surroundings.random(12))
        let change = Change(
            name: ChangeName(author: author, seq: 1, mark: 5), previousMark: nil, wall: 0, dependencies: [],
            operations: operations)
        let (unsigned, value) = try cipher.seal(
            SegmentContent(changes: [change]).encoded(author: author, epoch: epoch.id),
            form: .run(tag: cipher.tag, index: 1), after: first, nonce: replica.surroundings.random(12))
        var run = unsigned
        run.signature = try Chain.sign(value, with: key)
        return [open.bytes, run.bytes]
    }
}
