/// Which members of a record that is several an edit is written to: those that it concerns, so that parting them is exact. Of a record
/// that is by itself that is the record, whether it is here or not.
extension Draft {
    /// Until `endBeingAlone` an edit of a record is written to it alone, whatever it is one with: a change is undone where it was made.
    mutating func beAlone(with record: RecordID) throws {
        lastMembers = (record, try session.state(of: record).map { [MergedRecord.Member(id: record, state: $0)] } ?? [])
    }

    mutating func endBeingAlone() { lastMembers = nil }

    mutating func restoreAlone(_ record: RecordID) throws {
        guard let life = try session.state(of: record)?.life, life.exists, !life.isAlive else { return }
        append(.life, record, 0, nil, value: .tuple([Value.Part(1, .integer(Int64(clamping: life.length + 1)))]))
    }

    /// Those that are like this; where none is, the one that was named.
    mutating func members(
        of record: RecordID, having isConcerned: (RecordState) -> Bool
    ) throws -> [MergedRecord.Member] {
        let members = try members(of: record)
        let concerned = members.filter { isConcerned($0.state) }
        if !concerned.isEmpty { return concerned }
        return [members.first { $0.id == record } ?? MergedRecord.Member(id: record, state: RecordState())]
    }

    /// Those that have a value there. Who may see a record is said of every member: of one of which it was never said it is for the team.
    mutating func members(of record: RecordID, assigning slot: RecordState.Slot) throws -> [MergedRecord.Member] {
        if session.schema.rules[slot.field]?.kind == .strictest {
            let members = try members(of: record)
            if members.count > 1 { return members }
        }
        let having = try members(of: record, having: { !$0.live(slot.field, slot.key).isEmpty })
        guard let map = session.schema.rules[slot.field]?.map, let first = having.first, first.state.live(slot.field, slot.key).isEmpty
        else { return having }
        return Array(try members(of: record, having: { $0[RecordState.Slot(map, slot.key)] != nil }).prefix(1))
    }

    /// The member whose item it is: one that has it, one that shows it before others.
    mutating func holder(of key: ItemKey, _ map: UInt32, in record: RecordID) throws -> MergedRecord.Member {
        let holders = try members(of: record, having: { $0[RecordState.Slot(map, key)] != nil })
        let alive = holders.first { if case .life(let life) = $0.state[RecordState.Slot(map, key)] { life.isAlive } else { false } }
        let shown = holders.first { member in
            let fields = session.schema.kind(member.state.kind).flatMap { session.schema[$0]?[map]?.itemFields } ?? []
            return member.state.isItemVisible(map: map, key: key, fields: fields.map(\.number), graph: session.index)
        }
        return alive ?? shown ?? holders[0]
    }

    /// What removing an item takes away: it, and the items of other members that say the same and are shown as one with it.
    mutating func itemsShown(
        as key: ItemKey, of map: UInt32, in record: RecordID
    ) throws -> [(member: MergedRecord.Member, key: ItemKey)] {
        let members = try members(of: record, having: { $0.kind != nil })
        guard members.count > 1 else { return members.map { ($0, key) } }
        let parts = members.map { member in
            (member, RecordDocument(id: member.id, state: member.state, graph: session.index, schema: session.schema)?.items(map) ?? [])
        }
        let shown = parts.lazy.flatMap(\.1).first { $0.key == key }
        return parts.flatMap { member, items in
            items.filter { item in item.key == key || shown.map(item.says) ?? false }.compactMap(\.key).map { (member, $0) }
        }
    }

    /// Of a record that lists show, the members that were deleted while somebody edited them; of a deleted one, those that went with it.
    mutating func deletedMembers(of record: RecordID) throws -> [MergedRecord.Member] {
        func isDeleted(_ state: RecordState) -> Bool { state.life.exists && !state.life.isAlive }
        let members = try members(of: record)
        let isShown = try session.isVisible(record)
        let session = session
        let candidates = isShown
            ? members
            : try SameComponents(view: session.view).deletedWith(record, state: session.state).compactMap { id in
                try session.state(of: id).map { MergedRecord.Member(id: id, state: $0) }
            }
        return candidates.filter { isDeleted($0.state) }
    }
}
