import ArgumentParser
import SyncCore

struct StatusCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "What is here, what was not sent, and what needs a person.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ context: Context) throws {
        guard let replica = try context.openUnlessLocked() else { return try locked(context) }
        let status = try replica.status()
        if context.output.mode == .json { return try json(status, replica, context) }
        for row in try rows(status, replica, context) {
            if context.output.mode == .plain {
                context.output.line(Line(row.label) + Line("\t", .separator) + row.text)
            } else {
                context.output.line("\(row.label, .faint)\(String(repeating: " ", count: max(1, 11 - row.label.count)))\(row.text)", indent: 11)
            }
        }
    }

    /// A store that is locked tells nothing but that.
    private func locked(_ context: Context) throws {
        let folder = try StoreFinder(global, context.environment).folder()
        switch context.output.mode {
        case .json: context.output.json("status", [("store", .string(folder)), ("locked", JSON(true))])
        case .plain:
            context.output.line("store\(Line("\t", .separator))\(folder)")
            context.output.line("lock\(Line("\t", .separator))locked")
        case .text:
            context.output.line("\("store", .faint)      \(folder)", indent: 11)
            context.output.line("\("lock", .faint)       locked:  \("sync unlock", .strong)", indent: 11)
        }
    }

    private static func lock(_ replica: Replica, _ context: Context) -> Line {
        guard replica.isSealed else { return "no passphrase" }
        guard let store = try? LockedStore(replica.paths.folder, surroundings: context.surroundings),
            let found = context.keyCache.find(store)
        else { return "passphrase set" }
        return Line("unlocked until \(context.clock.text(found.until))")
    }

    private func rows(_ status: ReplicaStatus, _ replica: Replica, _ context: Context) throws -> [(label: String, text: Line)] {
        let role = status.role.map(\.name) ?? (status.hindrance == .removed ? "removed" : "not in the roster")
        let others = status.machines - 1
        var rows: [(label: String, text: Line)] = [
            ("team", "\(status.teamName, .strong)"),
            ("device", "\(status.deviceName), \(role); \(others == 0 ? "no others yet" : Self.count(others, "other"))"),
            ("store", Line(replica.paths.folder)),
            ("lock", Self.lock(replica, context)),
            ("records", Line(RecordKind.allCases.map { Self.count(status.records[$0] ?? 0, $0.rawValue) }.joined(separator: ", "))),
        ]
        rows += recovery(status)
        rows += remoteRows(status, context)
        rows += try trouble(status, replica, context)
        rows += try conflicts(status, replica)
        if !status.duplicates.isEmpty { rows.append(("duplicates", Self.duplicates(status.duplicates))) }
        return rows
    }

    /// How many there are, and the first records by name.
    private func conflicts(_ status: ReplicaStatus, _ replica: Replica) throws -> [(label: String, text: Line)] {
        guard status.conflicts > 0 else { return [("conflicts", "none")] }
        let records = status.disputedRecords == status.conflicts ? "" : " of \(Self.count(status.disputedRecords, "record"))"
        let head: Line = "\("! \(Self.count(status.conflicts, "field"))", .attention)\(records) for a person:  \("sync conflicts list", .strong)"
        let named = try replica.read { session in
            try session.conflicts(detail: false, limit: 3).map { conflict -> (label: String, text: Line) in
                ("", "\(try session.shortText(conflict.id), .strong)  \(conflict.document.titleText): \(ConflictPlace(conflict).name)")
            }
        }
        return [("conflicts", head)] + named + (status.conflicts > named.count ? [("", "…")] : [])
    }

    private static func duplicates(_ pairs: [ReplicaStatus.Pair]) -> Line {
        let shown = pairs.prefix(2).map { "\($0.first) ~ \($0.second)" }.joined(separator: ", ") + (pairs.count > 2 ? ", …" : "")
        return "\("? \(count(pairs.count, "possible one"))", .attention): \(shown)  \("sync duplicates list", .strong)"
    }

    /// For coordinators, who alone can make one that enrols. What nobody has, nobody can be let in by.
    private func recovery(_ status: ReplicaStatus) -> [(label: String, text: Line)] {
        guard status.role == .coordinator else { return [] }
        let keys = status.devices.filter(\.isRecoveryKey)
        guard keys.isEmpty else { return [("recovery", Line(keys.map(\.enrolment.name).joined(separator: ", ")))] }
        return [("recovery", "no key: who loses the coordinators' devices loses the team:  \("sync key recovery", .strong)")]
    }

    private func remoteRows(_ status: ReplicaStatus, _ context: Context) -> [(label: String, text: Line)] {
        guard !status.remotes.isEmpty else { return [("remotes", "none; everything is on this device")] }
        let isOut = status.hindrance == .removed && status.unsent > 0
        let unsent: Line = isOut ? "\(Self.count(status.unsent, "change")) that nobody gets any more" : status.unsent == 0 ? "nothing" : "\(Self.count(status.unsent, "change"))   \("sync push", .strong)"
        return status.remotes.map { remote in
            let age = remote.exchanged.map { "in step \(LocalClock.age(context.clock.now - $0)) ago" } ?? "never reached yet"
            return ("remotes", Line("\(remote.name)  \(RemoteText.line(remote.url))  \(age)"))
        } + [("unsent", unsent)]
    }

    private func trouble(_ status: ReplicaStatus, _ replica: Replica, _ context: Context) throws -> [(label: String, text: Line)] {
        var rows: [(label: String, text: Line)] = []
        rows += WaitingText.rows(status)
        rows += newer(status.newer)
        if let line = try ClockText(status.clocks, replica.team(), own: status.device).line { rows.append(("clock", Line(line, .attention))) }
        rows += CopyText.rows(status, context.clock)
        rows += withheld(status)
        rows += untrue(status)
        rows += setbacks(status, context.clock)
        if status.unreadableControl > 0 {
            rows.append(
                ("team log", Line("\(Self.count(status.unreadableControl, "record")) that cannot be read here: damaged, incomplete, or of a newer version")))
        }
        for (reason, count) in Dictionary(grouping: status.void, by: \.reason).map({ ($0.key, $0.value.count) })
            .sorted(by: { $0.0.rawValue < $1.0.rawValue })
        { rows.append(("not counted", Line("\(Self.count(count, "change")): \(reason.text)"))) }
        if let hindrance = status.hindrance { rows.append((hindrance.label, Line("! " + hindrance.text, .attention))) }
        return rows
    }

    /// What this version cannot show.
    private func newer(_ newer: NewerContent) -> [(label: String, text: Line)] {
        guard !newer.isEmpty else { return [] }
        let counts = [
            newer.records > 0 ? Self.count(newer.records, "record") : nil, newer.edits > 0 ? Self.count(newer.edits, "edit") : nil,
        ].compactMap(\.self).joined(separator: " and ")
        let verb = newer.records + newer.edits == 1 ? "is" : "are"
        return [("newer", Line("\(counts) \(verb) from a newer version of sync: kept and passed on; upgrade to see them"))]
    }

    /// A coordinator named more than it said: what is here was kept, and others may have been given something else.
    private func untrue(_ status: ReplicaStatus) -> [(label: String, text: Line)] {
        status.untrueRedactions.map { entry in
            let name = status.devices.first { $0.id == entry.by }?.enrolment.name ?? "a device that is gone"
            return ("redaction", Line("! \(name) would have altered more than was redacted (\(entry.redaction.reason)): this device kept what it has", .attention))
        }
    }

    /// A remote that has less than it had.
    private func setbacks(_ status: ReplicaStatus, _ clock: LocalClock) -> [(label: String, text: Line)] {
        status.setbacks.map { setback in
            let age = LocalClock.age(clock.now - setback.noticed)
            return (
                "relay",
                Line("! “\(setback.remote)” lacked, \(age) ago, what it had taken before: it was restored from a backup, or is not honest", .attention)
            )
        }
    }

    /// A remote that shows less than others were given: they name it in what they write.
    private func withheld(_ status: ReplicaStatus) -> [(label: String, text: Line)] {
        let missing = status.withheld.reduce(0) { $0 + $1.segments }
        guard missing > 0 else { return [] }
        let whose = status.withheld.map { withheld in
            let name = withheld.device.flatMap { id in status.devices.first { $0.id == id }?.enrolment.name } ?? "a device not met here yet"
            return "\(withheld.segments) of \(name)"
        }
        return [
            (
                "withheld",
                Line(
                    "! others have \(Self.count(missing, "segment")) that no remote gave this device: \(whose.prefix(3).joined(separator: ", "))",
                    .attention)
            )
        ]
    }

    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    private func json(_ status: ReplicaStatus, _ replica: Replica, _ context: Context) throws {
        let remotes = status.remotes.map { remote in
            JSON.object([("name", .string(remote.name))] + RemoteText.fields(remote.url) + [
                ("exchanged", remote.exchanged.map(JSON.integer) ?? .null),
                ("setback", status.setbacks.first { $0.remote == remote.name }.map { .integer($0.noticed) } ?? .null),
            ])
        }
        context.output.json(
            "status",
            [
                ("team", .string(status.teamName)), ("device", .string(status.deviceName)), ("role", JSON(status.role?.name)),
                ("devices", JSON(status.machines)), ("recovery_keys", JSON(status.devices.count - status.machines)), ("store", .string(replica.paths.folder)),
                ("passphrase", JSON(replica.isSealed)), ("locked", JSON(false)),
                ("records", .object(RecordKind.allCases.map { ($0.rawValue, JSON(status.records[$0] ?? 0)) })),
                ("changes", JSON(status.changes)), ("unsent", JSON(status.unsent)), ("waiting", JSON(status.waiting.count)), ("waiting_for", WaitingText.json(status)),
                ("newer", .object([("edits", JSON(status.newer.edits)), ("records", JSON(status.newer.records))])),
                ("withheld", JSON(status.withheld.reduce(0) { $0 + $1.segments })),
                ("unreadable_control", JSON(status.unreadableControl)), ("void", JSON(status.void.count)), ("conflicts", JSON(status.conflicts)),
                ("disputed_records", JSON(status.disputedRecords)), ("clocks", try ClockText.json(status.clocks, replica.team())), ("duplicates", JSON(status.duplicates.count)),
                ("remotes", .array(remotes)),
                ("hindrance", JSON(status.hindrance?.label)), ("copies", CopyText.json(status)),
                ("renewed", status.renewal.map { .integer($0.time) } ?? .null), ("renewed_for", JSON(status.renewal?.reason.text)),
            ])
    }
}

extension SealingHindrance {
    var label: String {
        switch self {
        case .unknownRules: "upgrade"
        case .removed: "removed"
        case .noUsableEpoch, .keyMissing: "key"
        }
    }

    var text: String {
        switch self {
        case .unknownRules: "the team uses something newer: reading goes on, sending waits for a new version"
        case .removed: "this device was put out of the team: what it had stays readable, nothing new comes or goes"
        case .noUsableEpoch: "the team needs a new key: reading goes on, sending waits for the next exchange of a coordinator"
        case .keyMissing: "this device lacks the team's new key: sending waits for the next exchange of a coordinator"
        }
    }
}

extension VoidReason {
    var text: String {
        switch self {
        case .outsideRoster: "by a device that is not in the team"
        case .wrongCarrier: "came in a log that may not carry it"
        case .invalid: "breaks a rule of the format"
        case .reader: "by a device that may only read"
        case .pastCut: "by a device that was removed:  sync review"
        }
    }
}
