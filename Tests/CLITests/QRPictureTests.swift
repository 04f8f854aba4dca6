import Testing

@testable import sync_cli

/// A code as a picture.
@Suite(.enabled(if: (try? QRPicture.requireLibrary()) != nil, "libqrencode is not installed")) struct QRPictureTests {
    private let code = "SYNC-04F1A-8Q2ZK-7M"

    @Test func `it has three finders, and the timing between them`() throws {
        let picture = try QRPicture(code)
        let width = picture.columns - 8
        #expect(width == 21)
        for (row, column) in [(0, 0), (0, width - 7), (width - 7, 0)] {
            for y in 0..<7 {
                for x in 0..<7 {
                    let ring = max(abs(y - 3), abs(x - 3))
                    #expect(picture.isDark(row + y, column + x) == (ring != 2))
                }
            }
        }
        for place in 8..<(width - 8) { #expect(picture.isDark(6, place) == (place % 2 == 0)) }
        #expect(!picture.isDark(-1, 0) && !picture.isDark(0, width))
    }

    @Test func `both ways of drawing show the same modules`() throws {
        let picture = try QRPicture(code)
        let plain = picture.text(inColour: false).split(separator: "\n")
        let coloured = picture.text(inColour: true).split(separator: "\n").map { $0.dropFirst(9).dropLast(4) }
        #expect(plain.count == coloured.count && plain.allSatisfy { $0.count == picture.columns })
        let opposite: [Character: Character] = ["█": " ", " ": "█", "▀": "▄", "▄": "▀"]
        #expect(zip(plain, coloured).allSatisfy { String($0.compactMap { opposite[$0] }) == String($1) })
    }

    @Test func `a text that is too long is refused`() {
        #expect(throws: (any Error).self) { try QRPicture(String(repeating: "A", count: 5000)) }
    }
}
