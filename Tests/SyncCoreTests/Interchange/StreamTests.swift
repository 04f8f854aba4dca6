import Testing

@testable import SyncCore

extension Interchange {
    @Suite struct Streams {
        private static func samples() -> [(InterchangeFormat, [UInt8])] {
            var maker = DocumentMaker(seed: 11)
            let documents = (0..<2).map { _ in maker.document(.event) } + [maker.document(.petition)]
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            let ndjson = Interchange.export(documents, NDJSONWriter()).bytes
            return [(.ndjson, mark + ndjson.prefix(6000)), (.ndjson, Array("{}\r\n\r\n[1,\n".utf8))]
                + CSVTable.allCases.map { (.csv, mark + Interchange.export(documents, CSVTableWriter($0, lineEnd: .crlf)).bytes) }
        }

        @Test func piecesDoNotMatter() {
            for (format, bytes) in Self.samples() {
                let whole = Interchange.items(bytes, format)
                #expect(Interchange.items(bytes, format, chunk: 1) == whole)
                for cut in stride(from: 1, to: bytes.count, by: bytes.count > 600 ? 7 : 1) {
                    var stream = ImportStream(format: format, dates: Interchange.dates)
                    var items: [ImportItem] = []
                    for piece in [bytes[..<cut], bytes[cut...]] {
                        stream.append(piece)
                        while let item = stream.next() { items.append(item) }
                    }
                    stream.finish()
                    while let item = stream.next() { items.append(item) }
                    #expect(items == whole, "cut at \(cut)")
                }
            }
        }

        /// Whatever stands in a file, reading it ends, and what was read can be written and read again.
        @Test(arguments: 1...8)
        func mutated(seed: UInt64) {
            var dice = InterchangeDice(seed: seed)
            let samples = Self.samples().map { ($0, Array($1.prefix(1500))) }
            for _ in 0..<400 {
                let (format, bytes) = dice.pick(samples)
                let mutant = Self.mutate(bytes, &dice)
                let items = Interchange.items(mutant, format)
                #expect(Interchange.items(mutant, format, chunk: 1 + dice.below(40)) == items)
                for case .record(let document, _) in items {
                    let bytes = Interchange.export([document], NDJSONWriter()).bytes
                    #expect(Interchange.documents(bytes, .ndjson) == [document])
                }
            }
        }

        private static let marks = Array("\"{}[],:\\;\n\r#0-e\u{0}".utf8) + [0xFF, 0xC3, 0xEF]

        private static func mutate(_ bytes: [UInt8], _ dice: inout InterchangeDice) -> [UInt8] {
            var bytes = bytes
            for _ in 0...dice.below(4) {
                let at = dice.below(bytes.count)
                switch dice.below(5) {
                case 0: bytes[at] = dice.pick(marks)
                case 1: bytes.insert(dice.pick(marks), at: at)
                case 2: bytes.removeSubrange(at..<min(bytes.count, at + dice.below(20)))
                case 3: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + dice.below(60))], at: dice.below(at))
                default: bytes[at] = UInt8(dice.below(256))
                }
                if bytes.isEmpty { return [0x0A] }
            }
            return bytes
        }

        @Test func formatsByName() {
            #expect(InterchangeFormat.detect(fileName: "a.b/1-events.NDJSON") == .ndjson)
            #expect(InterchangeFormat.detect(fileName: "counts.csv") == .csv)
            #expect(InterchangeFormat.detect(fileName: "x.jsonl") == .ndjson)
            for name in ["", "csv", "a.", "README.md", "a.csv/b", "\u{301}.\u{301}csv"] {
                #expect(InterchangeFormat.detect(fileName: name) == nil)
            }
        }

        @Test func summaries() {
            var stream = ImportStream(format: .csv, dates: Interchange.dates)
            stream.append(Array("event_id,text\na,50\n,1\nb,".utf8) + [0xE9, 0x0A])
            stream.finish()
            while stream.next() != nil {}
            #expect(stream.summary.rows == 3 && stream.summary.records == 2 && stream.summary.problems == 1)
            #expect(stream.summary.cellsReadAsLatin1 == 1)
        }
    }
}
