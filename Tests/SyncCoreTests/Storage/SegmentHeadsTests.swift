import Foundation
import Testing

@testable import SyncCore

/// Heads and forks are kept as segments come: they are what looking at every segment would find.
@Suite struct SegmentHeadsTests {
    private struct Known {
        var index: UInt64
        var chain: Hash32
        var previous: Hash32
    }

    @Test(arguments: 1...8) func `heads and the first fork are those of all segments`(seed: UInt64) throws {
        let path = NSTemporaryDirectory() + "sync-heads-" + UUID().uuidString
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        let store = try LogStore(path: path)
        var random = Seeded(seed)
        try store.write { log in
            let owners = try (0..<3).map { _ in try log.addLog(tag: random.id(), key: #require(Hash32(random.bytes(32)))) }
            var known: [[Known]] = owners.map { _ in [] }
            for _ in 0..<60 {
                let place = random.below(owners.count)
                let before = random.chance(75) ? known[place].last : known[place].isEmpty ? nil : random.pick(known[place])
                let next = Known(
                    index: before.map { $0.index + 1 } ?? 0, chain: try #require(Hash32(random.bytes(32))),
                    previous: before?.chain ?? Chain.beginning)
                // A log has one beginning.
                guard before != nil || known[place].isEmpty else { continue }
                _ = try log.insert(
                    log: owners[place].number, index: next.index, chain: next.chain, previous: next.previous, bytes: [], isSigned: true)
                known[place].append(next)
                try expect(log, owners[place].number, known[place])
            }
            let all = known.flatMap(Self.heads).map(\.chain).sorted()
            #expect(try log.heads().map(\.chain).sorted() == all)
        }
    }

    private func expect(_ log: LogTransaction, _ owner: Int64, _ known: [Known]) throws {
        #expect(try log.heads(of: owner).map(\.chain).sorted() == Self.heads(known).map(\.chain).sorted())
        let indices = Dictionary(grouping: known, by: \.index).filter { $0.value.count > 1 }.keys
        #expect(try log.firstFork(of: owner) == indices.min().map { Int64($0) })
    }

    private static func heads(_ known: [Known]) -> [Known] {
        known.filter { segment in !known.contains { $0.previous == segment.chain } }
    }
}
