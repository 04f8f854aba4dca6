/// What a commit did.
public struct Committed<Result> {
    public var result: Result
    /// Nil when there was nothing to save.
    public var change: ChangeName?
    public var operations: Int
}

extension Replica {
    /// Gathers operations and makes them one durable change: when this returns, they survive a power cut.
    ///
    /// - Throws: what `build` throws, and then nothing was changed; `usage` when the change is too large; `notJoined` when this device
    ///   may only read.
    public func commit<Result>(_ build: (inout Draft) throws -> Result) throws -> Committed<Result> {
        // The view is read before anything is saved, and after that it heals itself.
        try onSoundView {
            try locked {
                try beOnlyOne()
                try catchUp()
                return try commitLocked(build)
            }
        }
    }

    /// The caller holds the lock, and the view is caught up.
    func commitLocked<Result>(_ build: (inout Draft) throws -> Result) throws -> Committed<Result> {
        let head = try log.read { try ownHead($0) }
        let name = ChangeName(author: author, seq: (head?.name.seq ?? 0) + 1, mark: randomWord())
        let wall = surroundings.now()
        let (result, operations) = try reading { session in
            var draft = Draft(session: session, name: name, wall: wall)
            return (try build(&draft), draft.operations)
        }
        guard !operations.isEmpty else { return Committed(result: result, change: nil, operations: 0) }
        try save(operations, name: name, head: head, wall: wall)
        defer { loader.forgetSaved() }
        try applyAppended()
        return Committed(result: result, change: name, operations: operations.count)
    }

    private func save(_ operations: [Operation], name: ChangeName, head: StoredChange?, wall: Int64) throws {
        let (change, number) = try log.write { log in
            let standing = try ownStanding(log)
            guard standing != .pastCut else {
                var removed = SyncError.removed
                removed.safe = "Nothing was saved: nobody would get it. What was here until then stays readable."
                throw removed
            }
            guard try log.setting(Setting.role) != [Role.reader.rawValue] else {
                throw SyncError(
                    .notJoined, "This device may read the team's records, not change them.", safe: "Nothing was changed.",
                    next: "Ask a coordinator for another role.")
            }
            let frontier = try log.frontier().filter { $0 != head?.number }
            let dependencies = try frontier.compactMap { number -> Change.Dependency? in
                try log.change(number).map { Change.Dependency(name: $0.name, epoch: try epoch(of: $0, log)) }
            }.sorted()
            let change = Change(
                name: name, previousMark: head?.name.mark, wall: wall, dependencies: dependencies, operations: operations)
            let bytes = change.canonicalBytes
            guard bytes.count <= Limits.changeBytes, operations.count <= Limits.operationsPerChange else {
                throw SyncError(
                    .usage, "This change is too large: \(bytes.count) bytes, and at most \(Limits.changeBytes) fit into one.",
                    safe: "Nothing was changed.", next: "Split it into several commands.")
            }
            // What counts elsewhere counts here: also of this device, which may not be in the team yet.
            _ = try log.addAuthor(author, device: device, salt: keys.authorSalt)
            let predecessors = try insert(change, carrier: nil, void: standing, log)
            var clocks = try ClockWatch(log, own: device, now: wall)
            try clocks.saw(change, after: predecessors)
            try clocks.save()
            let number = try log.lastChangeNumber()
            try log.appendToJournal(number, bytes)
            return (change, number)
        }
        loader.remember(saved: change, number: number)
    }

    /// The epoch that a change's carrier was sealed in; of one that is still in the journal, the epoch of today.
    private func epoch(of change: StoredChange, _ log: LogTransaction) throws -> EpochID {
        if let carrier = change.carrier, let segment = try log.segment(carrier.segment),
            let epoch = try log.binding(open: segment.open)?.epoch
        { return epoch }
        return newestEpoch(try team(log)).id
    }

    /// Gives a change its local number and Lamport number, and moves the frontier. Its dependencies are here.
    ///
    /// - Returns: What it comes after.
    @discardableResult
    func insert(
        _ change: Change, carrier: StoredChange.Carrier?, void: VoidReason?, _ log: LogTransaction
    ) throws -> [StoredChange] {
        let isOwn = change.name.author == author
        let author = try log.addAuthor(
            change.name.author, device: isOwn ? device : nil, salt: isOwn ? keys.authorSalt : nil)
        var lamport: UInt64 = 0
        var predecessors: [StoredChange] = []
        for name in before(change) {
            guard let number = try log.changeNumber(name), let known = try log.change(number) else { continue }
            lamport = max(lamport, known.lamport)
            try log.removeFromFrontier(number)
            predecessors.append(known)
        }
        let stored = StoredChange(
            number: try log.lastChangeNumber() + 1, name: change.name, previousMark: change.previousMark,
            lamport: lamport + 1, wall: change.wall, carrier: carrier, void: void)
        try log.insert(stored, author: author)
        try log.addToFrontier(stored.number)
        return predecessors
    }

    /// What a change comes after: its author's previous one, and its dependencies in epochs that this device has the key of. Of an epoch
    /// that it was never given nothing will come, and nothing is waited for.
    func before(_ change: Change) -> [ChangeName] {
        let readable = change.dependencies.filter { keys.epochKey($0.epoch) != nil }
        return (change.previous.map { [$0] } ?? []) + readable.map(\.name)
    }

    /// This device's newest change.
    func ownHead(_ log: LogTransaction) throws -> StoredChange? {
        guard let number = try log.authorNumber(author) else { return nil }
        return try log.newestChange(of: number)
    }

    func randomWord() -> UInt64 { surroundings.random(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
