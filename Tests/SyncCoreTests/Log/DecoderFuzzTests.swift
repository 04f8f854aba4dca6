import Testing

@testable import SyncCore

/// Injured bytes into every decoder: each throws or reads, none traps, and none takes long. What was read is written and read
/// again to the same.
@Suite struct DecoderFuzzTests {
    private static let rounds = 1_500

    private func fuzz(_ seed: UInt64, _ samples: [[UInt8]], _ decode: ([UInt8]) throws -> Void) {
        var random = Seeded(seed)
        let spent = threadSeconds {
            for round in 0..<Self.rounds {
                let sample = samples[round % samples.count]
                try? decode(random.mutated(sample))
                if round % 8 == 0 { try? decode(random.bytes(random.below(200))) }
            }
            for sample in samples { for count in 0..<min(sample.count, 300) { try? decode(Array(sample.prefix(count))) } }
        }
        #expect(spent < 60)
    }

    private func samples(_ file: String, _ key: String, _ field: String = "bytes") throws -> [[UInt8]] {
        try Vector.file(file)[key].items().map { try $0[field].bytes() }
    }

    @Test func primitives() {
        fuzz(30, [written { $0.text("hundreds") }, written { $0.varint(.max) }]) { bytes in
            _ = try? whole(bytes) { try $0.varint() }
            _ = try? whole(bytes) { try $0.zig() }
            _ = try? whole(bytes) { try $0.counted(limit: .max) }
            _ = try? whole(bytes) { try $0.text(limit: .max) }
            _ = try? Padding.unpad(bytes, floor: 64)
            _ = Base32.decode(String(decoding: bytes, as: UTF8.self))
            _ = Hex.decode(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func values() throws {
        fuzz(31, try samples("values", "values")) { bytes in
            let value = try whole(bytes) { try Value(from: &$0) }
            #expect(value.encoded == bytes)
        }
    }

    @Test func changes() throws {
        fuzz(32, try samples("changes", "changes")) { bytes in
            let change = try Change(canonical: bytes)
            #expect(change.canonicalBytes == bytes)
        }
    }

    @Test func contents() throws {
        let log = try Vector.file("content")["log"]
        let (author, epoch): (AuthorID, EpochID) = (try log["author"].id(), try log["epoch"].id())
        fuzz(33, try samples("content", "content") + samples("content", "also read")) { bytes in
            let content = try SegmentContent(decoding: bytes[...], author: author, epoch: epoch)
            let again = content.encoded(author: author, epoch: epoch)
            #expect(try SegmentContent(decoding: again[...], author: author, epoch: epoch) == content)
        }
    }

    /// Injuries inside the columns, where those to the whole seldom get.
    @Test(arguments: 0..<18)
    func columns(section: Int) throws {
        let log = try Vector.file("content")["log"]
        let (author, epoch): (AuthorID, EpochID) = (try log["author"].id(), try log["epoch"].id())
        let names = [
            "heads", "authors", "epochs", "names", "change authors", "seqs", "previous", "walls", "deps", "counts", "codes",
            "records", "fields", "keys", "names of writes", "has value", "value shapes", "value bytes",
        ]
        var random = Seeded(100 + UInt64(section))
        for vector in try Vector.file("content")["content"].items() {
            for _ in 0..<60 {
                var columns = ByteWriter()
                columns.count(18)
                for (number, name) in names.enumerated() {
                    let bytes = try vector["sections"][name].bytes()
                    columns.counted(number == section ? random.mutated(bytes) : bytes)
                }
                let raw = try vector["raw"].bytes()
                let bytes = written { writer in
                    writer.raw([1, 0])
                    writer.counted(random.chance(80) ? raw : random.mutated(raw))
                    writer.count(columns.bytes.count)
                    writer.counted(columns.bytes)
                }
                guard let content = try? SegmentContent(decoding: bytes[...], author: author, epoch: epoch) else { continue }
                let again = content.encoded(author: author, epoch: epoch)
                #expect(try SegmentContent(decoding: again[...], author: author, epoch: epoch) == content)
            }
        }
    }

    @Test func segments() throws {
        fuzz(34, try samples("segments", "segments")) { bytes in
            let read = try Segment(bytes)
            #expect(read.bytes == bytes)
        }
        fuzz(35, try samples("segments", "open")) { bytes in
            let read = try LogOpen(bytes)
            #expect(read.bytes == bytes)
        }
        fuzz(36, try samples("segments", "frames")) { bytes in
            var parser = StreamParser()
            parser.append(bytes)
            while try parser.next() != nil {}
            try parser.end()
        }
    }

    @Test func control() throws {
        let records = try samples("control", "records")
        fuzz(37, records) { bytes in
            let record = try ControlRecord(bytes)
            #expect(record.bytes == bytes)
            _ = try? Genesis(payload: record.payload)
            _ = try? Invite(payload: record.payload)
            _ = try? Join(payload: record.payload)
            _ = try? Close(payload: record.payload)
            _ = try? Admit(payload: record.payload)
        }
        fuzz(38, try samples("control", "records", "payload")) { bytes in
            if let genesis = try? Genesis(payload: bytes) { #expect(genesis.payload == bytes) }
            if let invite = try? Invite(payload: bytes) { #expect(invite.payload == bytes) }
            if let join = try? Join(payload: bytes) { #expect(join.payload == bytes) }
            if let close = try? Close(payload: bytes) { #expect(close.payload == bytes) }
            if let admit = try? Admit(payload: bytes) { #expect(admit.payload == bytes) }
            if let change = try? RoleChange(payload: bytes) { #expect(change.payload == bytes) }
            if let removal = try? Removal(payload: bytes) { #expect(removal.payload == bytes) }
            if let acceptance = try? Acceptance(payload: bytes) { #expect(acceptance.payload == bytes) }
            if let rotation = try? Rotation(payload: bytes) { #expect(rotation.payload == bytes) }
        }
        let key = try Vector.file("control")["epoch"]["key"].secret()
        fuzz(39, try Vector.file("control")["records"].items().map { try $0["sealed"]["bytes"].bytes() }) { bytes in
            _ = try SealedControl.open(bytes, epochKeys: [key])
        }
    }

    @Test func relay() throws {
        fuzz(40, try samples("control", "registrations")) { bytes in
            let read = try Registration(bytes)
            #expect(read.bytes == bytes)
        }
        fuzz(41, try samples("control", "welcomes")) { bytes in
            let read = try Welcome(bytes)
            #expect(read.bytes == bytes)
        }
        let codes = try Vector.file("control")["codes"].items().map { Array(try $0["code"].text().utf8) }
        fuzz(42, codes) { bytes in _ = try InviteCode(text: String(decoding: bytes, as: UTF8.self)) }
        let vector = try Vector.file("envelope")
        let key = try KEMKey(seed: try vector["seed"].secret())
        var random = Seeded(43)
        for _ in 0..<100 {
            let envelope = random.mutated(try vector["envelope"].bytes())
            _ = try? key.open(envelope, for: DeviceID(high: 0, low: 0))
        }
    }

    /// One tuple of as many different parts as a change can hold, and as many fields: neither may be looked up one by one.
    @Test(arguments: [true, false])
    func manyStreamsTakeLittleTime(parts: Bool) throws {
        var random = Seeded(44)
        let (author, epoch, record): (AuthorID, EpochID, RecordID) = (random.id(), random.id(), random.id())
        let numbers = (0..<(parts ? 200_000 : 40_000)).map { UInt32($0) }
        let name = ChangeName(author: author, seq: 1, mark: 1)
        let operations =
            parts
            ? [Operation(.assign, record: .id(record), field: 1, value: .tuple(numbers.map { Value.Part($0, .nothing) }))]
            : numbers.map { Operation(.assign, record: .id(record), field: $0, value: .nothing) }
        let content = SegmentContent(changes: [
            Change(name: name, previousMark: nil, wall: 0, dependencies: [], operations: operations)
        ])
        let spent = threadSeconds {
            let bytes = content.encoded(author: author, epoch: epoch)
            let read = try? SegmentContent(decoding: bytes[...], author: author, epoch: epoch)
            #expect(read == content)
        }
        #expect(spent < 30)
    }
}
