import SyncCore

/// What `doctor` asks of a store.
enum StoreChecks {
    /// Nobody else may read what is in it.
    static func files(_ folder: String) -> [Check] {
        let open = ([folder] + StoreFinder.names(in: folder).map { "\(folder)/\($0)" }).filter { path in
            FileSystem.mode(of: path).map { $0 & 0o077 != 0 } ?? false
        }
        guard let first = open.first else { return [Check("files", .good, "only you can read \(folder)")] }
        let more = open.count > 1 ? " and \(open.count - 1) more" : ""
        return [Check("files", .attention, "others may read \(first)\(more):  chmod -R go= \(folder)")]
    }

    static func store(_ replica: Replica, now: Int64) throws -> [Check] {
        let problems = try replica.databaseProblems()
        let log = problems.isEmpty
            ? Check("log.db", .good, "SQLite finds no damage")
            : Check("log.db", .bad, "damaged: \(problems.prefix(3).joined(separator: "; "))")
        return [log, try segments(replica), passphrase(replica), try incarnation(replica), try clock(replica, now: now)]
    }

    private static func passphrase(_ replica: Replica) -> Check {
        guard replica.isSealed else {
            return Check("passphrase", .attention, "none: anybody who can read this disk can read the records:  sync passphrase set")
        }
        return Check("passphrase", .good, "set; no core dumps")
    }

    /// A flipped bit is no error to SQLite: the hashes tell.
    private static func segments(_ replica: Replica) throws -> Check {
        let damaged = try replica.damagedSegments()
        guard let first = damaged.first else { return Check("segments", .good, "each is what its log says") }
        let more = damaged.count > 1 ? " and \(damaged.count - 1) more" : ""
        return Check("segments", .bad, "damaged on this disk: number \(first.index) of \(first.device ?? "a device")\(more)")
    }

    /// A copy of a store would give its numbers twice, so it gets others of its own.
    private static func incarnation(_ replica: Replica) throws -> Check {
        if try replica.isInItsPlace() { return Check("identity", .good, "this store is where it was made") }
        return Check(
            "identity", .attention,
            "this store was copied, moved or restored here: its next change makes it another incarnation, and nothing is lost")
    }

    private static func clock(_ replica: Replica, now: Int64) throws -> Check {
        let newest = try replica.changes(limit: 50).map(\.origin.wall).max() ?? 0
        guard newest > now + 600_000 else { return Check("clock", .good, "no change is from the future") }
        return Check(
            "clock", .attention, "a change is \(LocalClock.age(newest - now)) ahead of this clock; times shown may mislead, merging is not affected")
    }
}
