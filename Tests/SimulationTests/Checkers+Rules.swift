@testable import SyncCore

/// The records of one machine against the rules, computed in another way from nothing but the changes.
extension Checkers {
    func stateIsWhatTheRulesSay(_ replica: Replica) throws {
        let (changes, void) = try Self.everything(replica)
        let history = History(changes: changes)
        let graph = Knowledge(history, of: Set(changes.map(\.name)), void: void)
        var oracles: [RecordID: Oracle] = [:]
        for record in world.records { oracles[record] = Oracle(graph, record) }
        let picture = try replica.picture()
        for (record, oracle) in oracles {
            let state = picture.states[record] ?? RecordState()
            try Self.compare(state, oracle, graph, record)
            guard picture.visible.contains(record) == oracle.isVisible || state.kind == nil else {
                throw Failure("\(record): visible or not, against the rules")
            }
        }
        let groups: [[RecordID]] = Self.groups(oracles, picture.states.compactMapValues { $0.kind })
        try mergedAreOne(replica, groups)
        for group in groups {
            try Self.compare(picture.documents[group[0]], group.compactMap { oracles[$0] }, group[0])
            try losersAreListed(replica, group, oracles)
        }
    }

    // MARK: Records that are one

    /// What links join, each group in the order of ids: living records of one kind. Those that are not there are alone.
    private static func groups(_ oracles: [RecordID: Oracle], _ kinds: [RecordID: Int64]) -> [[RecordID]] {
        var group: [RecordID: Set<RecordID>] = [:]
        for record in oracles.keys { group[record] = [record] }
        for (record, oracle) in oracles where oracle.isVisible && kinds[record] != nil {
            for other in oracle.live(RecordState.Slot(Field.same)).compactMap(\.value.recordID) {
                guard kinds[other] == kinds[record], oracles[other]?.isVisible ?? false else { continue }
                let joined = (group[record] ?? []).union(group[other] ?? [])
                for member in joined { group[member] = joined }
            }
        }
        return Set(group.values).map { $0.sorted() }
    }

    private func mergedAreOne(_ replica: Replica, _ groups: [[RecordID]]) throws {
        for group in groups {
            for record in group {
                let (members, canonical) = try replica.read { (try $0.members(of: record), try $0.canonical(record)) }
                guard members == group, canonical == group[0] else {
                    throw Failure("\(record) is one with \(members), and should be with \(group)")
                }
            }
        }
    }

    private static func everything(_ replica: Replica) throws -> (changes: [Change], void: Set<ChangeName>) {
        try replica.log.read { log in
            let stored = try log.changes(after: 0, limit: .max)
            return (try stored.map { try replica.loader.change($0, log) }, Set(stored.filter { $0.void != nil }.map(\.name)))
        }
    }

    private static let registers = [Field.title, Field.starts, Field.platform, Field.visibility, Field.causes]
    private static let keys = [ItemKey(1), ItemKey(2)]

    static func compare(_ state: RecordState, _ oracle: Oracle, _ graph: Knowledge, _ record: RecordID) throws {
        func expect(_ isRight: Bool, _ what: @autoclosure () -> String) throws {
            if !isRight { throw Failure("\(record): \(what())") }
        }
        for field in registers {
            let expected = oracle.live(RecordState.Slot(field))
            try expect(state.live(field) == expected, "field \(field) is \(state.live(field)), and should be \(expected)")
        }
        let (texts, expected) = (state.live(Field.description), oracle.text(RecordState.Slot(Field.description)))
        try expect(texts.map(\.stamp) == expected.map(\.stamp), "the live texts are \(texts), and should be \(expected)")
        // What two wrote alike stands twice in the plain sequence.
        for (text, right) in zip(texts, expected) where !(text.text?.hasTwins ?? false) {
            try expect(text.value == right.value, "the text is \(text.value), and should be \(right.value)")
        }
        for key in keys {
            for field in [Part.Organiser.name, Part.Organiser.role] {
                let expected = oracle.live(RecordState.Slot(field, key))
                try expect(state.live(field, key) == expected, "field \(field) of item \(key) is not \(expected)")
            }
            let shown = state.isItemVisible(map: History.map, key: key, fields: [History.itemField], graph: graph)
            try expect(shown == oracle.isItemVisible(key), "item \(key) is \(shown ? "" : "not ")shown")
            let slot = RecordState.Slot(Field.notes, key)
            var entry = LogEntry()
            if case .entry(let known) = state[slot] { entry = known }
            let expected = oracle.entry(slot)
            try expect(entry.values == expected.values && entry.isRetracted == expected.isRetracted, "note \(key) is not \(expected)")
        }
        if case .tally(let tally) = state[RecordState.Slot(Field.tally)] {
            let expected = oracle.tally(RecordState.Slot(Field.tally))
            try expect(tally.value == expected, "the tally is \(tally.value), and should be \(expected)")
        }
        try expect(Int64(state.life.length) == oracle.length(RecordState.Slot(0)), "its life's length is \(state.life.length)")
    }

    /// What readers see of a record, or of several that are one.
    static func compare(_ document: RecordDocument?, _ members: [Oracle], _ record: RecordID) throws {
        guard let document else { return }
        let said = members.map { $0.live(RecordState.Slot(Field.visibility)).compactMap(\.value.text) }
        var labels = said.flatMap(\.self)
        // One of which nobody said anything keeps the others from being public.
        if !labels.isEmpty, said.contains(where: \.isEmpty) { labels.append(RecordSchema.unsaidVisibility) }
        let strictest = RecordSchema.visibilities.last(where: labels.contains)
        guard !labels.allSatisfy(RecordSchema.visibilities.contains) || document.value(Field.visibility)?.text == strictest else {
            throw Failure("\(record): of \(labels) the strictest is not shown")
        }
    }

    /// Wherever several values live, whoever asks for conflicts is shown each of them.
    private func losersAreListed(_ replica: Replica, _ group: [RecordID], _ oracles: [RecordID: Oracle]) throws {
        guard let kind = try replica.read({ try $0.document(group[0]) })?.kind else { return }
        let listed = try replica.read { try $0.conflicts(of: group[0]) }
        for schema in RecordSchema.of(kind).fields where [.register, .strictest].contains(schema.kind) {
            let values = Set(group.flatMap { oracles[$0]?.live(RecordState.Slot(schema.number)) ?? [] }.map(\.value))
            let shown = listed.first { $0.field?.number == schema.number && $0.key == nil }
            guard values.count < 2 || Set(shown?.values.map(\.value) ?? []) == values else {
                throw Failure("\(group[0]): of \(values) in \(schema.name), \(shown?.values.map(\.value) ?? []) are listed")
            }
        }
        // Of several records that are one, one deletion is asked about at a time.
        let unseen = group.compactMap { oracles[$0]?.unseenEdits() }.first { !$0.isEmpty } ?? []
        let edits = Set(listed.first { $0.field == nil }?.edits.map(\.change) ?? [])
        guard edits == unseen else { throw Failure("\(group[0]): deleted, and edited by \(unseen); listed are \(edits)") }
    }
}
