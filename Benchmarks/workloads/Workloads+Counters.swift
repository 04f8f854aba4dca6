import SyncCore

extension Workloads {
    /// Every replica counts in the same petition.
    private static let petition = RecordID(high: 0x6265_6e63_686d_6172, low: 1)

    static func increment(_ replica: Replica, _ count: Int) throws {
        _ = try replica.commit { $0.create(.petition, id: petition) }
        let watch = Stopwatch()
        for start in stride(from: 0, to: count, by: batch) {
            _ = try replica.commit { draft in
                for _ in start..<min(start + batch, count) { try draft.increment(petition, Field.tally, by: 1) }
            }
        }
        Figure("W6", "increment_s", watch.seconds).tell()
    }

    static func counted(_ replica: Replica) throws -> Int64 {
        let tally = try replica.read { try $0.document(petition) }?.fields.first { $0.number == Field.tally }
        guard case .counter(let sum) = tally?.content else { return 0 }
        return sum
    }

    /// In each change 1,000 records get one element, or lose it again. In the end all their sets are as empty as they were.
    static func fillAndEmptySets(_ replica: Replica, _ count: Int) throws {
        let records = try replica.commit { draft in (0..<batch).map { _ in draft.create(.event) } }.result
        let rounds = count / batch
        guard rounds >= 2, rounds % 2 == 0 else { throw Unusable(what: "\(count) operations, which are not some thousands and as many again") }
        let watch = Stopwatch()
        for round in 0..<rounds {
            let element = Value.text("cause \(round % (rounds / 2))")
            _ = try replica.commit { draft in
                for record in records {
                    if round < rounds / 2 { try draft.add(record, Field.causes, element) } else { try draft.remove(record, Field.causes, element) }
                }
            }
        }
        Figure("W6", "set_operations_per_s", Double(rounds * batch) / watch.seconds).tell()
        let left = try replica.read { session in try records.count { try session.document($0)?.fields.isEmpty == false } }
        guard left == 0 else { throw Unusable(what: "\(left) sets that are not empty") }
    }
}
