import Testing

@testable import SyncCore

@Suite struct DraftTests {
    @Test func `what is added to a set takes nothing away from it`() throws {
        let team = try TestTeam(devices: 2)
        let ana = team.replicas[0], ben = team.replicas[1]
        // The first field of the registry is a set: nothing of the record stands before it by which an edit could find its record.
        let record = try ana.commit { draft in
            let id = draft.create(.event)
            try draft.add(id, Field.codes, .text("a"))
            return id
        }.result
        for code in ["b", "c"] { try ana.commit { try $0.add(record, Field.codes, .text(code)) } }
        try ana.commit { try $0.assign(record, Field.title, .text("Vigil")) }
        try ana.commit { try $0.add(record, Field.codes, .text("d")) }
        try team.exchangeAll()
        let expected = ["a", "b", "c", "d"].map(Value.text)
        #expect(try ana.documents().first?.set(Field.codes) == expected)
        #expect(try ben.documents().first?.set(Field.codes) == expected)
        try team.expectAgreement()
    }
}
