import SyncCore

extension Workloads {
    /// With the one relay that the store knows.
    private static func exchange(_ replica: Replica) throws -> Exchange {
        guard let remote = try replica.remotes().first else { throw Unusable(what: "a store without a remote") }
        return try Exchange(replica, remote: remote, timeoutSeconds: 60)
    }

    static func push(_ replica: Replica) async throws {
        let exchange = try exchange(replica)
        let watch = Stopwatch()
        let report = try await exchange.push()
        Figure("exchange", "push_s", watch.seconds).tell()
        Figure("exchange", "push_bytes", Double(report.bytes)).tell()
    }

    static func pull(_ replica: Replica) async throws {
        let exchange = try exchange(replica)
        let watch = Stopwatch()
        _ = try await exchange.pull()
        Figure("exchange", "pull_s", watch.seconds).tell()
    }

    /// The edits are saved, and both have spoken with the relay before, when the clock starts.
    static func exchangeWarm(_ writer: Replica, _ reader: Replica, _ data: DataSet) async throws {
        let (sending, receiving) = (try exchange(writer), try exchange(reader))
        _ = try await sending.push()
        _ = try await receiving.pull()
        try edit(writer, data.edits("edits1.tsv"))
        let watch = Stopwatch()
        let report = try await sending.push()
        _ = try await receiving.pull()
        Figure("W3", "warm_ms", watch.seconds * 1000).tell()
        Figure("W3", "wire_bytes", Double(report.bytes)).tell()
    }

    /// Every tenth change adds a record, the others set its title. Only what is sent counts, not who is in the team.
    static func pushOneByOne(_ replica: Replica, _ count: Int) async throws {
        _ = try await exchange(replica).push()
        let watch = Stopwatch()
        var (bytes, changes) = (0, 0)
        var record: RecordID?
        for number in 0..<count {
            record = try replica.commit { draft in
                let record = number % 10 == 0 ? draft.create(.event) : record ?? draft.create(.event)
                try draft.assign(record, Field.title, .text("Rally number \(number), in front of the town hall"))
                return record
            }.result
            let report = try await exchange(replica).push()
            bytes += report.bytes
            changes += report.changes
        }
        guard changes == count else { throw Unusable(what: "\(changes) changes of \(count) were sent") }
        Figure("W5", "push_ms", watch.seconds * 1000 / Double(count)).tell()
        Figure("W5", "bytes_per_push", Double(bytes) / Double(count)).tell()
    }
}
