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
        #expect(try ana.heads().count == 3)
        // Both go on after they have seen each other.
        for replica in [ben, clone] { try replica.commit { try $0.add(record, Field.targets, .text("\(replica.paths.folder)")) } }
        try team.exchangeAll()
        try team.expectAgreement()
        #expect(try ana.documents().first?.set(Field.targets).count == 2)
    }

    @Test func `a deletion covers both branches that it had seen`() throws {
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

    @Test func `branches of one log travel in any number of batches`() throws {
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
