/// What an applier writes down: states, the rows of the typed tables, and under which record each is shown.
extension ViewApplier {
    /// Writes the states and rows of every record that was touched, and of those that are one with it.
    func finish() throws {
        for record in unfolded.sorted() where dirty[record]?.state.isUnfolded ?? false { try refold(record) }
        unfolded.removeAll()
        let known = try ViewTransaction.Relation.allCases.filter(view.hasAny)
        let hadEdges = known.contains(.same)
        let parted = hadEdges ? try order.flatMap(members) : []
        for number in order { try writeState(number, known) }
        if try hadEdges || view.hasAny(.same) {
            try regroup(order + parted)
        } else {
            for number in order { try writeRows(number) }
        }
        dirty.removeAll()
        order.removeAll()
    }

    /// Those that a record was shown with until now.
    private func members(_ number: Int64) throws -> [Int64] {
        guard let canonical = try view.record(number: number)?.canonical else { return [] }
        return try view.members(ofCanonical: canonical).map(\.number)
    }

    /// `known` are the relations in which anything stood before: of others there are no rows to replace.
    private func writeState(_ number: Int64, _ known: [ViewTransaction.Relation]) throws {
        guard let record = dirty[number] else { return }
        let state = record.state
        let isVisible = rows.schema.kind(state.kind) != nil && state.isVisible(graph: index)
        let bytes = try state.bytes(numbering: index)
        if record.isNew {
            try view.insert(record: number, id: record.id, kind: state.kind ?? 0, isVisible: isVisible, state: bytes)
        } else {
            try view.update(record: number, kind: state.kind ?? 0, isVisible: isVisible, state: bytes)
        }
        for relation in ViewTransaction.Relation.allCases {
            let others = state.live(relation == .same ? Field.same : Field.different).compactMap(\.value.recordID)
            if !others.isEmpty || known.contains(relation) { try view.set(relation, of: record.id, to: others) }
        }
    }

    private func regroup(_ numbers: [Int64]) throws {
        let components = SameComponents(view: view)
        var done: Set<Int64> = []
        for number in numbers where !done.contains(number) {
            let component = try components.component(of: number)
            done.insert(number)
            guard component.count > 1 else {
                if let alone = component.first, alone.standing != .shown || alone.canonical != nil {
                    try view.setStanding(of: number, .shown, canonical: nil)
                } else if component.isEmpty {
                    try view.setStanding(of: number, .hidden, canonical: nil)
                }
                try writeRows(number)
                continue
            }
            done.formUnion(component.map(\.number))
            try writeTogether(component)
        }
    }

    /// The first stands for all of them.
    private func writeTogether(_ component: [ViewTransaction.StoredRecord]) throws {
        let canonical = component[0]
        for part in component {
            let isCanonical = part.number == canonical.number
            try view.setStanding(of: part.number, isCanonical ? .shown : .part, canonical: canonical.number)
            if !isCanonical { try write(nil, isVisible: false, conflicts: [], to: part.number, isNew: false) }
        }
        let members = try component.map { MergedRecord.Member(id: $0.id, state: try state($0)) }
        try write(MergedRecord(members, graph: index, schema: rows.schema), isVisible: true, to: canonical.number, isNew: false)
    }

    private func state(_ stored: ViewTransaction.StoredRecord) throws -> RecordState {
        try dirty[stored.number]?.state ?? RecordState(stored.state, numbering: index)
    }

    /// Of a record that is by itself.
    private func writeRows(_ number: Int64) throws {
        let isUntouched = dirty[number] == nil
        try load(number)
        guard let record = dirty[number] else { return }
        // It is by itself from now on: as part of another it had none.
        if isUntouched { record.edited = nil }
        if let kind = rows.schema.kind(record.state.kind), let plain = rows.plan(kind)?.rows(of: record.state, id: record.id) {
            return try write(plain, kind, to: number, isNew: record.isNew, edited: record.edited)
        }
        let merged = MergedRecord([MergedRecord.Member(id: record.id, state: record.state)], graph: index, schema: rows.schema)
        try write(merged, isVisible: record.state.isVisible(graph: index), to: number, isNew: record.isNew)
    }

    func write(_ plain: PlainRows, _ kind: RecordKind, to number: Int64, isNew: Bool, edited: Set<UInt32>? = nil) throws {
        let tables = rows.tables(kind)
        let fields = rows.plan(kind)?.children ?? []
        // The only row of a main table takes the place of the one before.
        try view.replace(record: number, in: tables[0], isNew: true, rows: CollectionOfOne(plain.main))
        for (place, children) in plain.children.enumerated() {
            if isNew ? children.isEmpty : edited?.isDisjoint(with: fields[place]) ?? false { continue }
            try view.replace(record: number, in: tables[place + 1], isNew: isNew, rows: children)
        }
        try noteWritten(number, conflicts: [], isNew: isNew)
    }

    private func noteWritten(_ number: Int64, conflicts: [RecordState.Slot], isNew: Bool) throws {
        try view.setConflicts(record: number, conflicts.map { (field: $0.field, key: $0.key?.word) }, isNew: isNew)
        if !isNew { try view.enqueueForSearch(number) }
    }

    private func write(_ record: MergedRecord?, isVisible: Bool, to number: Int64, isNew: Bool) throws {
        let document = record?.document(graph: index)
        let conflicts = document.flatMap { record?.conflicts(kind: $0.kind, graph: index) } ?? []
        try write(document, isVisible: isVisible, conflicts: conflicts, to: number, isNew: isNew)
    }

    private func write(
        _ document: RecordDocument?, isVisible: Bool, conflicts: [RecordState.Slot], to number: Int64, isNew: Bool
    ) throws {
        if let document {
            for (table, content) in rows.rows(of: document) {
                try view.replace(record: number, in: table, isNew: isNew, rows: isVisible ? content : [])
            }
        } else if !isNew {
            // Nothing that counts makes it a record any more, or it is shown as part of another.
            for table in rows.schema.kinds.flatMap(rows.tables) {
                try view.replace(record: number, in: table, isNew: false, rows: [])
            }
        }
        try noteWritten(number, conflicts: conflicts, isNew: isNew)
    }
}
