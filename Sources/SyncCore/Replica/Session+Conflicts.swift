/// A place in a record where a person is needed.
public struct Conflict: Sendable {
    public var document: RecordDocument
    public var id: RecordID
    /// Nil: the record itself was deleted while somebody edited it.
    public var field: FieldSchema?
    /// The item or entry, in a map or a log.
    public var key: ItemKey?
    /// The one that lists show first.
    public var values: [Attributed]
    /// What these replaced: the value that people saw before they disagreed. Only for the conflicts of one record.
    public var replaced: [Value] = []
    /// For a deleted record or item: who deleted, and who edited meanwhile.
    public var deletions: [Origin]
    public var edits: [Origin]

    public struct Attributed: Sendable {
        public var value: Value
        public var origin: Origin
    }
}

/// Who wrote something, on what, and when its clock said so.
public struct Origin: Hashable, Sendable {
    public var change: ChangeName
    public var device: DeviceID?
    public var deviceName: String
    public var wall: Int64
}

extension Session {
    public func conflictCount() throws -> Int { try view.conflictCount() }

    /// The records that have conflicts, deleted and edited ones among them.
    public func disputedRecords() throws -> Set<RecordID> { Set(try view.conflictedRecords()) }

    /// Every conflict in the order of record ids; of one record where `id` is given.
    public func conflicts(of id: RecordID? = nil) throws -> [Conflict] {
        let team = try team()
        return try view.conflicts().compactMap { entry in
            guard let stored = try view.record(number: entry.record), id == nil || stored.id == id,
                let document = try document(stored)
            else { return nil }
            let state = try RecordState(stored.state, numbering: index)
            let slot = RecordState.Slot(entry.place.field, entry.place.key.map(ItemKey.init))
            var conflict = try conflict(slot, document, state, team)
            if id != nil, case .writes(let writes) = state[slot] { conflict?.replaced = try replaced(by: writes.live) }
            return conflict
        }
    }

    private func conflict(
        _ slot: RecordState.Slot, _ document: RecordDocument, _ state: RecordState, _ team: TeamState
    ) throws -> Conflict? {
        guard let id = document.id else { return nil }
        var conflict = Conflict(
            document: document, id: id, field: schema[document.kind]?[slot.field], key: slot.key, values: [], deletions: [], edits: [])
        if slot.field == 0 {
            conflict.deletions = try state.life.deletions.map { try origin($0.stamp.write.change, team) }
            conflict.edits = try state.editsUnseen(graph: index).map { try origin($0, team) }
            return conflict
        }
        switch state[slot] {
        case .writes(let writes): conflict.values = try attributed(writes.live, conflict.field, team)
        case .entry(let entry): conflict.values = try attributed(entry.writes, conflict.field, team)
        case .life(let life):
            let fields = conflict.field?.itemFields ?? []
            let edits = slot.key.map { key in fields.flatMap { state.live($0.number, key) } } ?? []
            conflict.deletions = try life.deletions.map { try origin($0.stamp.write.change, team) }
            conflict.edits = try life.unseen(among: edits.map(\.stamp.write.change), graph: index)
                .map { try origin($0, team) }
        default: return nil
        }
        return conflict
    }

    private func replaced(by writes: [Write]) throws -> [Value] {
        var values: [Value] = []
        for name in try writes.flatMap({ try operation($0.stamp.write)?.names ?? [] }) {
            guard let operation = try operation(name), operation.code != .redacted, let value = operation.value, !values.contains(value), !writes.contains(where: { $0.value == value })
            else { continue }
            values.append(value)
        }
        return values
    }

    private func operation(_ name: WriteName) throws -> Operation? {
        guard let stored = try index.stored(name.change) else { return nil }
        let operations = try loader.change(stored, log).operations
        return Int(name.operation) < operations.count ? operations[Int(name.operation)] : nil
    }

    private func attributed(
        _ writes: [Write], _ field: FieldSchema?, _ team: TeamState
    ) throws -> [Conflict.Attributed] {
        try writes.map { Conflict.Attributed(value: $0.value, origin: try origin($0.stamp.write.change, team)) }
    }

    /// Who made a change.
    func origin(_ change: ChangeName, _ team: TeamState) throws -> Origin {
        let stored = try index.stored(change)
        let device = try log.authorNumber(change.author).flatMap { try log.device(ofAuthor: $0) }
        let name = device.flatMap { team.name(of: $0) } ?? "an unknown device"
        return Origin(change: change, device: device, deviceName: name, wall: stored?.wall ?? 0)
    }
}

extension TeamState {
    /// What people call a device, whether it counts or not.
    public func name(of device: DeviceID) -> String? { enrolment(of: device)?.name }
}
