/// Learns of clocks from the changes of one transaction: none can have been made after it came, nor before what it follows.
struct ClockWatch {
    private let log: LogTransaction
    private let own: DeviceID
    private let now: Int64
    private let known: ClockGaps
    private var gaps: ClockGaps
    private var devices: [AuthorID: DeviceID?] = [:]

    init(_ log: LogTransaction, own: DeviceID, now: Int64) throws {
        self.log = log
        self.own = own
        self.now = now
        known = try log.clockGaps()
        gaps = known
    }

    /// A change that counts was put in its place after these.
    mutating func saw(_ change: Change, after predecessors: [StoredChange]) throws {
        guard let device = try device(of: change.name.author) else { return }
        gaps.learn((device, change.wall), before: (own, now), now: now)
        for predecessor in predecessors where predecessor.name.author != change.name.author && predecessor.void == nil {
            guard let other = try self.device(of: predecessor.name.author) else { continue }
            gaps.learn((other, predecessor.wall), before: (device, change.wall), now: now)
        }
    }

    private mutating func device(of author: AuthorID) throws -> DeviceID? {
        if let known = devices[author] { return known }
        let device = try log.authorNumber(author).flatMap(log.device)
        devices[author] = device
        return device
    }

    func save() throws {
        if gaps != known { try log.set(Replica.Setting.clocks, gaps.bytes) }
    }
}

extension LogTransaction {
    fileprivate func clockGaps() throws -> ClockGaps {
        // What is learned anew is no reason to stop.
        try setting(Replica.Setting.clocks).flatMap { try? ClockGaps($0) } ?? ClockGaps()
    }
}

extension Session {
    /// Clocks that were seen lately not to agree.
    public func clockGaps() throws -> ClockGaps { try log.clockGaps().recent(at: now()) }
}
