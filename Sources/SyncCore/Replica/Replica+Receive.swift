extension Replica {
    /// Takes in one frame of segments: checks, stores, opens and applies them in one transaction, together with `after`, which notes how
    /// far the remote was read. Nothing of a frame is kept if anything in it is damaged.
    ///
    /// - Throws: `integrity` for a segment that is damaged, forged, or has no place in its log.
    public func receive(
        _ frame: [[UInt8]], after note: (LogTransaction) throws -> Void = { _ in }
    ) throws -> ReceiveReport {
        try onSoundView { try receiveOnce(frame, after: note) }
    }

    private func receiveOnce(
        _ frame: [[UInt8]], after note: (LogTransaction) throws -> Void
    ) throws -> ReceiveReport {
        try locked {
            // What is added to a log that was restored from a backup must not look to its view like what was lost.
            if try isViewForeign() { dropView() }
            return try takingIn { log in
                var intake = SegmentIntake(self, try team(log), log)
                try intake.take(frame)
                try note(log)
                return try intake.report()
            }
        }
    }

    /// One transaction that takes in segments. Where it fails, what was opened on the way is forgotten with it: another segment may
    /// get the same number.
    func takingIn<Result>(_ body: (LogTransaction) throws -> Result) throws -> Result {
        do {
            return try log.write(body)
        } catch {
            loader = ChangeLoader(keys: keys)
            throw error
        }
    }

    /// Applies to the view what was received, in batches.
    public func applyReceived() throws { try locked { try catchUp() } }

    /// Opens what could not be opened before: after new control records or keys came.
    func readUnread(_ log: LogTransaction, team: TeamState) throws -> ReceiveReport {
        var intake = SegmentIntake(self, team, log)
        try intake.readUnread()
        return try intake.report()
    }
}

/// Checks one frame against the chains in the store, stores it, and hands its changes on.
struct SegmentIntake {
    private let replica: Replica
    private let team: TeamState
    private let log: LogTransaction
    private let teamSalt: Hash32
    private var changes: ChangeIntake
    private var segments = 0

    private struct Link {
        var segment: Segment
        var bytes: [UInt8]
        var chain: Hash32
        var previous: Hash32
        /// Of its branch, where this device has the key.
        var epoch: EpochID?
    }

    private typealias Predecessor = (chain: Hash32, epoch: EpochID?)

    init(_ replica: Replica, _ team: TeamState, _ log: LogTransaction) {
        self.replica = replica
        self.team = team
        self.log = log
        teamSalt = Chain.teamSalt(of: replica.keys.team)
        changes = ChangeIntake(replica, team, log)
    }

    func report() throws -> ReceiveReport {
        var report = changes.report
        report.segments = segments
        report.lastChange = try log.lastChangeNumber()
        return report
    }

    mutating func take(_ frame: [[UInt8]]) throws {
        var runs: [LogTag: [(segment: Segment, bytes: [UInt8])]] = [:]
        var order: [LogTag] = []
        for bytes in frame {
            let segment = try Self.parse(bytes)
            if runs[segment.tag] == nil { order.append(segment.tag) }
            runs[segment.tag, default: []].append((segment, bytes))
        }
        for tag in order { try take(run: runs[tag] ?? [], tag) }
        try finish()
    }

    private mutating func finish() throws {
        try changes.finish()
        try replica.lookForSeen(log)
    }

    /// The segment before one is neither here nor in what came.
    static let noPlace = SyncError.damaged("What came holds a segment that has no place in its log.")
    static let noBeginning = SyncError.damaged("What came holds part of a log without its beginning.")

    private static func parse(_ bytes: [UInt8]) throws -> Segment {
        do {
            return try Segment(bytes)
        } catch {
            throw SyncError.damaged("What came holds a damaged segment.")
        }
    }

    /// Branches of one log may be interleaved; each segment finds its predecessor by what its body was sealed after, or, where this
    /// device cannot open it, by the signature at the end of its run.
    private mutating func take(run: [(segment: Segment, bytes: [UInt8])], _ tag: LogTag) throws {
        let owner = try owner(of: tag, run)
        var links: [Link] = []
        for (segment, bytes) in run {
            let candidates = try predecessors(of: segment, links, owner)
            guard let link = try link(segment, bytes, candidates, owner) else {
                throw Self.noPlace
            }
            links.append(link)
        }
        try check(links, key: owner.key)
        for link in links { try store(link, owner) }
    }

    private func owner(of tag: LogTag, _ run: [(segment: Segment, bytes: [UInt8])]) throws -> StoredLog {
        if let known = try log.log(tag) { return known }
        guard case .open(let key, _) = run.first?.segment.header.form else {
            throw Self.noBeginning
        }
        return try log.addLog(tag: tag, key: key)
    }

    private func predecessors(of segment: Segment, _ links: [Link], _ owner: StoredLog) throws -> [Predecessor] {
        if case .open(_, let commitment) = segment.header.form {
            return [(Chain.beginning, replica.keys.epoch(commitment, of: segment.tag)?.id)]
        }
        let here = links.reversed().filter { $0.segment.index == segment.index - 1 }.map { ($0.chain, $0.epoch) }
        let stored = try log.chains(of: owner.number, at: segment.index - 1).map { entry in
            (entry.chain, try log.binding(open: entry.open)?.epoch)
        }
        return here + stored
    }

    private func link(
        _ segment: Segment, _ bytes: [UInt8], _ candidates: [Predecessor], _ owner: StoredLog
    ) throws -> Link? {
        let links = candidates.map { previous, epoch in
            Link(
                segment: segment, bytes: bytes,
                chain: Chain.value(at: segment.header, after: previous, teamSalt: teamSalt), previous: previous,
                epoch: epoch)
        }
        guard links.count > 1 else { return links.first }
        if segment.body == nil { return links.first { team.redactions.isWithdrawn($0.chain) } }
        return links.first { isOpened($0) } ?? links.first { isSigned($0, owner.key) } ?? links.first
    }

    private func isOpened(_ link: Link) -> Bool {
        guard let key = link.epoch.flatMap(replica.keys.epochKey) else { return false }
        let cipher = LogCipher(epochKey: key, team: replica.keys.team, tag: link.segment.tag)
        return (try? cipher.open(link.segment, after: link.previous)) != nil
    }

    private func isSigned(_ link: Link, _ key: Hash32) -> Bool {
        link.segment.signature.map { Chain.isSigned(link.chain, $0, by: key) } ?? false
    }

    /// Every branch in the run must end in a signature that holds.
    private func check(_ links: [Link], key: Hash32) throws {
        let followed = Set(links.map(\.previous))
        for link in links where !followed.contains(link.chain) {
            if try log.segmentNumber(chain: link.chain) != nil { continue }
            guard isSigned(link, key) else {
                throw SyncError.damaged("What came holds segments whose signature does not hold.")
            }
        }
    }

    private mutating func store(_ link: Link, _ owner: StoredLog) throws {
        if try log.segmentNumber(chain: link.chain) != nil { return }
        guard link.segment.body != nil || team.redactions.isWithdrawn(link.chain) else {
            throw SyncError.damaged("What came lacks the contents of a segment, and no redaction of the team names it.")
        }
        let isSigned = isSigned(link, owner.key)
        let number = try log.insert(
            log: owner.number, index: link.segment.index, chain: link.chain, previous: link.previous,
            bytes: isSigned ? link.bytes : link.segment.unsigned.bytes, isSigned: isSigned)
        segments += 1
        try read(number)
        try replica.lookForCopies(number, of: owner.number, at: link.segment.index, log)
    }

    /// Opens a stored segment and applies its changes, or notes that it is to be opened later.
    ///
    /// The log's own key signed it, so that what cannot be read is the work of a member, or of a newer version: it is kept and passed
    /// on, and holds nobody up.
    private mutating func read(_ number: Int64) throws {
        guard let stored = try log.segment(number), let owner = try log.log(number: stored.log) else { return }
        let isRead = stored.index == 0 ? try bind(stored, owner) : try apply(stored)
        if isRead { try log.removeUnread(number) } else { try log.addUnread(number) }
    }

    mutating func readUnread() throws {
        for number in try log.unread() { try read(number) }
        try finish()
    }

    /// Reads the open of a log: whose it is. False while the epoch's key or the device's record is not here.
    private func bind(_ stored: StoredSegment, _ owner: StoredLog) throws -> Bool {
        let segment = try Segment(stored.bytes)
        guard case .open(let key, let commitment) = segment.header.form,
            let committed = replica.keys.epoch(commitment, of: owner.tag)
        else { return false }
        let cipher = LogCipher(epochKey: committed.key, team: replica.keys.team, tag: owner.tag)
        // A coordinator who breaks the rules can make several epochs of one key: the log says which it is of.
        guard let plain = try? cipher.open(segment, after: Chain.beginning), let open = try? LogOpen(plain),
            replica.keys.epochKey(open.epoch) == committed.key, let enrolment = team.enrolment(of: open.device),
            open.isSigned(by: enrolment.signingKey, logKey: key, team: replica.keys.team)
        else { return false }
        let author = LogOpen.author(team: replica.keys.team, deviceKey: enrolment.signingKey, salt: open.authorSalt)
        let number = try log.addAuthor(author, device: open.device, salt: open.authorSalt)
        try replica.lookForRenewal(number, of: open.device, log)
        try log.bind(
            owner.number, open: stored.number, StoredBinding(epoch: open.epoch, device: open.device, author: number))
        return true
    }

    private mutating func apply(_ stored: StoredSegment) throws -> Bool {
        // Whoever withdrew it carries its changes elsewhere.
        if try Segment(stored.bytes).body == nil { return true }
        guard let binding = try log.binding(open: stored.open), let content = try replica.loader.written(stored, log),
            let places = try placesOf(content, binding)
        else { return false }
        replica.loader.remember(stored.number, try Withdrawal(replica, team, log).take(stored, content.changes))
        try changes.take(content, segment: stored.number, places)
        for head in content.heads { try replica.note(head, by: binding.author, of: binding.device, log) }
        return true
    }
}

extension SegmentIntake {
    /// In whose place a segment's changes stand: of a redaction's log that of each segment which was withdrawn, else its own. Nil as long
    /// as none of the withdrawn ones is here.
    private func placesOf(_ content: SegmentContent, _ own: StoredBinding) throws -> [StoredBinding]? {
        guard team.redactions.hasCarriers(own.device) else { return [own] }
        let withdrawn = team.redactions.withdrawn(carriedBy: own.device, digest: Redaction.digest(of: content.changes))
        guard !withdrawn.isEmpty else { return [own] }
        let originals = try withdrawn.compactMap { segment in try log.segmentNumber(chain: segment.chain).flatMap(log.segment) }
        guard !originals.isEmpty else { return nil }
        let places = try originals.filter { try isRedacted($0, to: content.changes) }.compactMap { try log.binding(open: $0.open) }
        return places.isEmpty ? [own] : places
    }

    /// Whether changes are those of a segment, redacted. Who has neither its body nor what was made of it takes the coordinator's word; else
    /// a digest would let a coordinator write in anybody's name.
    private func isRedacted(_ original: StoredSegment, to changes: [Change]) throws -> Bool {
        let known = try log.substitute(of: original.number) ?? replica.loader.written(original, log)?.changes
        guard let known else { return Segment.isBare(original.bytes) }
        return known.map(team.redactions.apply) == changes.map(team.redactions.apply)
    }
}

extension DeviceKeys {
    /// An epoch whose key a log's open commits to.
    func epoch(_ commitment: Hash32, of tag: LogTag) -> (id: EpochID, key: Secret)? {
        epochs.first { LogCipher.commitment(epochKey: $0.key, tag: tag) == commitment }
    }
}
