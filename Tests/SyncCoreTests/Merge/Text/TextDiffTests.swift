import Testing

@testable import SyncCore

@Suite struct TextDiffTests {
    private func applied(_ old: String, _ new: String) -> String {
        var buffer = TextBuffer(old.utf8)
        buffer.apply(TextDiff(old, new).edit)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `the edit makes the new text of the old one`(seed: UInt64) {
        var dice = Seeded(seed)
        let words = ["police", "Police", "came", "é", "e\u{301}", ".", " ", "  ", "\n", "50", "don't", "集会", "👩‍👩‍👧", ",", "a"]
        func text() -> [String] { (0..<(dice.next() % 30)).map { _ in words[Int(dice.next() % UInt64(words.count))] } }
        let old = text()
        var new = seed % 2 == 0 ? text() : old
        for _ in 0..<(dice.next() % 4) where !new.isEmpty { new[Int(dice.next() % UInt64(new.count))] = words[Int(dice.next() % UInt64(words.count))] }
        #expect(Array(applied(old.joined(), new.joined()).utf8) == Array(new.joined().utf8))
    }

    @Test func `only whole words are replaced`() {
        let edit = TextDiff("The rally was held.", "The rallies were held.").edit
        #expect(String(decoding: edit.text, as: UTF8.self) == "rallies were ")
        #expect(edit.splices.count == 1)
    }

    @Test func `a sentence written anew stays together`() {
        let old = "It began. Around 50 people came to the square and sang for an hour. It ended."
        let new = "It began. A crowd of students and nurses stood on the bridge, and sang to the police. It ended."
        #expect(TextDiff(old, new).edit.splices.count == 1)
    }

    @Test func `far changes stay apart`() {
        let old = "One two three four five six seven eight nine ten eleven twelve."
        let new = "One 2 three four five six seven eight nine ten eleven 12."
        #expect(TextDiff(old, new).edit.splices.count == 2)
    }

    @Test func `a text written anew beyond measure is one hunk`() {
        let old = (0..<3000).map { "w\($0)" }.joined(separator: " ")
        let new = (0..<3000).map { "v\($0)" }.joined(separator: " ")
        #expect(applied(old, new) == new)
        #expect(TextDiff(old, new).edit.splices.count == 1)
    }

    @Test func `nothing changed is no edit`() { #expect(TextDiff("a b", "a b").edit.isEmpty) }
}
