import SyncCore
import Testing

@testable import SyncServer

extension RelayStoreConformance {
    static let tags: [Check] = [
        Check("control records are found by their tag, in order, in whatever team") { store, _ in
            let (tag, other) = (MailboxID(high: 1, low: 2), MailboxID(high: 1, low: 3))
            let (a, b) = (try await TestTeam("a").register(in: store), try await TestTeam("b").register(in: store))
            let records = (UInt8(1)...3).map { [1] + tag.bytes + [$0] }
            _ = try await store.appendControl([records[0], [1] + other.bytes, records[1], [7], [1] + tag.bytes.dropLast()], to: a)
            _ = try await store.appendControl([records[2]], to: b)
            #expect(try await store.control(tagged: tag, limit: 1 << 20) == records)
            #expect(try await store.control(tagged: other, limit: 1 << 20) == [[1] + other.bytes])
            #expect(try await store.control(tagged: MailboxID(high: 0, low: 0), limit: 1 << 20) == [])
            // Always one, and no more than is asked for.
            #expect(try await store.control(tagged: tag, limit: 1) == [records[0]])
            #expect(try await store.control(tagged: tag, limit: records[0].count + 1) == Array(records.prefix(2)))
        }
    ]
}
