import Testing

@testable import SyncCore

/// F3: what waits, what does not, and what is skipped alone.
@Suite struct WaitingTests {
    @Test func `F3 a change whose dependency is missing waits, is named, and applies when that arrives`() throws {
        let team = try TestTeam(devices: 3)
        let (ana, ben, cem) = (team.replicas[0], team.replicas[1], team.replicas[2])
        let record = try ana.addEvent("Vigil")
        try ben.commit { draft in _ = draft.create(.event) }
        try team.exchangeAll()
        try ben.commit { try $0.assign(record, Field.starts, .text("2024-05-01")) }
        try TestTeam.carry(from: ben, to: cem)
        for text in ["2024-05-02", "2024-05-03"] { try cem.commit { try $0.assign(record, Field.starts, .text(text)) } }
        let cems = try cem.ownTag()
        // The relay withholds Ben's segment.
        try TestTeam.carry(from: cem, to: ana) { $0 == cems }
        let status = try ana.status()
        #expect(status.waiting.count == 2)
        #expect(status.waiting.first?.missing.author == ben.author)
        #expect(status.waiting.first?.missingDevice == "device 1")
        #expect(try ana.read { try $0.document(record) }?.value(Field.starts) == nil)
        // Others are not held up, nor is Ana.
        try ana.commit { try $0.add(record, Field.causes, .text("solidarity")) }
        try TestTeam.carry(from: ben, to: ana)
        #expect(try ana.status().waiting.isEmpty)
        #expect(try ana.read { try $0.document(record) }?.value(Field.starts) == .text("2024-05-03"))
        try team.exchangeAll()
        try team.expectAgreement()
    }

    @Test func `F3 unknown operations are skipped alone, forwarded, and block nothing`() throws {
        let team = try TestTeam(devices: 3)
        let (ana, ben, cem) = (team.replicas[0], team.replicas[1], team.replicas[2])
        let record = try ana.addEvent("Vigil")
        try team.exchangeAll()
        let title = try #require(try ben.read { try $0.state(of: record)?.live(Field.title).first }).stamp.write
        // A newer version: an unknown code, an unknown field, a known field with a value of another type, and two that are known.
        try ben.craft([
            Operation(.init(rawValue: 99), record: .id(record), field: 7000, key: ItemKey(1), names: [title], value: .integer(1)),
            Operation(.init(rawValue: 98), record: .named, field: 3, names: [title]),
            Operation(.assign, record: .id(record), field: 9999, value: .text("new")),
            Operation(.assign, record: .id(record), field: Field.starts, value: .integer(5)),
            .assign(record, Field.title, "Vigil, Leeds", names: [title]),
            Operation(.add, record: .id(record), field: Field.causes, value: .text("solidarity")),
        ])
        try ben.commit { try $0.add(record, Field.causes, .text("peace")) }
        try TestTeam.carry(from: ben, to: ana)
        try TestTeam.carry(from: ana, to: cem)
        try team.exchangeAll()
        try team.expectAgreement()
        let document = try #require(try cem.documents().first)
        #expect(document.title == "Vigil, Leeds")
        #expect(document.set(Field.causes).count == 2)
        #expect(document.value(Field.starts) == nil)
        #expect(try cem.status().waiting.isEmpty)
        #expect(try cem.status().void.isEmpty)
        // Forwarded whole: what Cem would read after an upgrade is what Ben wrote.
        let operations = try cem.log.read { log in
            try log.changes(after: 0, limit: .max).map { try cem.loader.change($0, log).operations.count }
        }
        #expect(operations.contains(6))
    }
}
