import Foundation
import Testing

@testable import SyncCore

/// The editing trace known as B4: one person writing a paper, 259,778 edits of a letter each.
@Suite struct EditingTraceTests {
    @Test(.enabled(if: EditingTrace.isThere, "automerge-paper.json.gz is not there: set SYNC_TEST_DATA to its folder"))
    func `the trace replays to its text, through commits, a rebuild and another device`() throws {
        let trace = try EditingTrace.read()
        let team = try TestTeam()
        let (writer, reader) = (team.replicas[0], team.replicas[1])
        let record = try writer.addEvent("A paper")
        try writer.commit { draft in try draft.assign(record, Field.description, .text("")) }
        for edit in trace.changes(of: 1000) { try writer.commit { try $0.edit(record, Field.description, edit) } }
        func text(_ replica: Replica) throws -> String? { try replica.read { try $0.document(record)?.value(Field.description)?.text } }
        #expect(try text(writer) == trace.end)
        try team.exchangeAll()
        #expect(try text(reader) == trace.end)
        _ = try reader.rebuild()
        #expect(try text(reader) == trace.end)
        let bytes = try reader.log.read { log in
            var bytes = 0
            try log.forEachSegment { bytes += $0.bytes.count }
            return bytes
        }
        print("editing trace: \(trace.patches.count) edits, \(bytes) bytes of sealed segments, \(Double(bytes) / Double(trace.patches.count)) an edit")
        #expect(Double(bytes) / Double(trace.patches.count) < 0.6)
    }
}

struct EditingTrace {
    static let path = (VolunteerTrace.path as NSString).deletingLastPathComponent + "/automerge-paper.json.gz"
    static var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    let patches: [(position: Int, deleted: Int, inserted: String)]
    let end: String

    static func read() throws -> EditingTrace {
        let gunzip = Process()
        let output = Pipe()
        gunzip.executableURL = URL(filePath: "/usr/bin/env")
        gunzip.arguments = ["gzip", "-dc", path]
        gunzip.standardOutput = output
        try gunzip.run()
        let json = try #require(try JSONSerialization.jsonObject(with: output.fileHandleForReading.readToEnd() ?? Data()) as? [String: Any])
        gunzip.waitUntilExit()
        let transactions = try #require(json["txns"] as? [[String: Any]])
        let patches = try transactions.flatMap { try #require($0["patches"] as? [[Any]]) }.map { patch in
            (try #require(patch[0] as? Int), try #require(patch[1] as? Int), try #require(patch[2] as? String))
        }
        return EditingTrace(patches: patches, end: try #require(json["endContent"] as? String))
    }

    /// The trace is ASCII: its letters are bytes.
    func changes(of size: Int) -> [TextEdit] {
        stride(from: 0, to: patches.count, by: size).map { start in
            var edit = TextEdit()
            for patch in patches[start..<min(start + size, patches.count)] {
                edit.append(at: patch.position, deleting: patch.deleted, inserting: patch.inserted.utf8)
            }
            return edit
        }
    }
}
