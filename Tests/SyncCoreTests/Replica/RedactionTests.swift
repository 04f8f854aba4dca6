import Foundation
import Testing

@testable import SyncCore

/// A value is taken out of the team's history, wherever it lies.
@Suite struct RedactionTests {
    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }
    private var ben: Replica { team.replicas[1] }
    private var cem: Replica { team.replicas[2] }
    private let record: RecordID
    private let title: FieldSchema

    private static let secret = "Zanzibarquartier"

    /// Ben wrote a title that should not be, among other things; everybody has it.
    init() throws {
        team = try TestTeam(devices: 3)
        title = try #require(RecordSchema.of(.event)[Field.title])
        let ben = team.replicas[1]
        record = try ben.addEvent("Vigil for \(Self.secret)", starts: "2017-04-22")
        _ = try ben.addEvent("March")
        _ = try ben.commit { [record] draft in try draft.assign(record, Field.title, .text("Vigil")) }
        try team.exchangeAll()
    }

    private func picture(_ replica: Replica) throws -> [UInt8] {
        try replica.read { session in
            var writer = NDJSONWriter()
            var out: [UInt8] = []
            for kind in RecordKind.allCases { try session.forEach(kind) { out += writer.append($0) } }
            return out + writer.finish()
        }
    }

    private func values(_ replica: Replica) throws -> [Value] {
        try replica.read { try $0.state(of: record)?.live(Field.title).map(\.value) ?? [] }
    }

    /// The bodies in which the value lies at a replica, and whether any file of its store has it.
    private func bodies(_ replica: Replica) throws -> [[UInt8]] {
        try replica.log.read { log in
            var bodies: [[UInt8]] = []
            try log.forEachSegment { stored in
                let written = try replica.loader.written(stored, log)?.changes ?? []
                let holds = written.flatMap(\.operations).contains { $0.value?.text?.contains(Self.secret) ?? false }
                if holds, let body = try Segment(stored.bytes).body { bodies.append(body) }
            }
            return bodies
        }
    }

    private func filesHold(_ needle: [UInt8], _ replica: Replica) throws -> Bool {
        try replica.checkpoint()
        return try FileManager.default.contentsOfDirectory(atPath: replica.paths.folder).contains { name in
            let path = replica.paths.folder + "/" + name
            return Data(try FileSystem.read(path)).range(of: Data(needle)) != nil
        }
    }

    @Test func `S16 its bytes are gone from every replica, whoever wrote it, and the rest is as it was`() throws {
        let body = try #require(try bodies(ana).first)
        #expect(try filesHold(Array(body.prefix(64)), cem) && filesHold(Array(Self.secret.utf8), cem) == false)
        let before = try picture(ana)
        let report = try ana.redact(record, title, reason: "a name")
        #expect(report.edits == 2 && report.segments == 1)
        try team.exchangeAll()
        for replica in team.replicas {
            #expect(try bodies(replica).isEmpty)
            #expect(try !filesHold(Array(body.prefix(64)), replica))
            #expect(try values(replica).isEmpty)
            #expect(try replica.damagedSegments().isEmpty)
            #expect(try replica.status().void.isEmpty && replica.status().waiting.isEmpty)
            let entry = try #require(try replica.team().redactions.of(record).first)
            #expect(entry.redaction.reason == "a name" && entry.by == ana.device)
        }
        #expect(try picture(ana) != before)
        #expect(try picture(ben) == picture(ana) && picture(cem) == picture(ana))
        // What was beside it in the same segments is there.
        #expect(try cem.documents().count == 2)
        #expect(try cem.documents().contains { $0.value(Field.starts) == .text("2017-04-22") })
        try team.expectAgreement(team.replicas)
    }

    @Test func `who comes later gets everything but the value`() throws {
        try ana.redact(record, title, reason: "a name")
        let dora = try team.join(try team.invitation())
        try TestTeam.carryControl(from: dora, to: ana)
        _ = try ana.closeUsedInvites()
        try TestTeam.carry(from: ana, to: dora)
        #expect(try picture(dora) == picture(ana))
        #expect(try dora.status().waiting.isEmpty && dora.status().void.isEmpty)
        // From one who never had it to one who never heard of it.
        try TestTeam.carry(from: dora, to: cem)
        #expect(try picture(cem) == picture(ana))
        #expect(try bodies(cem).isEmpty)
        _ = try dora.commit { draft in try draft.assign(record, Field.title, .text("Vigil, mended")) }
        try team.exchangeAll()
        for replica in team.replicas { #expect(try values(replica) == [.text("Vigil, mended")]) }
        try team.expectAgreement(team.replicas)
        for replica in team.replicas {
            _ = try replica.rebuild()
            #expect(try picture(replica) == picture(ana))
        }
    }

    @Test func `it does not matter whether the record or the value comes first`() throws {
        // Cem writes more without a network, and Ben gets it only after he has heard.
        let other = try cem.commit { draft in
            let id = draft.create(.event)
            try draft.assign(id, Field.title, .text("At \(Self.secret)"))
            try draft.assign(id, Field.starts, .text("2017-05-01"))
            return id
        }.result
        try TestTeam.carry(from: cem, to: ana)
        try ana.redact(other, title, reason: "a name")
        try TestTeam.carryControl(from: ana, to: ben)
        try TestTeam.carry(from: cem, to: ben)
        #expect(try picture(ben) == picture(ana))
        #expect(try bodies(ben).isEmpty == false)
        try ana.redact(record, title, reason: "the first, too")
        try team.exchangeAll()
        for replica in team.replicas { #expect(try bodies(replica).isEmpty) }
        try team.expectAgreement(team.replicas)
    }

    @Test func `two coordinators who redact one segment at once agree`() throws {
        try ana.setRole(.coordinator, of: ben.device)
        try team.exchangeAll()
        let starts = try #require(RecordSchema.of(.event)[Field.starts])
        try ana.redact(record, title, reason: "a name")
        try ben.redact(record, starts, reason: "a day")
        try team.exchangeAll()
        for replica in team.replicas {
            #expect(try values(replica).isEmpty)
            #expect(try picture(replica) == picture(ana))
            #expect(try replica.team().redactions.entries.count == 2)
        }
        let dora = try team.join(try team.invitation())
        try TestTeam.carryControl(from: dora, to: ana)
        _ = try ana.closeUsedInvites()
        try team.exchangeAll()
        #expect(try picture(dora) == picture(ana))
        // Each carried the other's value on; once more ends it.
        try ana.redact(record, title, reason: "once more")
        try ana.redact(record, starts, reason: "once more")
        try team.exchangeAll()
        for replica in team.replicas { #expect(try bodies(replica).isEmpty && picture(replica) == picture(ana)) }
        try team.expectAgreement(team.replicas)
    }

    @Test func `a coordinator who would alter more than it says is found out by whoever has the original`() throws {
        let stored = try #require(try ana.log.read { log in
            var found: (StoredSegment, LogTag)?
            try log.forEachSegment { stored in
                if stored.index > 0, let owner = try log.log(number: stored.log), owner.device == ben.device { found = (stored, owner.tag) }
            }
            return found
        })
        let changes = try ana.log.read { try #require(try ana.loader.written(stored.0, $0)).changes }
        let wrong = Redaction(
            record: record, field: Field.title, reason: "trust me",
            edits: [.init(change: changes[0].name, operations: [1])],
            withdrawn: [.init(tag: stored.1, index: stored.0.index, chain: stored.0.chain, digest: Digest.plain([1]))])
        try ana.decide(.redact) { _, _ in wrong.payload }
        try TestTeam.carryControl(from: ana, to: cem)
        #expect(try cem.status().untrueRedactions.map(\.redaction.reason) == ["trust me"])
        #expect(try !bodies(cem).isEmpty)
        // The edit that it names is not read any more, here or anywhere; what it does not name stands.
        #expect(try values(cem) == [.text("Vigil")])
        #expect(try cem.documents().count == 2)
    }

    @Test func `a coordinator cannot write in another's name by a digest of their own`() throws {
        let (stored, tag) = try #require(try ana.log.read { log in
            var found: (StoredSegment, LogTag)?
            try log.forEachSegment { stored in
                if stored.index > 0, let owner = try log.log(number: stored.log), owner.device == ben.device { found = (stored, owner.tag) }
            }
            return found
        })
        let last = try #require(try ana.log.read { try ana.loader.written(stored, $0)?.changes.last })
        let forged = Change(
            name: ChangeName(author: last.name.author, seq: last.name.seq + 1, mark: 7), previousMark: last.name.mark, wall: 0, dependencies: [],
            operations: [Operation(.assign, record: .id(record), field: Field.title, value: .text("Forged"))])
        let lie = Redaction(
            record: record, field: Field.title, reason: "trust me", edits: [.init(change: last.name, operations: [0])],
            withdrawn: [.init(tag: tag, index: stored.index, chain: stored.chain, digest: Redaction.digest(of: [forged]))])
        try ana.decide(.redact) { _, _ in lie.payload }
        try ana.locked { try ana.log.write { try ana.carry([[forged]], $0) } }
        try TestTeam.carry(from: ana, to: cem)
        #expect(try cem.status().void.map(\.reason) == [.wrongCarrier])
        #expect(try values(cem).contains(.text("Forged")) == false)
    }

    @Test func `only a coordinator may, and only what is there`() throws {
        let error = #expect(throws: SyncError.self) { try ben.redact(record, title, reason: "mine") }
        #expect(error?.kind == .notJoined)
        let goal = try #require(RecordSchema.of(.event)[Field.description])
        #expect(throws: SyncError.self) { try ana.redact(record, goal, reason: "nothing there") }
        try ana.redact(record, title, reason: "a name")
        #expect(throws: SyncError.self) { try ana.redact(record, title, reason: "again") }
    }

    @Test func `a body that no redaction names may not be absent`() throws {
        _ = try ana.addEvent("Rally")
        _ = try ana.seal()
        let frame = try ana.offers(lackedBy: cem.heads()).flatMap(\.self)
        var last = try Segment(#require(frame.last))
        last.body = nil
        let bare = Array(frame.dropLast()) + [last.bytes]
        let error = #expect(throws: SyncError.self) { try cem.receive(bare) }
        #expect(error?.kind == .integrity)
    }

    @Test func `counts that people reported go entry by entry, and what was retracted stays retracted`() throws {
        let counts = try #require(RecordSchema.of(.event)[Field.counts])
        _ = try ben.commit { draft in
            try draft.enter(record, Field.counts, .parts((1, .text("attendance")), (2, .text("around 400"))))
        }
        try team.exchangeAll()
        #expect(try ana.documents().contains { !$0.entries(Field.counts).isEmpty })
        try ana.redact(record, counts, reason: "who counted")
        try team.exchangeAll()
        for replica in team.replicas {
            #expect(try replica.documents().allSatisfy { $0.entries(Field.counts).isEmpty })
            #expect(try picture(replica) == picture(ana))
        }
    }

    @Test func `a sealed store reads the same, and holds no byte of it`() throws {
        let sealed = try TestTeam(devices: 2, protection: TestPassphrase.protection())
        let ana = sealed.replicas[0]
        let id = try ana.addEvent("Vigil for \(Self.secret)")
        try sealed.exchangeAll()
        try ana.redact(id, title, reason: "a name")
        try sealed.exchangeAll()
        let key = ana.storeKey
        let again = try Replica(openingAt: ana.paths.folder, surroundings: sealed.clock.surroundings) { _ in key }
        #expect(try again.documents().map(\.title) == sealed.replicas[1].documents().map(\.title))
        #expect(try again.documents().first?.value(Field.title) == nil)
    }
}
