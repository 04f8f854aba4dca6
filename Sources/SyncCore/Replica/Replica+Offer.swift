extension Replica {
    /// How far this replica has each log; several entries for a log with branches.
    public func heads() throws -> [LogHead] {
        try log.read { log in try log.heads().map { LogHead(tag: $0.tag, index: $0.index, chain: $0.chain) } }
    }

    /// Those of another side's heads that are not here.
    func unknown(_ heads: [LogHead]) throws -> [LogHead] {
        try log.read { log in try heads.filter { try log.segmentNumber(chain: $0.chain) == nil } }
    }

    /// What another side lacks, given its heads: logs in order, each from the first segment that is not below what the other has. Branches
    /// that the other does not have are offered whole from their fork on.
    ///
    /// - Parameter body: Is given batches of at most a push's size; each log's run in a batch ends signed.
    /// - Returns: How many segments were offered.
    public func offer(lackedBy heads: [LogHead], _ body: ([[UInt8]]) throws -> Void) throws -> Int {
        var offered = 0
        for batch in try offers(lackedBy: heads) {
            try body(batch)
            offered += batch.count
        }
        return offered
    }

    /// The same as a list, for callers that wait between batches. Holds at most the segments that are lacked.
    ///
    /// - Parameter bare: The segments that the other side takes without bodies; nil: all of them. A log is offered up to the first other one.
    public func offers(lackedBy heads: [LogHead], bare: Set<Hash32>? = nil) throws -> [[[UInt8]]] {
        try log.read { try OfferPlan(self, heads, bare: bare).batches($0) }
    }
}

/// Which segments another side lacks.
struct OfferPlan {
    private let device: DeviceID
    private let theirs: [LogTag: [LogHead]]
    /// What of segments without bodies is taken; nil: all.
    private let bare: Set<Hash32>?

    init(_ replica: Replica, _ heads: [LogHead], bare: Set<Hash32>? = nil) {
        device = replica.device
        self.bare = bare
        theirs = Dictionary(grouping: heads, by: \.tag)
    }

    private static let budget = Limits.pushBytes - (Limits.bodyBytes + 1024)

    func batches(_ log: LogTransaction) throws -> [[[UInt8]]] {
        var batches: [[[UInt8]]] = []
        var batch: [[UInt8]] = []
        var size = 0
        try forEachRun(log) { run in
            let bytes = run.reduce(0) { $0 + $1.count + 8 }
            if size + bytes > Self.budget, !batch.isEmpty {
                batches.append(batch)
                batch = []
                size = 0
            }
            batch += run
            size += bytes
        }
        return batch.isEmpty ? batches : batches + [batch]
    }

    /// Gives what is lacked to `body`, log by log, cut wherever every branch ends signed.
    func forEachRun(_ log: LogTransaction, _ body: ([[UInt8]]) throws -> Void) throws {
        for owner in try log.logs() { try forEachRun(log, owner, body) }
    }

    private func forEachRun(_ log: LogTransaction, _ owner: StoredLog, _ body: ([[UInt8]]) throws -> Void) throws {
        let known = theirs[owner.tag] ?? []
        let mine = try log.heads(of: owner.number)
        if mine.allSatisfy({ head in known.contains { $0.chain == head.chain } }) { return }
        // It is ahead on another's log: if on another branch, then we shall know that once we have what it has.
        if owner.device != device, try isAhead(log, mine, known) { return }
        var run: [[UInt8]] = []
        var (unsigned, ended): (Set<Hash32>, Set<Hash32>) = ([], [])
        try forEachSegment(log, owner, from: try firstLacked(log, owner, known)) { segment in
            let isKept = Segment.isBare(segment.bytes) && bare.map { !$0.contains(segment.chain) } ?? false
            guard !isKept, !ended.contains(segment.previous) else {
                ended.insert(segment.chain)
                return
            }
            run.append(segment.bytes)
            unsigned.remove(segment.previous)
            if !segment.isSigned { unsigned.insert(segment.chain) }
            guard unsigned.isEmpty else { return }
            try body(run)
            run = []
        }
    }

    /// Of a log with branches one after the other: a relay finds the predecessor of a run by where the run begins.
    private func forEachSegment(
        _ log: LogTransaction, _ owner: StoredLog, from index: Int64, _ body: (StoredSegment) throws -> Void
    ) throws {
        guard try log.firstFork(of: owner.number) != nil else { return try log.forEachSegment(of: owner.number, from: index, body) }
        for number in try log.segmentsByBranch(of: owner.number, from: index) { try log.segment(number).map(body) }
    }

    private func isAhead(_ log: LogTransaction, _ mine: [(index: UInt64, chain: Hash32)], _ known: [LogHead]) throws -> Bool {
        guard mine.count == 1, known.count == 1, known[0].index > mine[0].index else { return false }
        return try log.segmentNumber(chain: known[0].chain) == nil
    }

    /// The lowest index at which the other side may lack something: past the lowest of its heads where they are all on our branches, but not
    /// past our first fork; else the beginning.
    private func firstLacked(_ log: LogTransaction, _ owner: StoredLog, _ known: [LogHead]) throws -> Int64 {
        guard let lowest = known.map(\.index).min(),
            try known.allSatisfy({ try log.segmentNumber(chain: $0.chain) != nil })
        else { return 0 }
        return min(Int64(clamping: lowest) + 1, try log.firstFork(of: owner.number) ?? .max)
    }
}
