/// Segments that others were seen to have and that did not come.
public struct Withheld: Hashable, Sendable {
    /// Whose log it is; nil where nothing of it came.
    public var device: DeviceID?
    public var segments: Int
}

extension Replica {
    /// Keeps what a device was seen to have of one log. What it has of this device's own was sent: somebody else holds it.
    func note(_ head: SegmentContent.Head, by author: Int64, of device: DeviceID, _ log: LogTransaction) throws {
        let seen = LogTransaction.SeenHead(
            author: author, tagPrefix: head.tagPrefix, index: head.index, chainPrefix: head.chainPrefix)
        let found = try segment(of: seen, log)
        try log.note(seen, isMissing: found == nil)
        guard let found, found.log.device == self.device, device != self.device else { return }
        try log.noteSent(log: found.log.number, upTo: head.index)
    }

    /// Where a head that was seen lies here; nil where it does not.
    private func segment(
        of head: LogTransaction.SeenHead, _ log: LogTransaction
    ) throws -> (log: StoredLog, head: LogHead)? {
        guard let owner = try log.log(prefix: head.tagPrefix),
            let entry = try log.chains(of: owner.number, at: head.index).first(where: { $0.chain.first == head.chainPrefix })
        else { return nil }
        return (owner, LogHead(tag: owner.tag, index: head.index, chain: entry.chain))
    }

    /// Looks whether what was seen elsewhere has come.
    func lookForSeen(_ log: LogTransaction) throws {
        for head in try log.seenElsewhere() where try segment(of: head, log) != nil { try log.setFound(head) }
    }

    /// What a device was seen to have, newest incarnation only: what an earlier one had may be lost. Of its own logs, all that is here.
    func heads(seenAt device: DeviceID, _ log: LogTransaction) throws -> [LogHead] {
        guard let author = try log.newestAuthor(of: device) else { return [] }
        let own = try log.logs().filter { $0.author == author }.flatMap { owner in
            try log.heads(of: owner.number).map { LogHead(tag: owner.tag, index: $0.index, chain: $0.chain) }
        }
        let told = try log.seen(by: author).compactMap { head -> LogHead? in
            if let found = try segment(of: head, log) { return found.head }
            // It has more than is here, or another branch.
            let chain = Hash32(first: head.chainPrefix, second: 0, third: 0, fourth: 0)
            return try log.log(prefix: head.tagPrefix).map { LogHead(tag: $0.tag, index: head.index, chain: chain) }
        }
        return own + told.filter { head in !own.contains { $0.tag == head.tag } }
    }

    /// What devices of the team have and this one was not given, log by log: a remote withholds it, or it lies on a stick.
    func withheld(_ log: LogTransaction, _ team: TeamState) throws -> [Withheld] {
        let heads = try log.seenElsewhere().filter { head in
            try log.device(ofAuthor: head.author).map { team.roster[$0] != nil } ?? false
        }
        return try Dictionary(grouping: heads, by: \.tagPrefix).sorted { $0.key < $1.key }.compactMap { prefix, heads in
            guard let furthest = heads.map(\.index).max() else { return nil }
            guard let owner = try log.log(prefix: prefix), let here = try log.heads(of: owner.number).map(\.index).max() else {
                return Withheld(device: nil, segments: Int(clamping: furthest) + 1)
            }
            // Not further than here: then it is on a branch that is not here.
            return Withheld(device: owner.device, segments: furthest > here ? Int(clamping: furthest - here) : 1)
        }
    }
}
