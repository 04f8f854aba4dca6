import Testing

@testable import SyncCore

@Suite struct TextReplayTests {
    /// Several people who edit one text apart and hear of each other now and then.
    struct Party {
        var dice: Seeded
        private(set) var edits: [PlainFugue.Edit] = []
        private var known: [Set<WriteName>]
        let beginning: String

        init(seed: UInt64, people: Int, steps: Int, beginning: String = "Around 400 people came — été.") {
            dice = Seeded(seed)
            known = Array(repeating: [], count: people)
            self.beginning = beginning
            for _ in 0..<steps { step() }
        }

        mutating func number(_ below: Int) -> Int { Int(dice.next() % UInt64(max(below, 1))) }

        static let root = WriteName(change: ChangeName(author: AuthorID(high: 99, low: 0), seq: 1, mark: 0), operation: 0)

        private mutating func step() {
            let person = number(known.count)
            if number(3) == 0 { known[person].formUnion(known[number(known.count)]) }
            let heads = heads(of: known[person])
            let seen = history(edits.filter { known[person].contains($0.name) })
            let text = seen.replay(heads)?.bytes ?? Array(beginning.utf8)
            let lamport = 1 + (edits.filter { known[person].contains($0.name) }.map(\.stamp.lamport).max() ?? 1)
            let name = ChangeName(author: AuthorID(high: UInt64(person), low: 0), seq: UInt64(edits.count + 1), mark: dice.next())
            let edit = PlainFugue.Edit(
                stamp: Stamp(lamport: lamport, write: WriteName(change: name, operation: 0)), parents: heads, edit: splices(in: text))
            edits.append(edit)
            known[person].insert(edit.name)
        }

        private mutating func splices(in text: [UInt8]) -> TextEdit {
            var edit = TextEdit()
            var buffer = TextBuffer(text)
            for _ in 0..<(1 + number(3)) {
                let current = String(decoding: buffer.bytes, as: UTF8.self)
                let places = current.indices.map { current.utf8.distance(from: current.startIndex, to: $0) } + [current.utf8.count]
                let from = number(places.count)
                let to = min(from + (number(2) == 0 ? 0 : number(5)), places.count - 1)
                let letters = number(3) == 0 ? "" : String(repeating: ["a", "b", "é", "👍"][number(4)], count: 1 + number(3))
                var one = TextEdit()
                one.append(at: places[from], deleting: places[to] - places[from], inserting: letters.utf8)
                edit.append(at: places[from], deleting: places[to] - places[from], inserting: letters.utf8)
                buffer.apply(one)
            }
            return edit
        }

        func heads(of names: Set<WriteName>) -> [WriteName] {
            let named = Set(edits.filter { names.contains($0.name) }.flatMap(\.parents))
            let heads = edits.map(\.name).filter { names.contains($0) && !named.contains($0) }
            return heads.isEmpty ? [Self.root] : heads
        }

        func history(_ edits: [PlainFugue.Edit]) -> TextHistory {
            let root = TextHistory.Entry(
                stamp: Stamp(lamport: 1, write: Self.root),
                operation: Operation(.assign, record: .id(RecordID(high: 1, low: 1)), field: Field.description, value: .text(beginning)),
                isVoid: false)
            return TextHistory(
                [root] + edits.map { edit in
                    TextHistory.Entry(
                        stamp: edit.stamp,
                        operation: Operation(.edit, record: .named, field: Field.description, names: edit.parents, value: edit.edit.value),
                        isVoid: edit.isVoid)
                })
        }

        var all: Set<WriteName> { Set(edits.map(\.name)) }

        mutating func voidSome() {
            for place in edits.indices where number(6) == 0 { edits[place].isVoid = true }
        }

        /// Parents first, else anyhow.
        mutating func shuffled() -> [PlainFugue.Edit] {
            var left = edits
            var done: Set<WriteName> = [Self.root]
            var order: [PlainFugue.Edit] = []
            while !left.isEmpty {
                let ready = left.indices.filter { left[$0].parents.allSatisfy(done.contains) }
                let next = left.remove(at: ready[number(ready.count)])
                done.insert(next.name)
                order.append(next)
            }
            return order
        }

        func plain(_ order: [PlainFugue.Edit]) -> [UInt8] {
            PlainFugue(Array(beginning.utf8), order.map { edit in
                var edit = edit
                edit.parents.removeAll { $0 == Self.root }
                return edit
            }).text
        }
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func `edits made apart come to what FugueMax says, whatever the order`(seed: UInt64) throws {
        var party = Party(seed: seed, people: 2 + Int(seed % 4), steps: 4 + Int(seed % 23))
        if seed % 3 == 0 { party.voidSome() }
        let heads = party.heads(of: party.all)
        let replay = try #require(party.history(party.edits).replay(heads))
        for _ in 0..<3 {
            let order = party.shuffled()
            let again = try #require(party.history(order).replay(heads.reversed()))
            #expect(again.bytes == replay.bytes)
            #expect(again.isContested == replay.isContested)
            if !replay.hasTwins { #expect(String(decoding: party.plain(order), as: UTF8.self) == String(decoding: replay.bytes, as: UTF8.self)) }
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `an edit of a text with twins is placed so that the twin goes`(seed: UInt64) throws {
        var party = Party(seed: seed, people: 3, steps: 8, beginning: "ab")
        let heads = party.heads(of: party.all)
        let replay = try #require(party.history(party.edits).replay(heads))
        guard replay.hasTwins else { return }
        let shown = String(decoding: replay.bytes, as: UTF8.self)
        let wanted = String(shown.dropFirst(party.number(3))) + "!" + (party.number(2) == 0 ? "" : shown)
        var edit = party.edits[0]
        edit.stamp = Stamp(
            lamport: 1000, write: WriteName(change: ChangeName(author: AuthorID(high: 7, low: 7), seq: 1, mark: 1), operation: 0))
        edit.parents = heads
        edit.edit = replay.placed(TextDiff(shown, wanted).edit)
        let after = try #require(party.history(party.edits + [edit]).replay([edit.name]))
        #expect(String(decoding: after.bytes, as: UTF8.self) == wanted)
        #expect(!after.hasTwins && !after.isContested)
    }

    @Test func `twins do occur in these parties`() throws {
        let count = (0..<60 as Range<UInt64>).count { seed in
            let party = Party(seed: seed, people: 3, steps: 8, beginning: "ab")
            return party.history(party.edits).replay(party.heads(of: party.all))?.hasTwins ?? false
        }
        #expect(count > 5)
    }

    /// Two who know only the beginning.
    private func merged(_ beginning: String, _ left: String, _ right: String) throws -> TextReplay {
        let root = TextHistory.Entry(
            stamp: Stamp(lamport: 1, write: Party.root),
            operation: Operation(.assign, record: .id(RecordID(high: 1, low: 1)), field: Field.description, value: .text(beginning)), isVoid: false)
        let edits = [left, right].enumerated().map { person, text in
            let name = ChangeName(author: AuthorID(high: UInt64(person), low: 0), seq: 1, mark: 1)
            return TextHistory.Entry(
                stamp: Stamp(lamport: 2, write: WriteName(change: name, operation: 0)),
                operation: Operation(
                    .edit, record: .named, field: Field.description, names: [Party.root], value: TextDiff(beginning, text).edit.value),
                isVoid: false)
        }
        return try #require(TextHistory([root] + edits).replay(edits.map(\.stamp.write)))
    }

    @Test func `what needs a person is what both replaced, and nothing else`() throws {
        let base = "Around 50 people came to the square. Police watched."
        let cases: [(left: String, right: String, merged: String, isContested: Bool)] = [
            ("Around 60 people came to the square. Police watched.", "Around 50 people came to the square. Police watched closely.",
                "Around 60 people came to the square. Police watched closely.", false),
            ("Around 60 people came to the square. Police watched.", "Around 70 people came to the square. Police watched.",
                "Around 60 70 people came to the square. Police watched.", true),
            // Both mend the same: once.
            ("Around 60 people came to the square. Police watched.", "Around 60 people came to the square. Police watched.",
                "Around 60 people came to the square. Police watched.", false),
            // Neighbouring words.
            ("Around 60 people came to the square. Police watched.", "Around 50 persons came to the square. Police watched.",
                "Around 60 persons came to the square. Police watched.", false),
            // Both add behind the end: nothing is replaced.
            (base + " It rained.", base + " Nobody was hurt.", base + " It rained. Nobody was hurt.", false),
            // One deletes what the other mends.
            ("Around 50 people came to the square.", "Around 50 people came to the square. Police watched in silence.",
                "Around 50 people came to the square. in silence", true),
            ("Around 50 people came to the square.", "Around 50 people came to the square. Guards watched.",
                "Around 50 people came to the square.Guards ", true),
            // Both delete the same.
            ("Around 50 people came to the square.", "Around 50 people came to the square.", "Around 50 people came to the square.", false),
        ]
        for one in cases {
            let replay = try merged(base, one.left, one.right)
            #expect(String(decoding: replay.bytes, as: UTF8.self) == one.merged)
            #expect(replay.isContested == one.isContested, "\(one.left) | \(one.right)")
        }
    }

    @Test func `runs typed in one place by several are not woven`() throws {
        var party = Party(seed: 1, people: 1, steps: 0, beginning: "[]")
        _ = party.number(2)
        let entries = (0..<3).map { person in
            var edit = TextEdit()
            // Typed backwards, letter before letter, which weaves in many sequences.
            for letter in "abcdefgh".utf8.reversed() { edit.append(at: 1, deleting: 0, inserting: [letter - UInt8(person == 1 ? 32 : 0) + UInt8(person == 2 ? 10 : 0)]) }
            let name = ChangeName(author: AuthorID(high: UInt64(person), low: 0), seq: 1, mark: 1)
            return PlainFugue.Edit(
                stamp: Stamp(lamport: 2, write: WriteName(change: name, operation: 0)), parents: [Party.root], edit: edit)
        }
        let replay = try #require(party.history(entries).replay(entries.map(\.name)))
        let text = String(decoding: replay.bytes, as: UTF8.self)
        for run in ["abcdefgh", "ABCDEFGH", "klmnopqr"] { #expect(text.contains(run), "\(text)") }
    }
}
