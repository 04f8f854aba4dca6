import GRDB

/// What stands of the exchange with one remote.
public struct StoredRemote: Hashable, Sendable {
    public var name: String
    public var url: String
    /// Where the next pull begins; nil: at the beginning.
    public var token: String?
    /// The last position of its control log that was read.
    public var controlPosition: Int64
    /// When both sides were last seen to agree, in milliseconds since 1970.
    public var exchanged: Int64?
}

extension LogTransaction {
    // MARK: Control log

    /// Adds a record as it came, opened or not. False when it is here already.
    public func addControl(sealed: [UInt8], record: ControlRecord?) throws -> Bool {
        try run(
            "INSERT OR IGNORE INTO control (name, sealed, record) VALUES (?, ?, ?)",
            [record.map { Blob($0.name.bytes) }, Blob(sealed), record.map { Blob($0.bytes) }])
        return db.changesCount > 0
    }

    public func controlRecords() throws -> [ControlRecord] {
        try rows("SELECT record FROM control WHERE record IS NOT NULL ORDER BY no").compactMap { row in
            try? ControlRecord(row.bytes(0))
        }
    }

    /// As they travel, in order of arrival.
    public func sealedControl() throws -> [[UInt8]] {
        try rows("SELECT sealed FROM control ORDER BY no").map { $0.bytes(0) }
    }

    // MARK: Registrations

    public func registrations() throws -> [Registration] {
        try rows("SELECT bytes FROM registration ORDER BY counter").compactMap { try? Registration($0.bytes(0)) }
    }

    public func setRegistration(_ registration: Registration) throws {
        try run(
            "INSERT OR REPLACE INTO registration (counter, bytes) VALUES (?, ?)",
            [Int64(bitPattern: registration.counter), Blob(registration.bytes)])
    }

    // MARK: Remotes

    private func remote(_ row: Row) -> StoredRemote {
        StoredRemote(name: row[0], url: row[1], token: row[2], controlPosition: row[3], exchanged: row[4])
    }

    public func remotes() throws -> [StoredRemote] {
        try rows("SELECT name, url, token, control, exchanged FROM remote ORDER BY name").map(remote)
    }

    public func set(_ remote: StoredRemote) throws {
        try run(
            "INSERT OR REPLACE INTO remote (name, url, token, control, exchanged) VALUES (?, ?, ?, ?, ?)",
            [remote.name, remote.url, remote.token, remote.controlPosition, remote.exchanged])
    }

    public func removeRemote(_ name: String) throws -> Bool {
        try run("DELETE FROM remote WHERE name = ?", [name])
        return db.changesCount > 0
    }

    // MARK: Heads that others were seen to have, and that were told to others

    public func toldHead(_ tag: LogTag) throws -> UInt64? {
        try row("SELECT idx FROM head WHERE tag = ?", [Blob(tag.bytes)]).map { UInt64(bitPattern: $0[0]) }
    }

    public func setToldHead(_ tag: LogTag, index: UInt64, chain: Hash32) throws {
        try run(
            "INSERT OR REPLACE INTO head (tag, idx, chain) VALUES (?, ?, ?)",
            [Blob(tag.bytes), Int64(bitPattern: index), Blob(chain.bytes)])
    }
}

extension LogTransaction {
    public func setToken(_ token: String, of remote: String) throws {
        try run("UPDATE remote SET token = ? WHERE name = ?", [token, remote])
    }

    public func setControlPosition(_ position: Int64, of remote: String) throws {
        try run("UPDATE remote SET control = ? WHERE name = ?", [position, remote])
    }
}
