/// A record as it was at some time, as far as the writers' clocks tell.
public struct PastRecord: Sendable {
    /// Nil where it was not there yet.
    public var document: RecordDocument?
    public var isVisible: Bool
    /// Edits of later times that were left out.
    public var laterChanges: Int
}

/// One place of a record that is not as it was.
public struct PlaceDifference: Sendable {
    /// Nil for the record itself.
    public var field: FieldSchema?
    public var key: ItemKey?
    public var before: [Value]
    public var after: [Value]
    /// Of an item, or of the record itself, whether it is there.
    public var presence: (before: Bool, after: Bool)?
    /// Who edited it since, the newest first.
    public var by: [Origin]
}

public struct RecordDifference: Sendable {
    public var places: [PlaceDifference]
    public var before: PastRecord
    public var after: RecordDocument?
}

extension Session {
    /// What the changes make of a record that count now and whose writers' clocks said at most `wall`.
    public func record(_ id: RecordID, at wall: Int64) throws -> PastRecord? {
        try RecordPast(id, self).map { try record($0, at: wall) }
    }

    private func record(_ past: RecordPast, at wall: Int64) throws -> PastRecord {
        let state = past.state(self) { $0.wall <= wall }
        let document = documentAsWritten(past.id, state)
        return PastRecord(
            document: document, isVisible: state.isVisible(graph: index),
            laterChanges: past.steps.filter { $0.change.void == nil && $0.change.wall > wall }.count)
    }

    /// What became of a record since then, place by place.
    public func difference(of id: RecordID, since wall: Int64) throws -> RecordDifference? {
        guard let past = try RecordPast(id, self) else { return nil }
        let before = try record(past, at: wall)
        let after = documentAsWritten(id, past.state)
        let isVisible = past.state.isVisible(graph: index)
        var writers: [RecordState.Slot: [Origin]] = [:]
        let team = try team()
        for step in past.steps.reversed() where step.change.void == nil && step.change.wall > wall {
            let origin = try origin(step.change.name, team)
            for slot in Set(step.operations.map { RecordState.Slot($0.operation.field, $0.operation.key) }) {
                writers[slot, default: []].append(origin)
            }
        }
        var places = RecordDocument.differences(from: before.document, to: after, schema: after.flatMap { schema[$0.kind] })
        for (number, place) in places.enumerated() {
            places[number].by = writers[RecordState.Slot(place.field?.number ?? 0, place.key)] ?? []
        }
        if before.isVisible != isVisible {
            places.insert(
                PlaceDifference(
                    field: nil, key: nil, before: [], after: [], presence: (before.isVisible, isVisible),
                    by: writers[RecordState.Slot(0)] ?? []),
                at: 0)
        }
        return RecordDifference(places: places, before: before, after: after)
    }

    /// Whose clocks the times of a record are by.
    public func writers(of id: RecordID) throws -> [DeviceID] {
        guard let past = try RecordPast(id, self) else { return [] }
        var writers: [DeviceID] = []
        for step in past.steps where step.change.void == nil {
            let device = try log.authorNumber(step.change.name.author).flatMap { try log.device(ofAuthor: $0) }
            guard let device, !writers.contains(device) else { continue }
            writers.append(device)
        }
        return writers
    }
}

extension RecordDocument {
    /// The places in which two states of one record differ, in the order of the registry.
    static func differences(from before: RecordDocument?, to after: RecordDocument?, schema: RecordSchema?) -> [PlaceDifference] {
        (schema?.fields ?? []).flatMap { field -> [PlaceDifference] in
            let (old, new) = (before?[field.number], after?[field.number])
            switch field.kind {
            case .log: return keyed(field, entries(old), entries(new))
            case .map: return items(field, old, new)
            case .register, .quiet, .strictest, .text, .set, .counter:
                return difference(field, nil, single(old), single(new)).map { [$0] } ?? []
            }
        }
    }

    private static func difference(
        _ field: FieldSchema, _ key: ItemKey?, _ before: [Value], _ after: [Value], presence: (Bool, Bool)? = nil
    ) -> PlaceDifference? {
        guard before != after || presence.map({ $0.0 != $0.1 }) ?? false else { return nil }
        return PlaceDifference(field: field, key: key, before: before, after: after, presence: presence, by: [])
    }

    private static func single(_ content: Content?) -> [Value] {
        switch content {
        case .values(let values), .set(let values): values
        case .counter(let sum): [.integer(sum)]
        case .log, .map, nil: []
        }
    }

    private static func entries(_ content: Content?) -> [(key: ItemKey?, values: [Value])] {
        if case .log(let entries) = content { entries.map { ($0.key, $0.values) } } else { [] }
    }

    private static func keyed(
        _ field: FieldSchema, _ before: [(key: ItemKey?, values: [Value])], _ after: [(key: ItemKey?, values: [Value])]
    ) -> [PlaceDifference] {
        let keys = before.map(\.key) + after.map(\.key).filter { key in !before.contains { $0.key == key } }
        return keys.compactMap { key in
            difference(
                field, key, before.first { $0.key == key }?.values ?? [], after.first { $0.key == key }?.values ?? [])
        }
    }

    private static func items(_ map: FieldSchema, _ before: Content?, _ after: Content?) -> [PlaceDifference] {
        func items(_ content: Content?) -> [Item] { if case .map(let items) = content { items } else { [] } }
        let (old, new) = (items(before), items(after))
        let keys = old.map(\.key) + new.map(\.key).filter { key in !old.contains { $0.key == key } }
        return keys.flatMap { key -> [PlaceDifference] in
            let (was, now) = (old.first { $0.key == key }, new.first { $0.key == key })
            let presence = difference(map, key, [], [], presence: (was != nil, now != nil))
            // Of an item that went nothing more is to be said than what it was.
            let fields = map.itemFields.compactMap { field in
                difference(field, key, values(was, field), values(now, field))
            }
            return (presence.map { [$0] } ?? []) + fields
        }
    }

    private static func values(_ item: Item?, _ field: FieldSchema) -> [Value] {
        item?.fields.first { $0.number == field.number }?.values ?? []
    }
}
