extension Replica {
    /// Seals what is in the journal into segments of this device's log. Call it once a remote has answered, so that nothing is sealed
    /// under an epoch that is dead.
    ///
    /// - Returns: How many changes were sealed.
    public func seal() throws -> Int {
        try locked {
            try beOnlyOne()
            return try log.write { log in try sealJournal(log) }
        }
    }

    func sealJournal(_ log: LogTransaction) throws -> Int {
        guard try log.journalCount() > 0 else { return 0 }
        var writer = try LogWriter(self, log, sealingEpoch(team(log)))
        var sealed = 0
        while true {
            let entries = try log.journal(limit: 32)
            if entries.isEmpty { break }
            for entry in entries {
                try writer.append(number: entry.number, bytes: entry.bytes)
                sealed += 1
            }
        }
        try writer.finish()
        return sealed
    }
}

extension Replica {
    /// Carries changes of others, or of earlier logs, once more in this device's log: each list as one segment, as it is.
    func carry(_ contents: [[Change]], _ log: LogTransaction) throws {
        var writer = try LogWriter(self, log, sealingEpoch(Self.team(log, keys.team)))
        for changes in contents { try writer.carry(changes) }
        try writer.finish()
    }
}

/// Continues this device's log of the current epoch, or begins it.
private struct LogWriter {
    private let replica: Replica
    private let log: LogTransaction
    private let cipher: LogCipher
    private let key: SigningKey
    private let owner: StoredLog
    private let epoch: EpochID
    private var encoder: SegmentEncoder
    private var gathered: [Int64] = []
    /// Whoever wants one change of a segment opens all of it, 2 µs for each small one; a segment of its own costs some 200 bytes.
    private static let changesTogether = 256
    private var index: UInt64
    private var chain: Hash32
    private var unsigned: (segments: Int, bytes: Int) = (0, 0)
    private var last: (number: Int64, segment: Segment)?

    init(_ replica: Replica, _ log: LogTransaction, _ sealing: Replica.EpochKey) throws {
        self.replica = replica
        self.log = log
        epoch = sealing.id
        key = try SigningKey(seed: replica.ownLogSeed(epoch))
        let tag = SegmentHeader.tag(of: key.publicKey)
        cipher = LogCipher(epochKey: sealing.key, team: replica.keys.team, tag: tag)
        encoder = SegmentEncoder(author: replica.author, epoch: epoch)
        if let known = try log.log(tag), let newest = try log.lastSegment(of: known.number) {
            owner = known
            index = newest.index + 1
            chain = newest.chain
        } else {
            owner = try log.addLog(tag: tag, key: key.publicKey)
            index = 0
            chain = Chain.beginning
            try open()
        }
        encoder = SegmentEncoder(author: replica.author, epoch: epoch, heads: try heads())
    }

    private mutating func open() throws {
        let number = try log.addAuthor(replica.author, device: replica.device, salt: replica.keys.authorSalt)
        let before = try lastCarried(number)
        let open = try LogOpen(
            epoch: epoch, device: replica.device, authorSalt: replica.keys.authorSalt, continuesSeq: before.seq,
            continuesMark: before.mark, logKey: key.publicKey, team: replica.keys.team, deviceKey: replica.signing)
        let segment = try store(open.bytes, form: .open(publicKey: key.publicKey, commitment: cipher.commitment))
        try log.bind(owner.number, open: segment, StoredBinding(epoch: epoch, device: replica.device, author: number))
    }

    /// The author's last change that another log carries already; changes of earlier incarnations may stand beside it in the journal.
    private func lastCarried(_ author: Int64) throws -> (seq: UInt64, mark: UInt64) {
        if let first = try log.firstInJournal(of: author) { return (first.name.seq - 1, first.previousMark ?? 0) }
        return try log.newestChange(of: author).map { ($0.name.seq, $0.name.mark) } ?? (0, 0)
    }

    /// How far other logs are here, where that changed since it was last told.
    private func heads() throws -> [SegmentContent.Head] {
        try log.heads().compactMap { head in
            guard head.tag != owner.tag, try log.toldHead(head.tag).map({ $0 < head.index }) ?? true else { return nil }
            try log.setToldHead(head.tag, index: head.index, chain: head.chain)
            return SegmentContent.Head(tagPrefix: head.tag.high, index: head.index, chainPrefix: head.chain.first)
        }
    }

    mutating func append(number: Int64, bytes: [UInt8]) throws {
        if !encoder.fits(bytes.count) || gathered.count >= Self.changesTogether { try flush() }
        let change = try Change(canonical: bytes)
        let isOwn = change.name.author == replica.author
        encoder.append(change, canonicalBytes: bytes.count, salt: isOwn ? nil : try log.salt(of: change.name.author))
        try log.setCarrier(number, StoredChange.Carrier(segment: -1, position: gathered.count))
        try log.removeFromJournal(number)
        gathered.append(number)
    }

    /// Names and order stay. The changes have their place in this store already.
    mutating func carry(_ changes: [Change]) throws {
        try flush()
        for change in changes {
            let isOwn = change.name.author == replica.author
            encoder.append(change, canonicalBytes: change.canonicalBytes.count, salt: isOwn ? nil : try log.salt(of: change.name.author))
        }
        _ = try store(encoder.encoded(), form: .run(tag: owner.tag, index: index))
        encoder = SegmentEncoder(author: replica.author, epoch: epoch)
    }

    private mutating func flush() throws {
        guard !encoder.isEmpty else { return }
        let tag = owner.tag
        let segment = try store(encoder.encoded(), form: .run(tag: tag, index: index))
        for (position, number) in gathered.enumerated() {
            try log.setCarrier(number, StoredChange.Carrier(segment: segment, position: position))
        }
        gathered = []
        encoder = SegmentEncoder(author: replica.author, epoch: epoch)
    }

    @discardableResult
    private mutating func store(_ content: [UInt8], form: SegmentHeader.Form) throws -> Int64 {
        let nonce = replica.surroundings.random(Sealing.nonceLength)
        let previous = chain
        let (segment, value) = try cipher.seal(content, form: form, after: previous, nonce: nonce)
        let bytes = segment.bytes
        let number = try log.insert(
            log: owner.number, index: index, chain: value, previous: previous, bytes: bytes, isSigned: false)
        try log.noteUnsent(number)
        chain = value
        index += 1
        unsigned = (unsigned.segments + 1, unsigned.bytes + bytes.count)
        last = (number, segment)
        if unsigned.segments >= Limits.unsignedSegments || unsigned.bytes >= Limits.unsignedBytes { try sign() }
        return number
    }

    private mutating func sign() throws {
        guard var newest = last else { return }
        newest.segment.signature = try Chain.sign(chain, with: key)
        try log.setSigned(newest.number, bytes: newest.segment.bytes)
        unsigned = (0, 0)
        last = nil
    }

    mutating func finish() throws {
        try flush()
        try sign()
    }
}
