import Foundation
import Testing

@testable import SyncCore

/// One description that two people edit apart.
@Suite struct TextTests {
    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }
    private var ben: Replica { team.replicas[1] }
    private let record: RecordID

    private static let report = "Around 50 people came to the square. Police watched."

    init() throws {
        team = try TestTeam()
        record = try team.replicas[0].addEvent("Vigil")
        try team.replicas[0].commit { [record] in try $0.assign(record, Field.description, .text(Self.report)) }
        try team.exchangeAll()
    }

    private func save(_ text: String, on replica: Replica) throws {
        try replica.commit { try $0.assign(record, Field.description, .text(text)) }
    }

    private func texts(_ replica: Replica) throws -> [String] {
        try replica.read { session in
            try session.document(record)?.fields.first { $0.number == Field.description }.map { field in
                if case .values(let values) = field.content { values.compactMap(\.text) } else { [] }
            } ?? []
        }
    }

    private func conflicts(_ replica: Replica) throws -> [Conflict] { try replica.read { try $0.conflicts(of: record) } }

    @Test func `both people's words survive, and nobody is asked`() throws {
        try save("Around 60 people came to the square. Police watched.", on: ana)
        try save("Around 50 people came to the square. Police watched, and filmed faces.", on: ben)
        try team.exchangeAll()
        #expect(try texts(ana) == ["Around 60 people came to the square. Police watched, and filmed faces."])
        #expect(try conflicts(ana).isEmpty)
        try save("Around 60 people came to the square. Police watched, and filmed.", on: ben)
        try team.exchangeAll()
        #expect(try texts(ana) == ["Around 60 people came to the square. Police watched, and filmed."])
        try team.expectAgreement()
    }

    @Test func `words that both replaced are listed with each person's text, and any choice ends it`() throws {
        try save("Around 60 people came to the square. Police watched.", on: ana)
        try save("Around 70 people came to the square. Police watched.", on: ben)
        try team.exchangeAll()
        let conflict = try #require(try conflicts(ana).first)
        #expect(conflict.field?.number == Field.description)
        let values = conflict.values.compactMap(\.value.text)
        #expect(values.count == 3 && conflict.values.map(\.isJoined) == [true, false, false])
        #expect(values[0].contains("60 70") || values[0].contains("70 60"))
        #expect(Set(values[1...]) == ["Around 60 people came to the square. Police watched.", "Around 70 people came to the square. Police watched."])
        #expect(conflict.values[1].replaced == [.text(Self.report)])
        #expect(try conflicts(ben).map(\.values.count) == [3])

        // Ana takes what both make, Ben one of them, at the same time: one text, which Ben's choice decided.
        try save(values[0], on: ana)
        #expect(try conflicts(ana).isEmpty)
        try save(values[1], on: ben)
        try team.exchangeAll()
        #expect(try texts(ana) == [values[1]])
        #expect(try conflicts(ana).isEmpty)
        try team.expectAgreement()
    }

    @Test func `what both mended alike is there once, and goes on as one`() throws {
        let mended = Self.report.replacingOccurrences(of: "50", with: "60")
        try save(mended, on: ana)
        try save(mended, on: ben)
        try team.exchangeAll()
        #expect(try texts(ana) == [mended])
        #expect(try conflicts(ben).isEmpty)
        try save(mended.replacingOccurrences(of: "60", with: "65") + " Rain.", on: ana)
        #expect(try texts(ana) == [mended.replacingOccurrences(of: "60", with: "65") + " Rain."])
        try team.exchangeAll()
        try team.expectAgreement()
    }

    @Test func `S14 equal first texts are one, and different ones are alternatives that are not woven`() throws {
        let other = try ana.addEvent("March")
        try team.exchangeAll()
        for replica in [ana, ben] { try replica.commit { try $0.assign(other, Field.description, .text("Same.")) } }
        try team.exchangeAll()
        try ana.commit { try $0.assign(other, Field.description, .text("Same. Ana.")) }
        try ben.commit { try $0.assign(other, Field.description, .text("Ben. Same.")) }
        try team.exchangeAll()
        #expect(try ana.read { try $0.document(other)?.value(Field.description) } == .text("Ben. Same. Ana."))

        let third = try ana.addEvent("Picket")
        try team.exchangeAll()
        try ana.commit { try $0.assign(third, Field.description, .text("What Ana saw.")) }
        try ben.commit { try $0.assign(third, Field.description, .text("What Ben saw.")) }
        try team.exchangeAll()
        let values = try ana.read { try $0.conflicts(of: third) }.first?.values.compactMap(\.value.text) ?? []
        #expect(Set(values) == ["What Ana saw.", "What Ben saw."])
        try team.expectAgreement()
    }

    @Test func `a text that is open in an editor is saved over what was done meanwhile, not instead of it`() throws {
        let opened = try ana.read { try $0.openText(record, Field.description) }
        try save(Self.report + " It rained.", on: ana)
        try ana.commit { try $0.save(opened.text.replacingOccurrences(of: "square", with: "old square"), of: opened) }
        #expect(try texts(ana) == ["Around 50 people came to the old square. Police watched. It rained."])
        let same = try ana.read { try $0.openText(record, Field.description) }
        #expect(try ana.commit { try $0.save(same.text, of: same) }.change == nil)
        try ana.commit { try $0.save("", of: same) }
        #expect(try texts(ana) == [])
        try team.expectAgreement([ana])
    }

    @Test func `a cleared text that somebody edited is listed`() throws {
        try ana.commit { try $0.assign(record, Field.description, .nothing) }
        try save(Self.report + " It rained.", on: ben)
        try team.exchangeAll()
        #expect(try Set(conflicts(ana).first?.values.map(\.value) ?? []) == [.nothing, .text(Self.report + " It rained.")])
        try team.expectAgreement()
    }

    @Test func `an edit of something that does not count any more keeps its own words, and the next save begins anew`() throws {
        let plan = try team.invitation()
        let mallory = try team.join(plan)
        let thief = try team.join(plan)
        try TestTeam.carryControl(from: mallory, to: ana)
        for replica in [ben, mallory] { try TestTeam.carry(from: ana, to: replica) }
        try save("Around 50 people came to the square. Mallory was here. Police watched.", on: mallory)
        try TestTeam.carry(from: mallory, to: ana)
        try save("Around 55 people came to the square. Mallory was here. Police watched.", on: ana)
        try TestTeam.carryControl(from: thief, to: ana)
        #expect(try texts(ana) == ["Around 55 people came to the square. Police watched."])
        try save("Around 55 people came to the square. Police watched. Rain.", on: ana)
        #expect(try texts(ana) == ["Around 55 people came to the square. Police watched. Rain."])
        try save("Around 56 people came to the square. Police watched. Rain.", on: ana)
        try team.exchangeAll()
        #expect(try texts(ben) == ["Around 56 people came to the square. Police watched. Rain."])
        try team.expectAgreement([ana, ben])
    }

    @Test func `a redacted text is gone with its edits`() throws {
        try save(Self.report + " Anna Muster was there.", on: ben)
        try team.exchangeAll()
        let field = try #require(RecordSchema.of(.event)[Field.description])
        try save(Self.report + " Anna Muster was there. So was Ben.", on: ben)
        try ana.redact(record, field, reason: "a name")
        try team.exchangeAll()
        try team.exchangeAll()
        // Ben's edit was made on what is gone: it is not shown, and no fragment of it.
        #expect(try texts(ana) == [] && texts(ben) == [])
        try save("Some people came.", on: ben)
        try team.exchangeAll()
        #expect(try texts(ana) == ["Some people came."])
        try team.expectAgreement()
    }

    @Test func `history tells the text before and after each edit`() throws {
        try save(Self.report + " Rain.", on: ana)
        try save("Now: " + Self.report, on: ben)
        try team.exchangeAll()
        let edits = try ana.read { try $0.history(of: record) }.filter { $0.field?.number == Field.description }
        #expect(edits.count == 3)
        #expect(Set(edits.prefix(2).compactMap { $0.new?.text }) == [Self.report + " Rain.", "Now: " + Self.report])
        #expect(edits.prefix(2).allSatisfy { $0.old == [.text(Self.report)] })
        guard case .current = edits[0].fate, case .followed(let by) = edits[2].fate else {
            Issue.record("\(edits.map(\.fate))")
            return
        }
        #expect(by.count == 2)
    }
}
