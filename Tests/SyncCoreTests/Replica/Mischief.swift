import Testing

@testable import SyncCore

// What a device does that does not keep to the rules: everything that its keys allow.

extension Replica {
    /// What this device seals under.
    func sealing() throws -> EpochKey { newestEpoch(try team()) }

    /// Commits operations as they are, under any name and after any changes.
    @discardableResult
    func craft(
        _ operations: [Operation], after dependencies: [ChangeName] = [], name: ChangeName? = nil,
        previousMark: UInt64? = nil, wall: Int64 = 0,
        epoch: EpochID? = nil
    ) throws -> ChangeName {
        let head = try log.read { try ownHead($0) }
        let name = name ?? ChangeName(author: author, seq: (head?.name.seq ?? 0) + 1, mark: randomWord())
        let epoch = try epoch ?? sealing().id
        let change = Change(
            name: name, previousMark: name.seq == 1 ? nil : previousMark ?? head?.name.mark, wall: wall,
            dependencies: dependencies.map { Change.Dependency(name: $0, epoch: epoch) }.sorted(), operations: operations)
        try locked {
            try log.write { log in
                _ = try log.addAuthor(author, device: device, salt: keys.authorSalt)
                try insert(change, carrier: nil, void: VoidReason(team(log).standing(of: name, by: device)), log)
                try log.appendToJournal(log.lastChangeNumber(), change.canonicalBytes)
            }
            try catchUp()
        }
        return name
    }

    /// Makes a copied store believe that it always lay here.
    func forgeMarks() throws {
        var forged = keys
        forged.incarnation = Incarnation(mark: keys.incarnation.mark, ofLogAt: paths.log)
        try locked {
            try log.write { try $0.set(Setting.incarnation, forged.incarnation.bytes) }
            try save(forged)
            try FileSystem.writeDurably(forged.incarnation.bytes, to: paths.incarnation)
        }
    }

    /// The log that this device writes.
    func ownTag() throws -> LogTag {
        _ = try seal()
        return try #require(try log.read { log in try log.logs().first { $0.device == device }?.tag })
    }

    /// Everything that the view says, in a form that compares: states, rows, conflicts.
    func picture() throws -> Picture {
        try read { session in
            let all = try session.view.records(
                from: RecordID(high: 0, low: 0), to: RecordID(high: .max, low: .max), limit: .max)
            var picture = Picture()
            for stored in all where !stored.state.isEmpty {
                let state = try RecordState(stored.state, numbering: session.index)
                picture.states[stored.id] = state
                picture.documents[stored.id] = try session.document(stored)
                if stored.isVisible { picture.visible.insert(stored.id) }
            }
            picture.conflicts = try session.conflicts().map { conflict in
                "\(conflict.place) \(conflict.values.map { "\($0.value) by \($0.origin.change)" }) "
                    + "\(conflict.deletions.map(\.change)) \(conflict.edits.map(\.change))"
            }
            for table in session.view.layout.tables { picture.rows[table.name] = try session.rows(of: table) }
            return picture
        }
    }
}

extension Session {
    /// The rows of a typed table, each with its record's id in the place of the number, which is this replica's own.
    fileprivate func rows(of table: ViewLayout.Table) throws -> Set<[[UInt8]]> {
        let columns = table.columns.map(\.name).joined(separator: ", ")
        let query = try view.raw("SELECT (SELECT id FROM record WHERE no = record), \(columns) FROM \(table.name)")
        defer { query.reset() }
        var rows: Set<[[UInt8]]> = []
        while try query.step() { rows.insert((0...table.columns.count).map { query.blob(Int32($0)) }) }
        return rows
    }
}

extension Conflict {
    /// Which record and field, in words that compare.
    var place: String { "\(id) \(field?.number ?? 0) \(key?.description ?? "")" }
}

struct Picture: Equatable {
    var states: [RecordID: RecordState] = [:]
    var documents: [RecordID: RecordDocument] = [:]
    var visible: Set<RecordID> = []
    var conflicts: [String] = []
    /// What anyone who queries the typed tables finds.
    var rows: [String: Set<[[UInt8]]>] = [:]

    private static func words(_ row: [[UInt8]]) -> [String] {
        [Hex.encode(row[0])] + row.dropFirst().map { String(decoding: $0, as: UTF8.self) }
    }

    /// What differs, in a few words.
    func difference(from other: Picture) -> String? {
        if self == other { return nil }
        for (id, state) in states where other.states[id] != state {
            return "record \(id): \(state) against \(String(describing: other.states[id]))"
        }
        for (table, rows) in rows where other.rows[table] != rows {
            let there = other.rows[table] ?? []
            return "rows of \(table): \(rows.subtracting(there).map(Self.words)) against \(there.subtracting(rows).map(Self.words))"
        }
        if visible != other.visible { return "visible: \(visible) against \(other.visible)" }
        if conflicts != other.conflicts { return "conflicts: \(conflicts) against \(other.conflicts)" }
        return "documents, or records that only one has"
    }
}

extension WriteName {
    init(_ change: ChangeName, _ operation: UInt32) { self.init(change: change, operation: operation) }
}

extension Operation {
    static func assign(_ id: RecordID, _ field: UInt32, _ text: String, names: [WriteName] = []) -> Operation {
        Operation(.assign, record: .id(id), field: field, names: names, value: .text(text))
    }
}
