import Foundation
import Testing

@testable import SyncCore

/// Compares our readings with those of the Crowd Counting Consortium's coders. Needs `ccc-2025-01.csv` in the folder named by
/// `SYNC_TEST_DATA`, or in `../shared/data` beside the package.
@Suite struct CrowdYardstickTests {
    static let file: URL? = {
        let folder =
            ProcessInfo.processInfo.environment["SYNC_TEST_DATA"].map { URL(fileURLWithPath: $0) }
            ?? URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../../shared/data").standardizedFileURL
        let file = folder.appendingPathComponent("ccc-2025-01.csv")
        return FileManager.default.isReadableFile(atPath: file.path) ? file : nil
    }()

    @Test(.enabled(if: file != nil, "ccc-2025-01.csv not found: set SYNC_TEST_DATA to the folder that holds it"))
    func agreesWithCoders() throws {
        let rows = try Self.rows(#require(Self.file))
        // "Count pic" is a person's count of a picture: there is nothing in the phrase to read.
        let phrases = rows.filter { $0.text != "NA" && !$0.text.contains("count") && !$0.text.contains("coutn") }
        let single = Self.agreement(phrases.filter { !$0.text.contains(";") })
        let several = Self.agreement(phrases.filter { $0.text.contains(";") })
        print("ccc3, single-part phrases: \(single.agreed) of \(single.total) agree; otherwise: \(single.differing)")
        print("ccc3, several parts: \(several.agreed) of \(several.total) agree; otherwise: \(several.differing)")
        #expect(single.total == 281)
        #expect(single.agreed * 100 >= single.total * 97)
        #expect(several.agreed * 100 >= several.total * 85)
    }

    @Test(.enabled(if: file != nil, "ccc-2025-01.csv not found: set SYNC_TEST_DATA to the folder that holds it"))
    func meansAndCategoriesAgree() throws {
        var compared = 0
        for row in try Self.rows(#require(Self.file)) {
            guard let low = Int(row.low), let high = Int(row.high) else { continue }
            let entries = [low, high].map { CountEntry(reading: CrowdReading(low: $0, high: $0)) }
            let range = try #require(CountRange(entries, rule: .ccc3))
            #expect("\(range.mean ?? -1)" == row.mean && "\(range.category)" == row.category, "\(row)")
            compared += 1
        }
        #expect(compared > 700)
    }

    // MARK: Data

    struct Row {
        var text, low, high, mean, category: String
    }

    private static func agreement(_ rows: [Row]) -> (agreed: Int, total: Int, differing: [String]) {
        var differing = [String]()
        for row in rows {
            let readings = row.text.split(separator: ";").map { CrowdPhrase.read(String($0), rule: .ccc3) }
            let range = readings.contains(nil) ? nil : CountRange(readings.compactMap(\.self).map { CountEntry(reading: $0) }, rule: .ccc3)
            let ours = "\(range?.low.map(String.init) ?? "NA") \(range?.high.map(String.init) ?? "NA")"
            if ours != "\(row.low) \(row.high)" { differing.append("\"\(row.text)\" \(row.low)-\(row.high), ours \(ours)") }
        }
        return (rows.count - differing.count, rows.count, differing)
    }

    private static func rows(_ file: URL) throws -> [Row] {
        let records = csv(Array(try Data(contentsOf: file)))
        let header = try #require(records.first)
        let columns = try ["size_text", "size_low", "size_high", "size_mean", "size_cat"].map { try #require(header.firstIndex(of: $0)) }
        return records.dropFirst().filter { $0.count == header.count }.map { record in
            let cells = columns.map { record[$0] }
            return Row(text: cells[0], low: cells[1], high: cells[2], mean: cells[3], category: cells[4])
        }
    }

    /// RFC 4180 in latin-1: each byte is one scalar.
    private static func csv(_ bytes: [UInt8]) -> [[String]] {
        var records = [[String]]()
        var record = [String]()
        var cell = String.UnicodeScalarView()
        var isQuoted = false
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0x22:
                if !isQuoted, index > 0, bytes[index - 1] == 0x22 { cell.append("\"") }
                isQuoted.toggle()
            case 0x2C where !isQuoted:
                record.append(String(cell))
                cell = .init()
            case 0x0A where !isQuoted:
                record.append(String(cell))
                records.append(record)
                (record, cell) = ([], .init())
            case 0x0D where !isQuoted: break
            default: cell.append(Unicode.Scalar(byte))
            }
        }
        return records
    }
}
