import GRDB

/// A log as this device knows it.
public struct StoredLog: Hashable, Sendable {
    public var number: Int64
    public var tag: LogTag
    public var key: Hash32
    /// As its first open that was read says; nil while this device cannot read any.
    public var epoch: EpochID?
    public var device: DeviceID?
    public var author: Int64?
}

/// What an open says: in which epoch, on which device and by which author the segments after it are.
public struct StoredBinding: Hashable, Sendable {
    public var epoch: EpochID
    public var device: DeviceID
    public var author: Int64

    public init(epoch: EpochID, device: DeviceID, author: Int64) {
        self.epoch = epoch
        self.device = device
        self.author = author
    }
}

public struct StoredSegment: Hashable, Sendable {
    public var number: Int64
    public var log: Int64
    public var index: UInt64
    public var chain: Hash32
    public var previous: Hash32
    public var bytes: [UInt8]
    public var isSigned: Bool
    /// The number of the open that its branch begins with.
    public var open: Int64
}

extension LogTransaction {
    // MARK: Logs

    func storedLog(_ row: Row) -> StoredLog? {
        guard let tag = LogTag(row.bytes(1)), let key = Hash32(row.bytes(2)) else { return nil }
        return StoredLog(
            number: row[0], tag: tag, key: key, epoch: row.optionalBytes(3).flatMap { EpochID($0) },
            device: row.optionalBytes(4).flatMap { DeviceID($0) }, author: row[5])
    }

    public func log(_ tag: LogTag) throws -> StoredLog? {
        try row("SELECT no, tag, key, epoch, device, author FROM log WHERE tag = ?", [Blob(tag.bytes)]).flatMap(storedLog)
    }

    public func log(number: Int64) throws -> StoredLog? {
        try row("SELECT no, tag, key, epoch, device, author FROM log WHERE no = ?", [number]).flatMap(storedLog)
    }

    public func logs() throws -> [StoredLog] {
        try rows("SELECT no, tag, key, epoch, device, author FROM log ORDER BY no").compactMap(storedLog)
    }

    public func addLog(tag: LogTag, key: Hash32) throws -> StoredLog {
        try run("INSERT INTO log (tag, key) VALUES (?, ?)", [Blob(tag.bytes), Blob(key.bytes)])
        return StoredLog(number: db.lastInsertedRowID, tag: tag, key: key)
    }

    /// An open was read. A log whose owner breaks the rules has several that differ: each binds what follows it, and no more.
    public func bind(_ log: Int64, open: Int64, _ binding: StoredBinding) throws {
        try run(
            "INSERT OR IGNORE INTO binding (open, epoch, device, author) VALUES (?, ?, ?, ?)",
            [open, Blob(binding.epoch.bytes), Blob(binding.device.bytes), binding.author])
        try run(
            "UPDATE log SET epoch = ?, device = ?, author = ? WHERE no = ? AND author IS NULL",
            [Blob(binding.epoch.bytes), Blob(binding.device.bytes), binding.author, log])
    }

    /// Nil while the open cannot be read.
    public func binding(open: Int64) throws -> StoredBinding? {
        try row("SELECT epoch, device, author FROM binding WHERE open = ?", [open]).flatMap { row in
            guard let epoch = EpochID(row.bytes(0)), let device = DeviceID(row.bytes(1)) else { return nil }
            return StoredBinding(epoch: epoch, device: device, author: row[2])
        }
    }

    public func binding(ofSegment number: Int64) throws -> StoredBinding? {
        let open: Int64? = try row("SELECT open FROM segment WHERE no = ?", [number])?[0]
        return try open.flatMap { try binding(open: $0) }
    }

    // MARK: Segments

    /// Stores a segment whose place in the chain was checked. `bytes` hold a signature only if it was checked too.
    public func insert(
        log: Int64, index: UInt64, chain: Hash32, previous: Hash32, bytes: [UInt8], isSigned: Bool
    ) throws -> Int64 {
        let open: Int64? = try row("SELECT open FROM segment WHERE chain = ?", [Blob(previous.bytes)])?[0]
        if try row("SELECT 1 FROM segment WHERE log = ? AND idx = ? LIMIT 1", [log, Int64(bitPattern: index)]) != nil {
            try run("UPDATE log SET fork = min(ifnull(fork, ?1), ?1) WHERE no = ?2", [Int64(bitPattern: index), log])
        }
        try run("UPDATE segment SET is_head = 0 WHERE chain = ? AND is_head", [Blob(previous.bytes)])
        try run(
            "INSERT INTO segment (log, idx, chain, previous, bytes, is_signed, open) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [log, Int64(bitPattern: index), Blob(chain.bytes), Blob(previous.bytes), Blob(bytes), isSigned, open ?? 0])
        let number = db.lastInsertedRowID
        if open == nil { try run("UPDATE segment SET open = no WHERE no = ?", [number]) }
        return number
    }

    public func segmentNumber(chain: Hash32) throws -> Int64? {
        try row("SELECT no FROM segment WHERE chain = ?", [Blob(chain.bytes)])?[0]
    }

    /// The same segment came again, this time with a signature that was checked.
    public func setSigned(_ number: Int64, bytes: [UInt8]) throws {
        try run("UPDATE segment SET bytes = ?, is_signed = 1 WHERE no = ? AND is_signed = 0", [Blob(bytes), number])
    }

    private func storedSegment(_ row: Row) -> StoredSegment? {
        guard let chain = Hash32(row.bytes(3)), let previous = Hash32(row.bytes(4)) else { return nil }
        return StoredSegment(
            number: row[0], log: row[1], index: UInt64(bitPattern: row[2]), chain: chain, previous: previous,
            bytes: row.bytes(5), isSigned: row[6], open: row[7])
    }

    public func segment(_ number: Int64) throws -> StoredSegment? {
        try row("SELECT no, log, idx, chain, previous, bytes, is_signed, open FROM segment WHERE no = ?", [number]).flatMap(storedSegment)
    }

    /// Every segment in the order of arrival, in pages.
    public func forEachSegment(_ body: (StoredSegment) throws -> Void) throws {
        var last: Int64 = 0
        while true {
            let page = try rows(
                "SELECT no, log, idx, chain, previous, bytes, is_signed, open FROM segment WHERE no > ? ORDER BY no LIMIT 16", [last])
            for row in page { try storedSegment(row).map(body) }
            guard let final = page.last else { return }
            last = final[0]
        }
    }

    /// The segments of one log from an index on, in order, branches one beside the other. Holds one of them at a time.
    public func forEachSegment(of log: Int64, from index: Int64, _ body: (StoredSegment) throws -> Void) throws {
        var (last, number) = (index, Int64(0))
        while true {
            let page = try rows(
                "SELECT idx, no FROM segment WHERE log = ? AND (idx, no) > (?, ?) ORDER BY idx, no LIMIT 256", [log, last, number])
            for row in page { try segment(row[1]).map(body) }
            guard let final = page.last else { return }
            (last, number) = (final[0], final[1])
        }
    }

    /// The numbers of the segments of one log from an index on: a branch from where it leaves another up to its end, then the next one.
    public func segmentsByBranch(of log: Int64, from index: Int64) throws -> [Int64] {
        var (starts, following): ([Int64], [Int64: [Int64]]) = ([], [:])
        let places = try rows(
            """
            SELECT s.no, p.no FROM segment s LEFT JOIN segment p ON p.chain = s.previous AND p.idx >= ?2
            WHERE s.log = ?1 AND s.idx >= ?2 ORDER BY s.idx, s.no
            """, [log, index])
        for row in places {
            if let previous: Int64 = row[1] { following[previous, default: []].append(row[0]) } else { starts.append(row[0]) }
        }
        var (ordered, open): ([Int64], [Int64]) = ([], starts.reversed())
        while let number = open.popLast() {
            ordered.append(number)
            open += (following[number] ?? []).reversed()
        }
        return ordered
    }

    /// The newest segment of each branch of each log: those that no other follows. As many as there are branches, however long they are.
    public func heads() throws -> [(tag: LogTag, index: UInt64, chain: Hash32)] {
        try rows(
            """
            SELECT l.tag, s.idx, s.chain FROM log l JOIN segment s ON s.log = l.no WHERE s.is_head ORDER BY l.tag, s.idx, s.chain
            """
        ).compactMap { row in
            guard let tag = LogTag(row.bytes(0)), let chain = Hash32(row.bytes(2)) else { return nil }
            return (tag, UInt64(bitPattern: row[1]), chain)
        }
    }

    public func heads(of log: Int64) throws -> [(index: UInt64, chain: Hash32)] {
        try rows("SELECT idx, chain FROM segment WHERE log = ? AND is_head ORDER BY idx", [log])
            .compactMap { row in Hash32(row.bytes(1)).map { (UInt64(bitPattern: row[0]), $0) } }
    }

    /// The lowest index at which a log has several segments; nil for one without branches.
    public func firstFork(of log: Int64) throws -> Int64? {
        try row("SELECT fork FROM log WHERE no = ?", [log])?[0]
    }

    public func lastSegment(of log: Int64) throws -> StoredSegment? {
        try row(
            """
            SELECT no, log, idx, chain, previous, bytes, is_signed, open FROM segment WHERE log = ? ORDER BY idx DESC, no DESC LIMIT 1
            """, [log]
        ).flatMap(storedSegment)
    }

    // MARK: Waiting

    public struct Waiting: Hashable, Sendable {
        public var name: ChangeName
        public var carrier: StoredChange.Carrier
        public var missing: ChangeName
        /// Whether its log may carry it.
        public var isOwned: Bool

        public init(name: ChangeName, carrier: StoredChange.Carrier, missing: ChangeName, isOwned: Bool) {
            self.name = name
            self.carrier = carrier
            self.missing = missing
            self.isOwned = isOwned
        }
    }

    public func add(_ waiting: Waiting) throws {
        try run(
            "INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                waiting.carrier.segment, waiting.carrier.position, Blob(waiting.name.author.bytes),
                Int64(bitPattern: waiting.name.seq), Int64(bitPattern: waiting.name.mark),
                Blob(waiting.missing.author.bytes), Int64(bitPattern: waiting.missing.seq),
                Int64(bitPattern: waiting.missing.mark), waiting.isOwned,
            ])
    }

    private func waiting(_ row: Row) -> Waiting? {
        guard let author = AuthorID(row.bytes(2)), let missing = AuthorID(row.bytes(5)) else { return nil }
        return Waiting(
            name: ChangeName(author: author, seq: UInt64(bitPattern: row[3]), mark: UInt64(bitPattern: row[4])),
            carrier: StoredChange.Carrier(segment: row[0], position: row[1]),
            missing: ChangeName(author: missing, seq: UInt64(bitPattern: row[6]), mark: UInt64(bitPattern: row[7])),
            isOwned: row[8])
    }

    public func waiting() throws -> [Waiting] { try rows("SELECT * FROM waiting ORDER BY segment, position").compactMap(waiting) }

    public func waiting(for name: ChangeName) throws -> [Waiting] {
        try rows(
            """
            SELECT * FROM waiting WHERE missing_author = ? AND missing_seq = ? AND missing_mark = ?
            ORDER BY segment, position
            """, [Blob(name.author.bytes), Int64(bitPattern: name.seq), Int64(bitPattern: name.mark)]
        ).compactMap(waiting)
    }

    public func waitingCount() throws -> Int { try row("SELECT count(*) FROM waiting")?[0] ?? 0 }

    public func removeWaiting(_ carrier: StoredChange.Carrier) throws {
        try run("DELETE FROM waiting WHERE segment = ? AND position = ?", [carrier.segment, carrier.position])
    }
}

extension LogTransaction {
    /// The chain values of a log's segments at one index, with the opens of their branches: one, or one for each branch.
    public func chains(of log: Int64, at index: UInt64) throws -> [(chain: Hash32, open: Int64)] {
        try rows("SELECT chain, open FROM segment WHERE log = ? AND idx = ? ORDER BY no", [log, Int64(bitPattern: index)])
            .compactMap { row in Hash32(row.bytes(0)).map { ($0, row[1]) } }
    }

    // MARK: Segments that are stored and not yet opened

    public func unread() throws -> [Int64] { try rows("SELECT segment FROM unread ORDER BY segment").map { $0[0] } }

    public func addUnread(_ segment: Int64) throws { try run("INSERT OR IGNORE INTO unread (segment) VALUES (?)", [segment]) }

    public func removeUnread(_ segment: Int64) throws { try run("DELETE FROM unread WHERE segment = ?", [segment]) }

    public func device(ofAuthor number: Int64) throws -> DeviceID? {
        try row("SELECT device FROM author WHERE no = ?", [number]).flatMap { DeviceID($0.bytes(0)) }
    }
}
