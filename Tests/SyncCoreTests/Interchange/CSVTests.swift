import Testing

@testable import SyncCore

extension Interchange {
    @Suite struct CSV {
        private func read(_ bytes: [UInt8], chunk: Int = .max) -> [CSVReader.Item] {
            var reader = CSVReader()
            var items: [CSVReader.Item] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                reader.append(rest.prefix(chunk))
                rest = rest.dropFirst(chunk)
                while let item = reader.next() { items.append(item) }
            }
            reader.finish()
            while let item = reader.next() { items.append(item) }
            return items
        }

        private func rows(_ text: String) -> [[String]] {
            read(Array(text.utf8)).compactMap { if case .row(let row) = $0 { row.cells } else { nil } }
        }

        @Test(
            arguments: [
                ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
                ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
                ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
                ("\u{FEFF}a,b\n", [["a", "b"]]),
                ("a;b,c\n1;2,3\n", [["a", "b,c"], ["1", "2,3"]]),
                ("a\tb\n", [["a", "b"]]),
                ("\"a,b\";c\n", [["a,b", "c"]]),
                ("\"a\"\"b\",\"\"\n", [["a\"b", ""]]),
                ("\"a\r\nb\",c\n", [["a\r\nb", "c"]]),
                ("a\"b,c\n", [["a\"b", "c"]]),
                ("a,\n,\n", [["a", ""], ["", ""]]),
                ("\n\r\n\na\n\n\nb", [["a"], ["b"]]),
                ("\"\"\n", [[""]]),
                ("", []),
                ("a,\u{0}\n", [["a", "\u{0}"]]),
            ] as [(String, [[String]])])
        func reads(text: String, expected: [[String]]) { #expect(rows(text) == expected) }

        @Test func linesAreThoseOfTheFile() {
            let lines = read(Array("a,b\r\n\"x\r\ny\",1\r\n\r\n2,3\r4,\"\r\"\r5,6".utf8)).map { item -> Int in
                if case .row(let row) = item { row.line } else { 0 }
            }
            #expect(lines == [1, 2, 5, 6, 8])
        }

        @Test func badRowsAreSkippedWhole() {
            let items = read(Array("a,b\n1,\"x\"y\n3,4\n5,\"open\n6,7\n".utf8))
            #expect(
                items == [
                    .row(CSVRow(line: 1, cells: ["a", "b"], cellsReadAsLatin1: 0)),
                    .problem(line: 2, column: 2, message: "text follows a closing quote; a quote inside a cell is written twice"),
                    .row(CSVRow(line: 3, cells: ["3", "4"], cellsReadAsLatin1: 0)),
                    .problem(line: 4, column: 2, message: "a quoted cell has no closing quote"),
                ])
        }

        @Test func cellsThatAreNotUTF8AreLatin1() {
            let items = read([0x61, 0x2C, 0xE9, 0x80, 0x2C, 0xC3, 0xA9, 0x0A])
            #expect(items == [.row(CSVRow(line: 1, cells: ["a", "é€", "é"], cellsReadAsLatin1: 1))])
        }

        @Test func longCellsAreBounded() {
            let fits = Array("a,b\n".utf8) + [UInt8](repeating: 0x78, count: CSVReader.cellLimit) + Array(",1\n".utf8)
            #expect(read(fits).count == 2)
            let long =
                Array("a,b\n\"".utf8) + [UInt8](repeating: 0x78, count: CSVReader.cellLimit + 1) + Array("\"\"\n\",1\n2,3".utf8)
            #expect(
                Array(read(long, chunk: 65_536).dropFirst()) == [
                    .problem(line: 2, column: 1, message: "a cell is longer than 1048576 bytes"),
                    .row(CSVRow(line: 4, cells: ["2", "3"], cellsReadAsLatin1: 0)),
                ])
            #expect(read(Array(repeating: UInt8(ascii: ","), count: 5000)).count == 1)
        }

        @Test func utf16IsNamed() {
            #expect(
                read([0xFF, 0xFE, 0x61, 0x00]) == [
                    .problem(line: 1, column: nil, message: "The file is UTF-16. Save it as CSV in UTF-8.")
                ])
        }

        @Test func writesWhatItReads() {
            var maker = DocumentMaker(seed: 1)
            for lineEnd in [CSVWriter.LineEnd.lf, .crlf] {
                for _ in 0..<200 {
                    let written = [["a", "b"]] + (0..<5).map { _ in [maker.text(), maker.text()] }
                    let bytes = written.flatMap { CSVWriter(lineEnd: lineEnd).row($0) }
                    let cells = read(bytes, chunk: 7).compactMap { if case .row(let row) = $0 { row.cells } else { nil } }
                    #expect(cells.map { $0.map { Array($0.utf8) } } == written.map { $0.map { Array($0.utf8) } })
                }
            }
        }

        @Test func spreadsheetsSeeNoFormula() {
            let writer = CSVWriter(lineEnd: .crlf, forSpreadsheet: true)
            let cells = ["=1+1", "+33 1", "-1", "-3.5", "-1+1", "-", "@TeslaTakedown", "\tx", "\rx", "a=b", ""]
            let expected = "'=1+1,'+33 1,-1,-3.5,'-1+1,'-,'@TeslaTakedown,'\tx,\"'\rx\",a=b,\r\n"
            #expect(String(decoding: writer.row(cells), as: UTF8.self) == expected)
        }
    }
}
