import SyncCore

/// What somebody logged on this device before they came into a team: carried in, or kept apart. The old store is not changed either way.
struct CarryIn {
    private let context: Context
    private let finder: StoreFinder

    init(_ context: Context, _ finder: StoreFinder) { (self.context, self.finder) = (context, finder) }

    /// A store of a team with nobody else in it.
    private struct Earlier {
        var replica: Replica
        var team: String
        var records: Int
    }

    func offer(into target: Replica, role: Role, _ options: NewStoreOptions) throws {
        guard !options.keepApart else { return }
        for earlier in try stores(beside: target) where earlier.records > 0 {
            let what = "\(ExchangeRunner.count(earlier.records, "record")) of \(earlier.team)"
            guard role != .reader else {
                context.output.say("\(what) \(earlier.records == 1 ? "stays" : "stay") apart: this device may only read here.")
                continue
            }
            guard try options.carry || isWanted(what) else {
                context.output.say("\(what) \(earlier.records == 1 ? "stays" : "stay") apart, in \(earlier.replica.paths.folder). To take them along later:  \(Self.later(earlier, target), .strong)")
                continue
            }
            try carry(earlier, into: target)
        }
    }

    private static func later(_ earlier: Earlier, _ target: Replica) -> String {
        "sync export --store \(earlier.replica.paths.folder) --format ndjson | sync import - --format ndjson --store \(target.paths.folder)"
    }

    private func isWanted(_ what: String) throws -> Bool {
        guard context.canAsk, !context.options.yes else { return false }
        let answer = context.ask("\(what) were logged on this device before. Take them along into this team? Everybody in it will see them. [y/N] ") ?? ""
        return ["y", "yes"].contains(answer.lowercased())
    }

    /// Those below the data folder that open without a question.
    private func stores(beside target: Replica) throws -> [Earlier] {
        guard let root = try? finder.dataFolder() else { return [] }
        return try finder.teams().map { root + "/" + $0 }.filter { !isSame($0, target.paths.folder) }.compactMap(earlier)
    }

    private func isSame(_ a: String, _ b: String) -> Bool {
        guard let first = FileSystem.resolved(a), let second = FileSystem.resolved(b) else { return ByteOrder.same(a, b) }
        return ByteOrder.same(first, second)
    }

    private func earlier(_ folder: String) throws -> Earlier? {
        let opened = try? Replica(openingAt: folder, surroundings: context.surroundings) { store in
            guard let found = context.keyCache.find(store) else { throw store.locked }
            return found.key
        }
        guard let replica = opened, try replica.team().roster.count == 1 else { return nil }
        let records = try replica.read { try $0.count(.event) + $0.count(.petition) }
        return Earlier(replica: replica, team: try replica.team().genesis.teamName, records: records)
    }

    private static let batch = 500

    /// By the way of an import: ids stay, and doing it again changes nothing.
    private func carry(_ earlier: Earlier, into target: Replica) throws {
        var pending: [RecordDocument] = []
        var report = ImportReport()
        func flush() throws {
            let step = try target.importDocuments(pending, source: "carried", dryRun: false)
            report.created += step.created
            report.unchanged += step.unchanged + step.changed
            pending = []
        }
        try earlier.replica.read { session in
            for kind in RecordKind.allCases {
                try session.forEach(kind) { document in
                    pending.append(document)
                    if pending.count == Self.batch { try flush() }
                }
            }
        }
        try flush()
        if context.output.mode == .json {
            return context.output.json("carried", [("team", .string(earlier.team)), ("records", JSON(report.created + report.unchanged))])
        }
        context.output.line("Took along \(ExchangeRunner.count(report.created + report.unchanged, "record")) of \(earlier.team). Send them with  \("sync now", .strong)")
        context.output.say("They are in \(earlier.replica.paths.folder) still; once you see them here:  \("sync wipe --store \(earlier.replica.paths.folder)", .strong)")
    }
}
