import Foundation
import Testing

@testable import SyncCore

/// Every time that two volunteers edited one file of incident reports apart (`data/README.md`), replayed as two devices.
@Suite struct VolunteerTraceTests {
    @Test(.enabled(if: VolunteerTrace.isThere, "volunteer-merges.jsonl is not there: set SYNC_TEST_DATA to its folder"))
    func `what volunteers edited apart comes together, and only true clashes are listed`() throws {
        let merges = try VolunteerTrace.merges()
        let team = try TestTeam()
        let (left, right) = (team.replicas[0], team.replicas[1])
        var replay = VolunteerTrace.Replay()
        try replay.found(merges, on: left)
        try team.exchangeAll()
        for merge in merges {
            try replay.apply(merge.left, of: merge, on: left)
            try replay.apply(merge.right, of: merge, on: right)
        }
        try team.exchangeAll()

        let documents = try left.documents()
        #expect(try documents == right.documents())
        #expect(try left.ndjson() == right.ndjson())
        let conflicts = try left.read { try $0.conflicts() }
        let theirs = try right.read { try $0.conflicts() }
        #expect(conflicts.map(\.place) == theirs.map(\.place))
        let kinds = Dictionary(grouping: conflicts) { $0.field?.name ?? "deleted and edited" }.mapValues(\.count)
        print(
            "volunteer trace: \(merges.count) merges, \(replay.baseRecords) base records, \(replay.operations) operations,",
            "\(replay.addedOnBothSides) keys added on both sides; \(documents.count) records, conflicts \(kinds)")

        replay.reportTextConflicts(merges, conflicts)

        #expect(merges.count == 167)
        #expect(merges.count(where: \.text_conflict) == 63)
        #expect(conflicts.allSatisfy { $0.field?.kind != .set })
        #expect(conflicts.count { $0.field == nil } == 15)
        #expect(conflicts.count { $0.field != nil } == 1)
        // Nobody lost a record: what was there and added, less what was removed and not edited meanwhile.
        #expect(documents.count == replay.expectedRecords(deletedAndEdited: 15))
        for key in replay.added.values where key.count > 1 { #expect(Set(key).count == key.count) }

        _ = try right.rebuild()
        #expect(try right.documents() == documents)
        #expect(try right.read { try $0.conflicts() }.map(\.place) == conflicts.map(\.place))
    }
}

enum VolunteerTrace {
    static let path =
        (ProcessInfo.processInfo.environment["SYNC_TEST_DATA"]
        ?? URL(filePath: #filePath).appending(path: "../../../../../shared/data").standardizedFileURL.path())
        + "/volunteer-merges.jsonl"

    static var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    struct Merge: Decodable {
        var merge: String
        /// Whether git could not merge the file.
        var text_conflict: Bool
        var base: [String: Record]
        var left: [Edit]
        var right: [Edit]
    }

    struct Record: Decodable {
        var title, date, city, geo, body: String
        var tags, links: [String]
    }

    struct Edit: Decodable {
        var op: String
        var key: String
        var field: String?
        var value: String?
        var record: Record?
    }

    static func merges() throws -> [Merge] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONDecoder().decode(Merge.self, from: Data($0.utf8)) }
    }

    /// Which record is meant by which key, while edits are replayed.
    struct Replay {
        private(set) var baseRecords = 0
        private(set) var operations = 0
        private(set) var removed: Set<RecordID> = []
        /// By merge and key: the records that either side added.
        private(set) var added: [String: [RecordID]] = [:]

        /// By record, the merge that it belongs to.
        private(set) var merges: [RecordID: String] = [:]

        /// Which of the merges that git gave up on still need a person.
        func reportTextConflicts(_ merges: [Merge], _ conflicts: [Conflict]) {
            let disputed = Dictionary(grouping: conflicts) { self.merges[$0.id] ?? "" }
            let open = merges.filter { $0.text_conflict && disputed[$0.merge] != nil }
            print("of \(merges.count(where: \.text_conflict)) merges in which git's text merge conflicted, \(open.count) need a person:")
            for merge in open {
                for conflict in disputed[merge.merge] ?? [] {
                    print("  \(merge.merge)  \(conflict.field?.name ?? "deleted and edited")  \(conflict.document.title ?? "")")
                }
            }
        }

        var addedOnBothSides: Int { added.values.count { $0.count > 1 } }

        func expectedRecords(deletedAndEdited: Int) -> Int {
            baseRecords + added.values.reduce(0) { $0 + $1.count } - removed.count + deletedAndEdited
        }

        private func id(_ merge: Merge, _ key: String) -> RecordID {
            RecordID(prefixOf: Digest.plain(Array("\(merge.merge)|\(key)".utf8)))
        }

        mutating func found(_ merges: [Merge], on replica: Replica) throws {
            var documents: [RecordDocument] = []
            for merge in merges {
                for (key, record) in merge.base.sorted(by: { ByteOrder.precedes($0.key, $1.key) }) {
                    documents.append(record.document(id(merge, key)))
                    self.merges[id(merge, key)] = merge.merge
                }
            }
            baseRecords = documents.count
            let report = try replica.importDocuments(documents, source: "base")
            #expect(report.created == documents.count)
        }

        mutating func apply(_ edits: [Edit], of merge: Merge, on replica: Replica) throws {
            var own: [String: RecordID] = [:]
            operations += edits.count
            try replica.commit { draft in
                for edit in edits {
                    let id = own[edit.key] ?? id(merge, edit.key)
                    switch edit.op {
                    case "add":
                        let new = draft.create(.event)
                        own[edit.key] = new
                        merges[new] = merge.merge
                        try edit.record?.write(to: &draft, new)
                        added["\(merge.merge)|\(edit.key)", default: []].append(new)
                    case "remove":
                        #expect(try draft.delete(id))
                        removed.insert(id)
                    default: try Self.change(id, edit, &draft)
                    }
                }
            }
        }

        private static func change(_ id: RecordID, _ edit: Edit, _ draft: inout Draft) throws {
            let value = try #require(edit.value)
            switch (edit.op, edit.field) {
            case ("link+", _): try draft.add(id, Field.links, Record.link(value))
            case ("link-", _): try draft.remove(id, Field.links, Record.link(value))
            case ("tag+", _): try draft.add(id, Field.causes, .text(value))
            case ("tag-", _): try draft.remove(id, Field.causes, .text(value))
            case ("set", "title"): try draft.assign(id, Field.title, .text(value))
            case ("set", "date"): try draft.assign(id, Field.status, .text(value))
            case ("set", "city"): try draft.assign(id, Field.place, Record.place(value))
            case ("set", "body"): try draft.assign(id, Field.description, .text(value))
            default: Issue.record("an operation that the trace does not explain: \(edit.op) \(edit.field ?? "")")
            }
        }
    }
}

extension VolunteerTrace.Record {
    static func link(_ url: String) -> Value { .parts((Part.Link.target, .text(url))) }
    static func place(_ city: String) -> Value { .parts((Part.Place.locality, .text(city))) }

    /// Dates stand as people wrote them ("May 30th"), so they go into a register that keeps any word.
    private var single: [(UInt32, Value)] {
        [
            (Field.title, Value.text(title)), (Field.description, .text(body)), (Field.status, .text(date)),
            (Field.place, Self.place(city)), (Field.geo, .parts((4, .text(geo)))),
        ]
    }

    func document(_ id: RecordID) -> RecordDocument {
        let sets = [(Field.causes, tags.map(Value.text)), (Field.links, links.map(Self.link))].filter { !$0.1.isEmpty }
        return RecordDocument(
            kind: .event, id: id,
            fields: single.map { .init($0.0, .values([$0.1])) } + sets.map { .init($0.0, .set($0.1)) })
    }

    func write(to draft: inout Draft, _ id: RecordID) throws {
        for (field, value) in single { try draft.assign(id, field, value) }
        for tag in Set(tags).sorted() { try draft.add(id, Field.causes, .text(tag)) }
        for link in Set(links).sorted() { try draft.add(id, Field.links, Self.link(link)) }
    }
}

extension Replica {
    /// Everything visible, as the native export writes it.
    func ndjson() throws -> [UInt8] {
        var writer = NDJSONWriter()
        return try documents().flatMap { writer.append($0) } + writer.finish()
    }
}
