import Testing

@testable import SyncCore

@Suite struct SegmentContentTests {
    @Test(arguments: 1...150 as ClosedRange<UInt64>)
    func randomChangesComeBack(seed: UInt64) throws {
        var source = RandomContent(seed: seed)
        let content = source.content(changes: Int(seed % 12))
        for change in content.changes {
            let bytes = change.canonicalBytes
            #expect(bytes.count == change.canonicalLength)
            #expect(try Change(canonical: bytes) == change)
        }
        for compressed in [false, true] {
            let bytes = content.encoded(author: source.author, epoch: source.epoch, compressed: compressed)
            let read = try SegmentContent(decoding: bytes[...], author: source.author, epoch: source.epoch)
            #expect(read == content)
            #expect(read.encoded(author: source.author, epoch: source.epoch, compressed: compressed) == bytes)
        }
    }

    /// DESIGN, section 2: an edit costs at most about 6 bytes beside its value. Values are random here, so that compressing them hides
    /// nothing; a change of its own costs its mark on top, which nothing can compress.
    @Test func anEditIsSmall() throws {
        #expect(try costPerEdit(changes: 1, edits: 1_000) <= 6)
        #expect(try costPerEdit(changes: 1_000, edits: 1) <= 6 + 8)
    }

    private func costPerEdit(changes: Int, edits: Int) throws -> Double {
        var random = Seeded(9)
        let (author, epoch): (AuthorID, EpochID) = (random.id(), random.id())
        let first = ChangeName(author: author, seq: 1, mark: random.next())
        var before = first
        var wall: Int64 = 1_760_000_000_000
        var content = SegmentContent(changes: [])
        for number in 0..<changes {
            wall += Int64(random.below(600_000))
            let name = ChangeName(author: author, seq: before.seq + 1, mark: random.next())
            let operations = (0..<edits).map { edit in
                Operation(
                    .assign, record: .named, field: UInt32(1 + random.below(20)),
                    names: [WriteName(change: first, operation: UInt32(number * edits + edit))], value: .bytes(random.bytes(16)))
            }
            content.changes.append(
                Change(name: name, previousMark: before.mark, wall: wall, dependencies: [], operations: operations))
            before = name
        }
        let bytes = content.encoded(author: author, epoch: epoch)
        #expect(try SegmentContent(decoding: bytes[...], author: author, epoch: epoch) == content)
        let values = content.changes.flatMap(\.operations).reduce(0) { $0 + ($1.value?.encodedLength ?? 0) }
        return Double(bytes.count - values) / Double(changes * edits)
    }

    /// A record named once costs a byte or less afterwards, where canonical bytes spend sixteen: what is small in a segment may be past
    /// the limit of a change.
    @Test func aChangePastItsLimitIsRefused() throws {
        var random = Seeded(10)
        let (author, epoch, record): (AuthorID, EpochID, RecordID) = (random.id(), random.id(), random.id())
        func content(_ count: Int) -> SegmentContent {
            let operation = Operation(.assign, record: .id(record), field: 1)
            let name = ChangeName(author: author, seq: 1, mark: 7)
            return SegmentContent(changes: [
                Change(
                    name: name, previousMark: nil, wall: 0, dependencies: [],
                    operations: [Operation](repeating: operation, count: count))
            ])
        }
        let most = (Limits.changeBytes - 30) / 19
        let fits = content(most)
        #expect(fits.changes[0].canonicalLength <= Limits.changeBytes)
        let bytes = fits.encoded(author: author, epoch: epoch)
        #expect(try SegmentContent(decoding: bytes[...], author: author, epoch: epoch).changes[0].operations.count == most)
        let past = content(most + 2).encoded(author: author, epoch: epoch)
        #expect(throws: DecodingFailure.tooLarge) { try SegmentContent(decoding: past[...], author: author, epoch: epoch) }
    }

    /// Nothing repeats: columns are as large, against canonical bytes, as they get. What the encoder lets in, every reader takes.
    @Test(arguments: [0, 1, 2])
    func aFullSegmentIsWithinItsLimit(kind: Int) throws {
        var random = Seeded(11)
        let (author, epoch): (AuthorID, EpochID) = (random.id(), random.id())
        var encoder = SegmentEncoder(author: author, epoch: epoch)
        var seq: UInt64 = 1
        while true {
            let change = incompressible(kind, ChangeName(author: author, seq: seq, mark: random.next()), &random)
            let length = change.canonicalLength
            guard encoder.fits(length) else { break }
            encoder.append(change, canonicalBytes: length)
            seq += 1
        }
        let bytes = encoder.encoded()
        #expect(bytes.count < Limits.contentBytes + 64)
        #expect(try SegmentContent(decoding: bytes[...], author: author, epoch: epoch).changes.count == Int(seq) - 1)
    }

    private func incompressible(_ kind: Int, _ name: ChangeName, _ random: inout Seeded) -> Change {
        let previous: UInt64? = name.seq > 1 ? random.next() : nil
        var change = Change(name: name, previousMark: previous, wall: 0, dependencies: [], operations: [])
        for _ in 0..<(kind == 2 ? 1 : 5_000) {
            switch kind {
            case 0: change.operations.append(Operation(.remove, record: .id(random.id()), field: 1))
            case 1:
                let other = ChangeName(author: random.id(), seq: 1, mark: random.next())
                change.operations.append(
                    Operation(.remove, record: .named, field: 1, names: [WriteName(change: other, operation: 0)]))
            default:
                change.dependencies = (0..<4_000).map { _ in
                    .init(name: ChangeName(author: random.id(), seq: 1, mark: random.next()), epoch: random.id())
                }.sorted()
            }
        }
        return change
    }
}
