import Testing

@testable import SyncCore

@Suite struct StreamParserTests {
    private let items: [StreamItem] = [
        .segment([1, 2, 3]), .token([]), .segment([]), .segment([UInt8](repeating: 7, count: 200)), .token(Array("position".utf8)),
    ]

    /// The items, and one of an unknown type among them.
    private var pieces: [[UInt8]] {
        var pieces = items.map { item in written { item.append(to: &$0) } }
        let unknown = written {
            $0.u8(9)
            $0.counted(Array("of a later version".utf8))
        }
        pieces.insert(unknown, at: 2)
        return pieces
    }

    private var stream: [UInt8] { pieces.flatMap(\.self) }

    private func read(_ pieces: [ArraySlice<UInt8>]) throws -> [StreamItem] {
        var parser = StreamParser()
        var read: [StreamItem] = []
        for piece in pieces {
            parser.append(piece)
            while let item = try parser.next() { read.append(item) }
        }
        try parser.end()
        return read
    }

    @Test func everySplitInTwoAndThree() throws {
        let stream = stream
        for first in 0...stream.count {
            #expect(try read([stream[..<first], stream[first...]]) == items)
            for second in stride(from: first, through: stream.count, by: 7) {
                #expect(try read([stream[..<first], stream[first..<second], stream[second...]]) == items)
            }
        }
    }

    @Test func everySizeOfPiece() throws {
        let stream = stream
        for size in 1...stream.count {
            let pieces = stride(from: 0, to: stream.count, by: size).map { stream[$0..<min($0 + size, stream.count)] }
            #expect(try read(pieces) == items)
        }
    }

    @Test func everyCutIsNoticed() throws {
        let stream = stream
        let whole = Set(pieces.indices.map { pieces[..<$0].reduce(0) { $0 + $1.count } })
        for end in 0..<stream.count where !whole.contains(end) {
            #expect(throws: DecodingFailure.truncated) { try read([stream[..<end]]) }
        }
    }

    /// Megabytes, in pieces of a socket's size: what was read is let go of, and time does not grow with what has passed.
    @Test func aLongStreamInSmallPieces() throws {
        var parser = StreamParser()
        let segment = written { StreamItem.segment([UInt8](repeating: 5, count: 3_000)).append(to: &$0) }
        var count = 0
        for _ in 0..<1_000 {
            for start in stride(from: 0, to: segment.count, by: 1_400) {
                parser.append(segment[start..<min(start + 1_400, segment.count)])
                while try parser.next() != nil { count += 1 }
            }
        }
        try parser.end()
        #expect(count == 1_000)
    }

    @Test func anItemPastTheLimitIsRefusedBeforeItArrives() {
        for type in [1, 2, 9] as [UInt8] {
            var parser = StreamParser()
            parser.append([type] + written { $0.count(StreamParser.itemLimit + 1) })
            #expect(throws: DecodingFailure.tooLarge) { try parser.next() }
        }
    }

    @Test func overlongLengthIsRefused() {
        var parser = StreamParser()
        parser.append([1, 0x80, 0x00])
        #expect(throws: DecodingFailure.overlong) { try parser.next() }
    }
}
