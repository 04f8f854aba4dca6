import Testing

@testable import SyncCore

/// Everything about text formats; `swift test --filter Interchange`.
@Suite enum Interchange {}

extension Interchange {
    static let dates = WhenParser(
        today: CivilDate(year: 2017, month: 4, day: 20)!, defaultZone: "Europe/London")

    /// All items of a file that arrives in pieces of `chunk` bytes.
    static func items(_ bytes: [UInt8], _ format: InterchangeFormat, chunk: Int = .max) -> [ImportItem] {
        var stream = ImportStream(format: format, dates: dates)
        var items: [ImportItem] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            stream.append(rest.prefix(chunk))
            rest = rest.dropFirst(chunk)
            while let item = stream.next() { items.append(item) }
        }
        stream.finish()
        while let item = stream.next() { items.append(item) }
        return items
    }

    static func items(_ text: String, _ format: InterchangeFormat) -> [ImportItem] { items(Array(text.utf8), format) }

    /// The documents of a file without problems.
    static func documents(_ bytes: [UInt8], _ format: InterchangeFormat) -> [RecordDocument] {
        items(bytes, format).compactMap { item in
            switch item {
            case .record(let document, _): return document
            case .problem(let line, let column, let message):
                Issue.record("line \(line), column \(column ?? 0): \(message)")
                return nil
            }
        }
    }

    static func documents(_ text: String, _ format: InterchangeFormat) -> [RecordDocument] { documents(Array(text.utf8), format) }

    /// `line:column message` of the one problem of a file.
    static func problem(_ text: String, _ format: InterchangeFormat) -> String {
        let problems = items(text, format).compactMap { item -> String? in
            guard case .problem(let line, let column, let message) = item else { return nil }
            return "\(line):\(column.map(String.init) ?? "-") \(message)"
        }
        return problems.joined(separator: "\n")
    }

    static func export(_ documents: [RecordDocument], _ writer: some ExportWriter) -> (bytes: [UInt8], summary: ExportSummary) {
        var writer = writer
        var bytes: [UInt8] = []
        for document in documents { bytes += writer.append(document) }
        bytes += writer.finish()
        return (bytes, writer.summary)
    }
}

/// The same numbers for the same seed, on every machine (splitmix64).
struct InterchangeDice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
    mutating func happens(_ oneIn: Int) -> Bool { below(oneIn) == 0 }
    mutating func pick<T>(_ items: [T]) -> T { items[below(items.count)] }
}
