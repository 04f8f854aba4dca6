import GRDB

/// A change as the log knows it, without its operations.
public struct StoredChange: Hashable, Sendable {
    /// The local number: order of arrival.
    public var number: Int64
    public var name: ChangeName
    public var previousMark: UInt64?
    public var lamport: UInt64
    public var wall: Int64
    /// Where its operations are; nil while they are in the journal.
    public var carrier: Carrier?
    public var void: VoidReason?

    public struct Carrier: Hashable, Sendable {
        public var segment: Int64
        public var position: Int

        public init(segment: Int64, position: Int) {
            self.segment = segment
            self.position = position
        }
    }
}

/// Why a change does not count. Kept, forwarded, listed; satisfies dependencies.
public enum VoidReason: Int, Hashable, Sendable {
    /// Its author is no device of the team, or not any more.
    case outsideRoster = 1
    /// It came in a log that may not carry it.
    case wrongCarrier = 2
    /// It breaks a rule of the format: size, order.
    case invalid = 3
    /// Its device may read and not write.
    case reader = 4
    /// Its device was removed, or may only read, and the last of its changes that count comes before this one.
    case pastCut = 5
}

extension LogTransaction {
    // MARK: Authors

    public func authorNumber(_ id: AuthorID) throws -> Int64? {
        try row("SELECT no FROM author WHERE id = ?", [Blob(id.bytes)])?[0]
    }

    public func addAuthor(_ id: AuthorID, device: DeviceID?, salt: [UInt8]?) throws -> Int64 {
        if let known = try authorNumber(id) {
            if let device, let salt {
                try run(
                    "UPDATE author SET device = ?, salt = ? WHERE no = ? AND device IS NULL",
                    [Blob(device.bytes), Blob(salt), known])
            }
            return known
        }
        try run(
            "INSERT INTO author (id, device, salt) VALUES (?, ?, ?)",
            [Blob(id.bytes), device.map { Blob($0.bytes) }, salt.map(Blob.init)])
        return db.lastInsertedRowID
    }

    public struct StoredAuthor: Hashable, Sendable {
        public var number: Int64
        public var id: AuthorID
        public var device: DeviceID?
        public var salt: [UInt8]?
    }

    public func authors() throws -> [StoredAuthor] {
        try rows("SELECT no, id, device, salt FROM author ORDER BY no").compactMap { row in
            AuthorID(row.bytes(1)).map { id in
                StoredAuthor(
                    number: row[0], id: id, device: row.optionalBytes(2).flatMap { DeviceID($0) },
                    salt: row.optionalBytes(3))
            }
        }
    }

    // MARK: Changes

    public func insert(_ change: StoredChange, author: Int64) throws {
        try run(
            """
            INSERT INTO change (no, author, seq, mark, previous, lamport, wall, segment, position, void)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                change.number, author, Int64(bitPattern: change.name.seq), Int64(bitPattern: change.name.mark),
                Int64(bitPattern: change.previousMark ?? 0), Int64(bitPattern: change.lamport),
                seal(change.wall, .wall, change.number), change.carrier?.segment, change.carrier?.position, change.void?.rawValue ?? 0,
            ])
    }

    public func lastChangeNumber() throws -> Int64 {
        try row("SELECT max(no) FROM change")?[0] ?? 0
    }

    public func changeNumber(author: Int64, seq: UInt64, mark: UInt64) throws -> Int64? {
        try row(
            "SELECT no FROM change WHERE author = ? AND seq = ? AND mark = ?",
            [author, Int64(bitPattern: seq), Int64(bitPattern: mark)])?[0]
    }

    public func changeNumber(_ name: ChangeName) throws -> Int64? {
        guard let author = try authorNumber(name.author) else { return nil }
        return try changeNumber(author: author, seq: name.seq, mark: name.mark)
    }

    /// Of one author's changes of one number, which only a copied device has several of, their marks.
    public func marks(author: Int64, seq: UInt64) throws -> [UInt64] {
        try rows("SELECT mark FROM change WHERE author = ? AND seq = ? ORDER BY no", [author, Int64(bitPattern: seq)])
            .map { UInt64(bitPattern: $0[0]) }
    }

    private static let columns =
        "c.no, a.id, c.seq, c.mark, c.previous, c.lamport, c.wall, c.segment, c.position, c.void"

    private func stored(_ row: Row) throws -> StoredChange? {
        guard let author = AuthorID(row.bytes(1)) else { return nil }
        let seq = UInt64(bitPattern: row[2])
        let segment: Int64? = row[7]
        return StoredChange(
            number: row[0], name: ChangeName(author: author, seq: seq, mark: UInt64(bitPattern: row[3])),
            previousMark: seq > 1 ? UInt64(bitPattern: row[4]) : nil, lamport: UInt64(bitPattern: row[5]),
            wall: cipher == nil ? row[6] : Int64.fromDatabaseValue(try open(row[6], .wall, row[0] as Int64)) ?? 0, carrier: segment.map { StoredChange.Carrier(segment: $0, position: row[8] ?? 0) },
            void: VoidReason(rawValue: row[9]))
    }

    public func change(_ number: Int64) throws -> StoredChange? {
        try row("SELECT \(Self.columns) FROM change c JOIN author a ON a.no = c.author WHERE c.no = ?", [number])
            .flatMap(stored)
    }

    /// In order of arrival, at most `limit`.
    public func changes(after number: Int64, limit: Int) throws -> [StoredChange] {
        try rows(
            """
            SELECT \(Self.columns) FROM change c JOIN author a ON a.no = c.author WHERE c.no > ? ORDER BY c.no LIMIT ?
            """, [number, limit]
        ).compactMap(stored)
    }

    public func changes(of author: Int64) throws -> [StoredChange] {
        try rows(
            "SELECT \(Self.columns) FROM change c JOIN author a ON a.no = c.author WHERE c.author = ? ORDER BY c.no",
            [author]
        ).compactMap(stored)
    }

    public func voidChanges() throws -> [StoredChange] {
        try rows("SELECT \(Self.columns) FROM change c JOIN author a ON a.no = c.author WHERE c.void <> 0 ORDER BY c.no")
            .compactMap(stored)
    }

    /// How many changes bear one author's number: more than one means that the device was cloned.
    public func isForked(author: Int64) throws -> Bool {
        try row("SELECT 1 FROM change WHERE author = ? GROUP BY seq HAVING count(*) > 1 LIMIT 1", [author]) != nil
    }

    public func setVoid(_ number: Int64, _ reason: VoidReason?) throws {
        try run("UPDATE change SET void = ? WHERE no = ?", [reason?.rawValue ?? 0, number])
    }

    /// Another change of the same name counts from now on.
    public func replace(_ number: Int64, previousMark: UInt64?, wall: Int64, carrier: StoredChange.Carrier, void: VoidReason?) throws {
        try run(
            "UPDATE change SET previous = ?, wall = ?, segment = ?, position = ?, void = ? WHERE no = ?",
            [
                Int64(bitPattern: previousMark ?? 0), seal(wall, .wall, number), carrier.segment, carrier.position,
                void?.rawValue ?? 0, number,
            ])
    }

    public func setLamport(_ number: Int64, _ lamport: UInt64) throws {
        try run("UPDATE change SET lamport = ? WHERE no = ?", [Int64(bitPattern: lamport), number])
    }

    public func setCarrier(_ number: Int64, _ carrier: StoredChange.Carrier) throws {
        try run("UPDATE change SET segment = ?, position = ? WHERE no = ?", [carrier.segment, carrier.position, number])
    }

    /// Another change of this name, which does not count. `isOwned` says whether its log may carry it.
    public func addTwin(of number: Int64, _ carrier: StoredChange.Carrier, isOwned: Bool) throws {
        try run(
            "INSERT OR IGNORE INTO twin (change, segment, position, owned) VALUES (?, ?, ?, ?)",
            [number, carrier.segment, carrier.position, isOwned])
    }

    public func twins() throws -> [(change: Int64, carrier: StoredChange.Carrier, isOwned: Bool)] {
        try rows("SELECT change, segment, position, owned FROM twin ORDER BY change, segment, position").map { row in
            (row[0], StoredChange.Carrier(segment: row[1], position: row[2]), row[3])
        }
    }

    // MARK: Journal and frontier

    public func appendToJournal(_ number: Int64, _ bytes: [UInt8]) throws {
        try run("INSERT INTO journal (change, bytes) VALUES (?, ?)", [number, seal(Blob(bytes), .journal, number)])
    }

    public func journalBytes(_ number: Int64) throws -> [UInt8]? {
        try row("SELECT bytes FROM journal WHERE change = ?", [number]).map { try open($0[0], .journal, number).bytes }
    }

    /// In order; at most so many.
    public func journal(limit: Int) throws -> [(number: Int64, bytes: [UInt8])] {
        try rows("SELECT change, bytes FROM journal ORDER BY change LIMIT ?", [limit]).map { row in
            (row[0], try open(row[1], .journal, row[0] as Int64).bytes)
        }
    }

    public func journalCount() throws -> Int { try row("SELECT count(*) FROM journal")?[0] ?? 0 }

    public func removeFromJournal(_ number: Int64) throws { try run("DELETE FROM journal WHERE change = ?", [number]) }

    /// The changes that no known change follows.
    public func frontier() throws -> [Int64] { try rows("SELECT change FROM frontier ORDER BY change").map { $0[0] } }

    public func addToFrontier(_ number: Int64) throws {
        try run("INSERT OR IGNORE INTO frontier (change) VALUES (?)", [number])
    }

    public func removeFromFrontier(_ number: Int64) throws { try run("DELETE FROM frontier WHERE change = ?", [number]) }
}

extension LogTransaction {
    public func author(_ number: Int64) throws -> AuthorID? {
        try row("SELECT id FROM author WHERE no = ?", [number]).flatMap { AuthorID($0.bytes(0)) }
    }
}

extension LogTransaction {
    /// The changes of authors whose standing changed at some time: their records are folded again when the team changes.
    public func changesToFold() throws -> [Int64] {
        try rows("SELECT change FROM refold ORDER BY change").map { $0[0] }
    }

    public func addToFold(_ number: Int64) throws { try run("INSERT OR IGNORE INTO refold (change) VALUES (?)", [number]) }
}

extension LogTransaction {
    /// The one with the greatest number among an author's changes.
    public func newestChange(of author: Int64) throws -> StoredChange? {
        let number: Int64? = try row(
            "SELECT no FROM change WHERE author = ? ORDER BY seq DESC, no DESC LIMIT 1", [author])?[0]
        return try number.flatMap(change)
    }
}

extension LogTransaction {
    /// Whether any change of an author does not count.
    public func hasVoid(author: Int64) throws -> Bool {
        try row("SELECT 1 FROM change WHERE author = ? AND void <> 0 LIMIT 1", [author]) != nil
    }

    /// Under what an author's changes were judged last; nil when they never were.
    public func judged(author: Int64) throws -> [UInt8]? {
        try row("SELECT judged FROM author WHERE no = ?", [author]).flatMap { $0.optionalBytes(0) }
    }

    public func setJudged(author: Int64, _ standing: [UInt8]) throws {
        try run("UPDATE author SET judged = ? WHERE no = ?", [Blob(standing), author])
    }
}
