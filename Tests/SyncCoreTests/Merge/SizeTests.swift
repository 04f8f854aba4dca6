import Foundation
import Testing

@testable import SyncCore

/// What records and edits cost on the wire, sealed, with every header, signature and padding byte.
@Suite struct SizeTests {
    @Test(.enabled(if: Workload.isThere, "bench/gen.py or python3 is not there: set SYNC_TEST_BENCH to its folder"))
    func `a record takes at most 95 bytes on the wire, and an edit at most 6 beside its value`() throws {
        let count = ProcessInfo.processInfo.environment["SYNC_TEST_RECORDS"].flatMap(Int.init) ?? 20_000
        let load = try Workload(records: count)
        let writer = WireWriter()
        var index: [Substring: (record: RecordID, writes: [String: WriteName])] = [:]
        for page in stride(from: 0, to: load.records.count, by: 1000) {
            writer.commit { draft in
                for record in load.records[page..<min(page + 1000, load.records.count)] {
                    index[record[0]] = draft.add(record)
                }
            }
        }
        let records = try writer.seal()
        let edits = Array(load.edits.prefix(1000))
        writer.commit { draft in for edit in edits { draft.apply(edit, index) } }
        let values = writer.valuesPacked()
        let sent = try writer.seal()
        let perRecord = Double(records.bytes) / Double(load.records.count)
        let beside = Double(sent.bytes - values) / Double(edits.count)
        print(
            "size: \(load.records.count) records in \(records.segments) segments: \(perRecord) bytes a record;",
            "\(edits.count) edits: \(sent.bytes) bytes, \(values) of them values, \(beside) beside each")
        #expect(perRecord <= 95)
        #expect(beside <= 6)
    }
}

/// `gen.py` of the benchmark folder, run into a temporary one.
struct Workload {
    static let generator =
        (ProcessInfo.processInfo.environment["SYNC_TEST_BENCH"]
        ?? URL(filePath: #filePath).appending(path: "../../../../../shared/bench").standardizedFileURL.path()) + "/gen.py"
    private static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first { FileManager.default.fileExists(atPath: $0) }
    static var isThere: Bool { python != nil && FileManager.default.fileExists(atPath: generator) }

    /// id title city country starts_at attendance_low attendance_high organiser notes status
    let records: [[Substring]]
    /// id field value
    let edits: [[Substring]]

    init(records count: Int) throws {
        let folder = NSTemporaryDirectory() + "sync-size-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let process = Process()
        process.executableURL = URL(filePath: try #require(Self.python))
        // A hundredth of the records is edited.
        process.arguments = [Self.generator, folder, String(max(count, 100_000))]
        try process.run()
        process.waitUntilExit()
        records = Array(try Self.rows(folder + "/records.tsv").prefix(count))
        // The edits are of one record in a hundred of 100,000; of fewer records more are edited, anywhere among them.
        let records = records
        edits = try Self.rows(folder + "/edits1.tsv").map { edit in
            count >= 100_000 ? edit : [records[Int(edit[0].prefix(8), radix: 16).map { $0 % count } ?? 0][0]] + edit.dropFirst()
        }
    }

    private static func rows(_ path: String) throws -> [[Substring]] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false)
        }
    }
}

/// Writes one log as a replica's sealing does, without a store.
final class WireWriter {
    struct Draft {
        let name: ChangeName
        var operations: [SyncCore.Operation] = []
        var next: WriteName { WriteName(change: name, operation: UInt32(operations.count)) }
    }

    private let dice = TestSurroundings(seed: 5)
    private let author = AuthorID(high: 1, low: 2)
    private let epoch = EpochID(high: 3, low: 4)
    private let key: SigningKey
    private let cipher: LogCipher
    private var head: ChangeName?
    private var pending: [Change] = []
    private var index: UInt64 = 1
    private var chain = Hash32.zero
    private var wall: Int64 = 1_700_000_000_000

    init() {
        let secret = Secret.random(dice.surroundings)
        guard let key = try? SigningKey(seed: secret) else { preconditionFailure("a seed makes a key") }
        self.key = key
        cipher = LogCipher(epochKey: secret, team: .zero, tag: SegmentHeader.tag(of: key.publicKey))
    }

    func commit(_ build: (inout Draft) -> Void) {
        var draft = Draft(name: ChangeName(author: author, seq: (head?.seq ?? 0) + 1, mark: dice.next()))
        build(&draft)
        wall += 2000
        let change = Change(
            name: draft.name, previousMark: head?.mark, wall: wall, dependencies: [], operations: draft.operations)
        #expect(change.canonicalBytes.count <= Limits.changeBytes)
        pending.append(change)
        head = draft.name
    }

    /// What the values alone take of what is pending.
    func valuesPacked() -> Int {
        var streams = ValueStreams()
        for operation in pending.flatMap(\.operations) { if let value = operation.value { streams.append(value, field: operation.field) } }
        let plain = streams.shapesSection + streams.bytesSection
        return min(plain.count, Zstd.compress(plain)?.count ?? .max)
    }

    func seal() throws -> (segments: Int, bytes: Int) {
        var sealed = (segments: 0, bytes: 0)
        var encoder = SegmentEncoder(author: author, epoch: epoch)
        func flush() throws {
            let (segment, value) = try cipher.seal(
                encoder.encoded(), form: .run(tag: cipher.tag, index: index), after: chain,
                nonce: dice.surroundings.random(12))
            var signed = segment
            signed.signature = try Chain.sign(value, with: key)
            (index, chain) = (index + 1, value)
            sealed = (sealed.segments + 1, sealed.bytes + signed.bytes.count)
            encoder = SegmentEncoder(author: author, epoch: epoch)
        }
        for change in pending {
            let size = change.canonicalBytes.count
            if !encoder.fits(size) { try flush() }
            encoder.append(change, canonicalBytes: size)
        }
        try flush()
        pending = []
        return sealed
    }
}

extension WireWriter.Draft {
    private mutating func append(
        _ code: SyncCore.Operation.Code, _ record: RecordID, _ field: UInt32, _ key: ItemKey? = nil, names: [WriteName] = [],
        _ value: Value
    ) -> WriteName {
        let write = next
        operations.append(
            Operation(code, record: names.isEmpty ? .id(record) : .named, field: field, key: key, names: names, value: value))
        return write
    }

    /// One row as an event, with the operations that a draft makes of it.
    mutating func add(_ row: [Substring]) -> (record: RecordID, writes: [String: WriteName]) {
        let record = next.freshRecord
        _ = append(.life, record, 0, nil, .parts((1, .integer(1)), (2, .integer(RecordKind.event.number))))
        var writes: [String: WriteName] = [:]
        writes["title"] = append(.assign, record, Field.title, nil, .text(String(row[1])))
        _ = append(
            .assign, record, Field.place, nil,
            .parts((Part.Place.locality, .text(String(row[2]))), (Part.Place.country, .text(String(row[3])))))
        _ = append(.assign, record, Field.starts, nil, .text(Self.date(row[4])))
        _ = append(.entry, record, Field.counts, next.freshKey, Self.count(row[5], row[6]))
        let organiser = next.freshKey
        _ = append(.life, record, Field.organisers, organiser, .parts((1, .integer(1))))
        _ = append(.assign, record, Part.Organiser.name, organiser, .text(String(row[7])))
        writes["notes"] = append(.assign, record, Field.description, nil, .text(String(row[8])))
        writes["status"] = append(.assign, record, Field.status, nil, .text(String(row[9])))
        return (record, writes)
    }

    private static func date(_ seconds: Substring) -> String {
        let date = Date(timeIntervalSince1970: Double(seconds) ?? 0)
        return date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false)).replacing(":00Z", with: "Z")
    }

    private static func count(_ low: Substring, _ high: Substring) -> Value {
        .parts(
            (Part.Count.what, .text("attendance")), (Part.Count.low, Int64(low).map(Value.integer)),
            (Part.Count.high, Int64(high).map(Value.integer)))
    }

    mutating func apply(_ edit: [Substring], _ index: [Substring: (record: RecordID, writes: [String: WriteName])]) {
        guard let (record, writes) = index[edit[0]] else { return }
        switch edit[1] {
        case "attendance_high":
            // Numbers are entries: a new one stands beside the others, and finds its record through a write of it.
            _ = append(
                .entry, record, Field.counts, next.freshKey, names: writes["title"].map { [$0] } ?? [],
                .parts((Part.Count.what, .text("attendance")), (Part.Count.high, Int64(edit[2]).map(Value.integer))))
        case "title": _ = append(.assign, record, Field.title, names: writes["title"].map { [$0] } ?? [], .text(String(edit[2])))
        case "notes":
            _ = append(.assign, record, Field.description, names: writes["notes"].map { [$0] } ?? [], .text(String(edit[2])))
        default: _ = append(.assign, record, Field.status, names: writes["status"].map { [$0] } ?? [], .text(String(edit[2])))
        }
    }
}
