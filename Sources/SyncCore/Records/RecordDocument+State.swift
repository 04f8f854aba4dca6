extension RecordDocument {
    /// What readers see of a record, with its live alternatives; nil while nothing says which kind of record it is, or that kind is not known.
    public init?(id: RecordID, state: RecordState, graph: some BranchGraph, schema: Schema = .current) {
        guard let kind = schema.kind(state.kind), let fields = schema[kind]?.fields.sorted(by: { $0.number < $1.number }) else { return nil }
        self.init(kind: kind, id: id)
        self.fields = fields.compactMap { field in
            Self.content(of: field, state, graph).map { FieldContent(field.number, $0) }
        }
    }

    private static func content(of field: FieldSchema, _ state: RecordState, _ graph: some BranchGraph) -> Content? {
        switch field.kind {
        case .register, .quiet, .text, .strictest:
            let values = shown(state.live(field.number), field)
            return values.isEmpty ? nil : .values(values)
        case .set:
            let values = Set(state.live(field.number).map(\.value)).map { (bytes: $0.encoded, value: $0) }
            return values.isEmpty ? nil : .set(values.sorted { ByteOrder.precedes($0.bytes, $1.bytes) }.map(\.value))
        case .log:
            let written = state.slots(of: field.number).compactMap { slot, content -> (entry: Entry, stamp: Stamp)? in
                guard case .entry(let entry) = content, !entry.isRetracted, let last = entry.writes.last else { return nil }
                return (Entry(key: slot.key, values: entry.values), last.stamp)
            }
            var entries = written.map(\.entry)
            for (order, place) in written.indices.sorted(by: { written[$0].stamp < written[$1].stamp }).enumerated() {
                entries[place].order = order
            }
            return entries.isEmpty ? nil : .log(entries)
        case .map:
            let items = items(of: field, state, graph)
            return items.isEmpty ? nil : .map(items)
        case .counter:
            guard case .tally(let tally) = state[RecordState.Slot(field.number)] else { return nil }
            return .counter(tally.value)
        }
    }

    private static func items(of map: FieldSchema, _ state: RecordState, _ graph: some BranchGraph) -> [Item] {
        state.slots(of: map.number).compactMap { slot, _ in
            guard let key = slot.key,
                state.isItemVisible(map: map.number, key: key, fields: map.itemFields.map(\.number), graph: graph)
            else { return nil }
            let fields = map.itemFields.sorted { $0.number < $1.number }.compactMap {
                field -> (number: UInt32, values: [Value])? in
                let values = shown(state.live(field.number, key), field)
                return values.isEmpty ? nil : (field.number, values)
            }
            return Item(key: key, fields: fields)
        }
    }

    /// Distinct live values, the one that readers see first; nothing where that one says that the field was cleared and all agree.
    private static func shown(_ writes: [Write], _ field: FieldSchema) -> [Value] {
        var live = LiveWritesOrder(writes).values
        if field.kind == .strictest, !isStrictestBroken {
            live = live.enumerated().sorted { a, b in
                let ranks = (strictness(a.element), strictness(b.element))
                return ranks.0 != ranks.1 ? ranks.0 > ranks.1 : a.offset < b.offset
            }.map(\.element)
        }
        return live.count == 1 && live[0].isNothing ? [] : live
    }

    private static var isStrictestBroken: Bool {
        #if BROKEN_RULES
        return BrokenRule.active == .strictest
        #else
        return false
        #endif
    }

    /// An unknown label is taken to be the strictest: an older version must not show what a newer one hides.
    private static func strictness(_ value: Value) -> Int {
        guard let text = value.text else { return RecordSchema.visibilities.firstIndex(of: "team") ?? 0 }
        return RecordSchema.visibilities.firstIndex(of: text) ?? RecordSchema.visibilities.count
    }
}

/// Distinct values of writes that are in winner order already.
private struct LiveWritesOrder {
    let values: [Value]

    init(_ writes: [Write]) {
        var values: [Value] = []
        for write in writes where !values.contains(write.value) { values.append(write.value) }
        self.values = values
    }
}

/// A field in which people did not agree, or a record that was deleted while somebody edited it.
public enum ConflictFinder {
    /// The slots of a record that need a person. A record's own life stands as field 0.
    public static func conflicts(
        in state: RecordState, kind: RecordKind, graph: some BranchGraph, schema: Schema = .current
    ) -> [RecordState.Slot] {
        var slots: [RecordState.Slot] = []
        if !state.editsUnseen(graph: graph).isEmpty { slots.append(RecordState.Slot(0)) }
        guard let schema = schema[kind] else { return slots }
        for (slot, content) in state.slots where isConflict(content, schema[slot.field], slot, state, graph, schema) {
            slots.append(slot)
        }
        return slots
    }

    private static func isConflict(
        _ content: RecordState.Content, _ field: FieldSchema?, _ slot: RecordState.Slot, _ state: RecordState,
        _ graph: some BranchGraph, _ schema: RecordSchema
    ) -> Bool {
        guard let field else { return false }
        switch content {
        case .writes(let writes):
            return field.kind != .set && field.kind != .quiet && (writes.values.count > 1 || writes.isContested)
        case .entry(let entry): return !entry.isRetracted && entry.values.count > 1
        case .life(let life):
            guard let key = slot.key else { return false }
            let edits = field.itemFields.flatMap { state.live($0.number, key) }.map(\.stamp.write.change)
            return !life.unseen(among: edits, graph: graph).isEmpty
        case .tally: return false
        }
    }
}
