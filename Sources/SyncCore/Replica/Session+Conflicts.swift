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
    /// For a deleted record or item: who deleted, and who edited meanwhile.
    public var deletions: [Origin]
    public var edits: [Origin]

    public struct Attributed: Sendable {
        public var value: Value
        public var origin: Origin
        /// Of a text: it is what several people's edits make together, `origin` the last of them.
        public var isJoined = false
        /// The values that it took the place of: what its author saw.
        public var replaced: [Value] = []
        /// What its author named as a source: with the value itself, or for the record in the same change.
        public var sources: [String] = []
    }

    /// What the values replaced, each once: what people saw before they disagreed.
    public var replaced: [Value] {
        values.flatMap(\.replaced).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}

/// Who wrote something, on what, and when its clock said so.
public struct Origin: Hashable, Sendable {
    public var change: ChangeName
    public var device: DeviceID?
    public var deviceName: String
    public var wall: Int64
    /// How its clock is known to stand, where it is known not to agree with others.
    public var clock: ClockOffset?
}

extension Session {
    public func conflictCount() throws -> Int { try view.conflictCount() }

    /// The records that have conflicts, deleted and edited ones among them.
    public func disputedRecords() throws -> Set<RecordID> { Set(try view.conflictedRecords()) }

    /// Every conflict in the order of record ids; of one record where `id` is given. Without `detail`, values are told without what they
    /// replaced, their sources and the clocks: nothing is read from the log for them.
    public func conflicts(of id: RecordID? = nil, detail: Bool = true, limit: Int = .max) throws -> [Conflict] {
        let teller = ConflictTeller(self, try team(), try clockGaps(), detail: detail)
        let number = try id.map { try view.record(try canonical($0))?.number ?? 0 }
        return try view.conflicts(of: number, limit: limit).compactMap { entry in
            guard let stored = try view.record(number: entry.record) else { return nil }
            let slot = RecordState.Slot(entry.place.field, entry.place.key.map(ItemKey.init))
            return try teller.conflict(slot, stored)
        }
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
