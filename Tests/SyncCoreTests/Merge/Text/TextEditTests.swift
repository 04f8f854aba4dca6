import Testing

@testable import SyncCore

@Suite struct TextEditTests {
    @Test func `typing on and deleting on make one splice`() {
        var edit = TextEdit()
        for (place, letter) in "hello".utf8.enumerated() { edit.append(at: 3 + place, deleting: 0, inserting: [letter]) }
        #expect(edit.splices == [.init(position: 3, deleted: 0, inserted: 5)])
        edit.append(at: 8, deleting: 2, inserting: [])
        #expect(edit.splices == [.init(position: 3, deleted: 2, inserted: 5)])
        var back = TextEdit()
        for place in [9, 8, 7] { back.append(at: place, deleting: 1, inserting: []) }
        back.append(at: 7, deleting: 1, inserting: [])
        #expect(back.splices == [.init(position: 7, deleted: 4, inserted: 0)])
    }

    @Test func `a value gives the edit back`() throws {
        var edit = TextEdit()
        edit.append(at: 5, deleting: 1, inserting: "é".utf8)
        edit.append(at: 0, deleting: 3, inserting: "ab".utf8)
        #expect(TextEdit(edit.value) == edit)
        #expect(TextEdit(TextEdit().value) == TextEdit())
    }

    @Test func `nonsense is no edit`() {
        func value(_ text: String, _ numbers: [UInt64]) -> Value {
            var writer = ByteWriter()
            for number in numbers { writer.varint(number) }
            return .parts((1, .text(text)), (2, .bytes(writer.bytes)))
        }
        #expect(TextEdit(value("ab", [0, 0, 2])) != nil)
        // More inserted than there is, and less; nothing done; before the beginning; far beyond; inside a letter.
        for (text, numbers) in [
            ("ab", [0, 0, 3]), ("ab", [0, 0, 1]), ("", [0, 0, 0]), ("a", [1, 0, 1]), ("a", [UInt64.max, 0, 1]), ("a", [0, 1 << 40, 1]),
            ("é", [0, 0, 1, 2, 0, 1]), ("a", [0, 0]),
        ] { #expect(TextEdit(value(text, numbers)) == nil, "\(numbers)") }
        #expect(TextEdit(.text("a")) == nil)
        #expect(TextEdit(.parts((1, .integer(1)), (2, .bytes([])))) == nil)
    }

    @Test func `no text grows without end`() {
        var buffer = TextBuffer([UInt8](repeating: UInt8(ascii: "a"), count: TextEdit.textLimit - 1))
        var edit = TextEdit()
        edit.append(at: 5, deleting: 0, inserting: "b".utf8)
        edit.append(at: 0, deleting: 0, inserting: "c".utf8)
        edit.append(at: 9, deleting: 1, inserting: "d".utf8)
        buffer.apply(edit)
        #expect(buffer.count == TextEdit.textLimit && buffer.bytes[0] == UInt8(ascii: "a"))
    }

    @Test func `what does not fit is left, and what comes before it is done`() {
        var edit = TextEdit()
        edit.append(at: 0, deleting: 0, inserting: "x".utf8)
        edit.append(at: 9, deleting: 1, inserting: "y".utf8)
        edit.append(at: 0, deleting: 0, inserting: "z".utf8)
        var buffer = TextBuffer("abc".utf8)
        buffer.apply(edit)
        #expect(buffer.bytes == Array("xabc".utf8))
        var inside = TextEdit()
        inside.append(at: 1, deleting: 0, inserting: "x".utf8)
        var letters = TextBuffer("é".utf8)
        letters.apply(inside)
        #expect(letters.bytes == Array("é".utf8))
    }
}
