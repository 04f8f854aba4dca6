import Testing

@testable import SyncCore

/// Edits by words to what volunteers really wrote.
@Suite struct VolunteerTextTests {
    /// One person's edits of a text: words replaced, put in and taken out, each word put in like no other.
    private struct Edited {
        var text: String
        /// What was put in, run by run.
        var runs: [String]
    }

    private static func edit(_ text: String, _ mark: String, _ dice: inout Seeded) -> Edited {
        var words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        var runs: [String] = []
        for number in 0..<(1 + dice.below(3)) where !words.isEmpty {
            let place = dice.below(words.count)
            let run = (0..<(1 + dice.below(4))).map { "\(mark)\(number)\($0)" }
            switch dice.below(3) {
            case 0: words.replaceSubrange(place..<min(place + 1 + dice.below(3), words.count), with: run)
            case 1: words.insert(contentsOf: run, at: place)
            default:
                words.removeSubrange(place..<min(place + 1 + dice.below(2), words.count))
                continue
            }
            runs.append(run.joined(separator: " "))
        }
        let result = words.joined(separator: " ")
        return Edited(text: result, runs: runs.filter { result.contains($0) })
    }

    @Test(.enabled(if: VolunteerTrace.isThere, "volunteer-merges.jsonl is not there: set SYNC_TEST_DATA to its folder"))
    func `of a thousand pairs of edits to real descriptions both sides' words survive and are not woven`() throws {
        let records = try VolunteerTrace.merges().flatMap { merge in merge.base.sorted { ByteOrder.precedes($0.key, $1.key) } }
        let bodies = records.map(\.value.body).filter { $0.split(separator: " ").count >= 8 }
        var dice = Seeded(4)
        var contested = 0
        for _ in 0..<1000 {
            let body = dice.pick(bodies)
            let (left, right) = (Self.edit(body, "left", &dice), Self.edit(body, "right", &dice))
            let replay = try merged(body, left.text, right.text)
            let text = String(decoding: replay.bytes, as: UTF8.self)
            for run in left.runs + right.runs { #expect(text.contains(run), "“\(run)” is not in “\(text)”") }
            contested += replay.isContested ? 1 : 0
        }
        print("1000 pairs of edits: in \(contested) both replaced the same words")
        #expect((1..<500).contains(contested))
    }

    private func merged(_ base: String, _ left: String, _ right: String) throws -> TextReplay {
        let root = Stamp(lamport: 1, write: WriteName(change: ChangeName(author: AuthorID(high: 9, low: 0), seq: 1, mark: 0), operation: 0))
        let begin = TextHistory.Entry(
            stamp: root, operation: Operation(.assign, record: .id(RecordID(high: 1, low: 1)), field: Field.description, value: .text(base)),
            isVoid: false)
        let edits = [left, right].enumerated().map { person, text in
            let name = ChangeName(author: AuthorID(high: UInt64(person), low: 0), seq: 1, mark: 1)
            return TextHistory.Entry(
                stamp: Stamp(lamport: 2, write: WriteName(change: name, operation: 0)),
                operation: Operation(
                    .edit, record: .named, field: Field.description, names: [root.write], value: TextDiff(base, text).edit.value),
                isVoid: false)
        }
        return try #require(TextHistory([begin] + edits).replay(edits.map(\.stamp.write)))
    }
}
