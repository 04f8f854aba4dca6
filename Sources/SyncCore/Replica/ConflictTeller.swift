/// Tells of the places in which people disagree: who wrote what, when, from which source, and what they saw before.
struct ConflictTeller {
    private let session: Session
    private let team: TeamState
    private let clocks: ClockGaps
    private let detail: Bool
    private let own: DeviceID?

    init(_ session: Session, _ team: TeamState, _ clocks: ClockGaps, detail: Bool) {
        self.session = session
        self.team = team
        self.clocks = clocks
        self.detail = detail
        own = try? session.log.setting(Replica.Setting.device).flatMap { DeviceID($0) }
    }

    /// Where people disagree: in one of these records, which are one; a text is one member's.
    private struct Place {
        var slot: RecordState.Slot
        var records: Set<Int64>
        var member: RecordID
    }

    /// Nil for a record of which not enough is here.
    func conflict(_ slot: RecordState.Slot, _ stored: ViewTransaction.StoredRecord) throws -> Conflict? {
        let merged = try session.merged(stored)
        guard let document = merged.document(graph: session.index) else { return nil }
        let member = merged.member(disputing: slot, kind: document.kind, graph: session.index)
        let state = member?.state ?? merged.state
        let place = Place(
            slot: slot, records: Set(try merged.members.compactMap { try session.view.record($0.id)?.number }), member: member?.id ?? stored.id)
        var conflict = Conflict(
            document: document, id: stored.id, field: session.schema[document.kind]?[slot.field], key: slot.key, values: [], deletions: [],
            edits: [])
        switch state[slot] {
        case _ where slot.field == 0:
            try tell(state.life, of: state.edits, &conflict)
        case .writes(let writes) where writes.live.contains { $0.text != nil }:
            conflict.values = try texts(writes.live, place, conflict.field)
        case .writes(let writes): conflict.values = try writes.live.map { try attributed($0, place, conflict.field) }
        case .entry(let entry): conflict.values = try entry.writes.map { try attributed($0, place, conflict.field) }
        case .life(let life):
            let fields = conflict.field?.itemFields ?? []
            let edits = slot.key.map { key in fields.flatMap { state.live($0.number, key) } } ?? []
            try tell(life, of: edits.map(\.stamp.write.change), &conflict)
        default: return nil
        }
        return conflict
    }

    private func tell(_ life: Life, of edits: [ChangeName], _ conflict: inout Conflict) throws {
        conflict.deletions = try life.deletions.map { try origin($0.stamp.write.change) }
        conflict.edits = try life.unseen(among: edits, graph: session.index).map(origin)
    }

    private func origin(_ change: ChangeName) throws -> Origin {
        var origin = try session.origin(change, team)
        if detail, let own, let device = origin.device { origin.clock = clocks.offset(of: device, from: own) }
        return origin
    }

    /// Each text with a beginning of its own; of one whose words several people replaced, what comes of all and then each one's own.
    private func texts(
        _ live: [Write], _ place: Place, _ field: FieldSchema?
    ) throws -> [Conflict.Attributed] {
        let history = try session.textHistory(place.member, place.slot)
        var roots: [Hash32] = []
        for write in live where !roots.contains(write.textRoot) { roots.append(write.textRoot) }
        return try roots.flatMap { root in
            let heads = live.filter { $0.textRoot == root }
            var values = try heads.prefix(1).map { try attributed($0, place, field) }
            guard heads.count > 1, heads[0].text?.isContested ?? false else { return values }
            values[0].isJoined = true
            for var head in heads {
                head.value = history?.text([head.stamp.write]).map(Value.text) ?? head.value
                values.append(try attributed(head, place, field))
            }
            return values
        }
    }

    private func attributed(
        _ write: Write, _ place: Place, _ field: FieldSchema?
    ) throws -> Conflict.Attributed {
        var attributed = Conflict.Attributed(value: write.value, origin: try origin(write.stamp.write.change))
        guard detail else { return attributed }
        attributed.replaced = try replaced(by: write, place).filter { $0 != write.value }
        attributed.sources = try sources(of: write, place, field)
        return attributed
    }

    /// What a write named in its own place. A name elsewhere only finds the record; a void write stands for what it had named.
    private func replaced(by write: Write, _ place: Place) throws -> [Value] {
        if write.text != nil { return try before(write, place) }
        var (values, asked, open) = ([Value](), Set<WriteName>(), [write.stamp.write])
        while let next = open.popLast() {
            for name in try operation(next)?.operation.names ?? [] where asked.insert(name).inserted {
                guard let (stored, operation) = try operation(name), operation.code != .redacted,
                    RecordState.Slot(operation.field, operation.key) == place.slot,
                    try touched(stored).record(ofOperation: name.operation).map(place.records.contains) ?? false
                else { continue }
                if stored.void != nil {
                    open.append(name)
                } else if let value = operation.value, !values.contains(value) {
                    values.append(value)
                }
            }
        }
        return values
    }

    /// The text that an edit was made on.
    private func before(_ write: Write, _ place: Place) throws -> [Value] {
        guard let names = try operation(write.stamp.write)?.operation.names else { return [] }
        return try session.textHistory(place.member, place.slot)?.text(names).map { [Value.text($0)] } ?? []
    }

    /// What stands in the value itself; else the sources that the same change gave the record.
    private func sources(of write: Write, _ place: Place, _ field: FieldSchema?) throws -> [String] {
        if case .tuple(let parts)? = field?.type, let part = parts.first(where: { ByteOrder.same($0.name, "source") }),
            let text = write.value[part: part.number]?.text, !text.isEmpty
        { return [text] }
        guard let stored = try session.index.stored(write.stamp.write.change) else { return [] }
        let (operations, runs) = (try session.loader.change(stored, session.log).operations, try touched(stored))
        return place.records.sorted().flatMap { runs.operations(on: $0) }.joined().compactMap { number in
            let operation = operations[number]
            guard operation.code == .assign, [Part.Source.url, Part.Source.title].contains(operation.field) else { return nil }
            return operation.value?.text
        }
    }

    private func operation(_ name: WriteName) throws -> (stored: StoredChange, operation: Operation)? {
        guard let stored = try session.index.stored(name.change) else { return nil }
        let operations = try session.loader.change(stored, session.log).operations
        return Int(name.operation) < operations.count ? (stored, operations[Int(name.operation)]) : nil
    }

    private func touched(_ stored: StoredChange) throws -> Touched {
        try Touched(try session.view.touched(stored.number) ?? [])
    }
}
