import SyncCore
import Testing

@testable import sync_cli

@Suite struct TextTests {
    @Test(arguments: [
        ("abc", 3), ("é", 1), ("e\u{301}", 1), ("東京", 4), ("한국", 4), ("שלום", 4), ("👩‍👩‍👧", 2), ("☀️", 2), ("a\u{200b}b", 2), ("–", 1),
    ])
    func `columns on a terminal`(text: String, columns: Int) {
        #expect(DisplayWidth.of(text) == columns)
    }

    @Test func `a line is cut between characters`() {
        #expect(text(Line("東京都庁").truncated(to: 6)) == "東京…")
        #expect(text(Line("Leeds").truncated(to: 5)) == "Leeds")
        #expect(text(Line("Leeds rally").truncated(to: 5)) == "Leed…")
        #expect(text(Line("one ") + Line("two three", .strong)).utf8.count == 13)
    }

    @Test func `a line is broken at spaces`() {
        let lines = Line("  sources   a b cc https://example.org/long").wrapped(columns: 18, indent: 12)
        #expect(lines.map(text) == ["  sources   a b cc https://example.org/long"])
        #expect(Line("Saved one two three four").wrapped(columns: 14, indent: 6).map(text) == ["Saved one two", "      three", "      four"])
    }

    @Test func `columns give way`() {
        var table = Table(.fixed, .flexible(4), .number)
        table.add("id", "a long title here", "1")
        table.add("id2", "short", "20")
        #expect(table.lines(width: nil).map(text) == ["id   a long title here   1", "id2  short              20"])
        #expect(table.lines(width: 16).map(text) == ["id   a long…   1", "id2  short    20"])
        #expect(table.plainLines.map(text) == ["id\ta long title here\t1", "id2\tshort\t20"])
    }

    @Test(arguments: [
        ("1234567", 1_234_567, "exact", true), ("1,234", 1234, "exact", true), ("2 million", 2_000_000, "rounded", false),
        ("over 400,000", 400_000, "at least", false), ("one million", 1_000_000, "rounded", false),
    ] as [(String, Int64, String, Bool)])
    func `numbers of signatures`(text: String, value: Int64, exactness: String, isPlain: Bool) {
        let number = SignatureNumber(text)
        #expect(number.value == value && number.exactness.label == exactness && number.isPlain == isPlain)
    }

    @Test func `exit codes are those of the table`() {
        let codes = SyncError.Kind.allCases.map(\.exitCode)
        #expect(Set(codes).count == codes.count && Set(codes) == [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12])
    }

    @Test func `folders of teams`() {
        #expect(TeamFolder.slug("Solidarité — Paris!") == "solidarité-paris")
        #expect(TeamFolder.slug("../..") == "team")
        #expect(TeamFolder.slug(String(repeating: "a", count: 90)).count == 40)
    }

    private func text(_ line: Line) -> String { line.pieces.map(\.text).joined() }
}
