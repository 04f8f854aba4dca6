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

    /// Adds a record as it came, opened or not.
    ///
    /// - Returns: Its number, and whether it is new: the same bytes, or another sealing of a record that is here, are not.
    public func addControl(sealed: [UInt8], record: ControlRecord?) throws -> (number: Int64, isNew: Bool) {
        if let known: Int64 = try row("SELECT no FROM control WHERE sealed = ?", [Blob(sealed)])?[0] { return (known, false) }
        // Kept beside the first, as bytes alone: a remote that has it is not offered it again.
        let isKnown = try record.map { try row("SELECT 1 FROM control WHERE name = ?", [Blob($0.name.bytes)]) != nil } ?? false
        let kept = isKnown ? nil : record
        try run(
            "INSERT INTO control (name, sealed, record) VALUES (?, ?, ?)",
            [kept.map { Blob($0.name.bytes) }, Blob(sealed), kept.map { try seal(Blob($0.bytes), .controlRecord, Blob($0.name.bytes)) }])
        return (db.lastInsertedRowID, !isKnown)
    }

    /// Records that are here as bytes only, by number.
    public func unopenedControl() throws -> [(number: Int64, sealed: [UInt8])] {
        try rows("SELECT no, sealed FROM control WHERE record IS NULL ORDER BY no").map { ($0[0], $0.bytes(1)) }
    }

    /// A record that was here as bytes only could be opened. False when another sealing of it is here.
    public func setControl(_ number: Int64, record: ControlRecord) throws -> Bool {
        try run(
            "UPDATE OR IGNORE control SET name = ?, record = ? WHERE no = ?",
            [Blob(record.name.bytes), seal(Blob(record.bytes), .controlRecord, Blob(record.name.bytes)), number])
        return db.changesCount > 0
    }

    // MARK: Which control records a remote has

    public func noteControl(_ number: Int64, at remote: String) throws {
        try run("INSERT OR IGNORE INTO control_at (remote, control) VALUES (?, ?)", [seal(remote, .controlAtRemote), number])
    }

    /// A remote lost its control log: nothing is known of what it has.
    public func forgetControl(at remote: String) throws { try run("DELETE FROM control_at WHERE remote = ?", [seal(remote, .controlAtRemote)]) }

    /// As they travel, in order of arrival: those that a remote was not seen to have.
    public func controlLacked(by remote: String) throws -> [(number: Int64, sealed: [UInt8])] {
        try rows(
            """
            SELECT no, sealed FROM control WHERE no NOT IN (SELECT control FROM control_at WHERE remote = ?) ORDER BY no
            """, [seal(remote, .controlAtRemote)]
        ).map { ($0[0], $0.bytes(1)) }
    }

    public func controlRecords() throws -> [ControlRecord] {
        try rows("SELECT name, record FROM control WHERE record IS NOT NULL ORDER BY no").compactMap { row in
            let bytes = try open(row[1], .controlRecord, row[0] as DatabaseValue).bytes
            return try? ControlRecord(bytes)
        }
    }

    /// As they travel, in order of arrival.
    public func sealedControl() throws -> [[UInt8]] {
        try rows("SELECT sealed FROM control ORDER BY no").map { $0.bytes(0) }
    }

    // MARK: Registrations

    /// The chain as a remote has it, from counter 0; for one that was never reached, and for nil, the team's longest.
    public func registrations(of remote: String? = nil) throws -> [Registration] {
        let own = try remote.map(storedRegistrations) ?? []
        return own.isEmpty ? try storedRegistrations("") : own
    }

    private func storedRegistrations(_ remote: String) throws -> [Registration] {
        let key = try seal(remote, .registrationRemote)
        return try rows("SELECT counter, bytes FROM registration WHERE remote = ? ORDER BY counter", [key]).compactMap { row in
            try? Registration(try open(row[1], .registration, key, row[0] as Int64).bytes)
        }
    }

    /// Replaces what is known of a remote's chain; the longest one is kept for remotes to come.
    public func setRegistrations(_ chain: [Registration], of remote: String?) throws {
        if let remote { try replaceRegistrations(chain, of: remote) }
        if chain.count > (try storedRegistrations("").count) { try replaceRegistrations(chain, of: "") }
    }

    private func replaceRegistrations(_ chain: [Registration], of remote: String) throws {
        let key = try seal(remote, .registrationRemote)
        try run("DELETE FROM registration WHERE remote = ?", [key])
        for registration in chain {
            let counter = Int64(bitPattern: registration.counter)
            try run(
                "INSERT INTO registration (remote, counter, bytes) VALUES (?, ?, ?)",
                [key, counter, seal(Blob(registration.bytes), .registration, key, counter)])
        }
    }

    // MARK: Remotes

    private func remote(_ row: Row) throws -> StoredRemote {
        let key: DatabaseValue = row[0]
        return StoredRemote(
            name: String.fromDatabaseValue(try open(key, .remoteName)) ?? "",
            url: String.fromDatabaseValue(try open(row[1], .remoteURL, key)) ?? "",
            token: String.fromDatabaseValue(try open(row[2], .remoteToken, key)),
            controlPosition: Int64.fromDatabaseValue(try open(row[3], .remoteControl, key)) ?? 0,
            exchanged: Int64.fromDatabaseValue(try open(row[4], .remoteExchanged, key)))
    }

    /// In the order of their names.
    public func remotes() throws -> [StoredRemote] {
        try rows("SELECT name, url, token, control, exchanged FROM remote").map(remote).sorted {
            ByteOrder.precedes($0.name, $1.name)
        }
    }

    public func set(_ remote: StoredRemote) throws {
        let key = try seal(remote.name, .remoteName)
        try run(
            "INSERT OR REPLACE INTO remote (name, url, token, control, exchanged) VALUES (?, ?, ?, ?, ?)",
            [
                key, seal(remote.url, .remoteURL, key), seal(remote.token.databaseValue, .remoteToken, key),
                seal(remote.controlPosition, .remoteControl, key),
                seal(remote.exchanged.databaseValue, .remoteExchanged, key),
            ])
    }

    public func removeRemote(_ name: String) throws -> Bool {
        try run("DELETE FROM control_at WHERE remote = ?", [seal(name, .controlAtRemote)])
        try run("DELETE FROM registration WHERE remote = ?", [seal(name, .registrationRemote)])
        try run("DELETE FROM remote WHERE name = ?", [seal(name, .remoteName)])
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
        let key = try seal(remote, .remoteName)
        try run("UPDATE remote SET token = ? WHERE name = ?", [seal(token, .remoteToken, key), key])
    }

    public func setControlPosition(_ position: Int64, of remote: String) throws {
        let key = try seal(remote, .remoteName)
        try run("UPDATE remote SET control = ? WHERE name = ?", [seal(position, .remoteControl, key), key])
    }
}
