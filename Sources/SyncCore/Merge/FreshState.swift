/// The state of a record that one change makes from nothing, with one value in each field: almost every record begins so. Its bytes are
/// those that `RecordState` comes to, and are made without it.
struct FreshState {
    /// 1 event, 2 petition.
    let kind: Int64
    /// The operations by slot, ascending.
    let places: [Place]
    private let isEdited: Bool

    struct Place {
        var slot: RecordState.Slot
        /// Among the operations on this record.
        var index: Int
        var content: Content
    }

    enum Content {
        case write(Value, isFirst: Bool)
        case entry(Value)
        case item
    }

    /// Nil where anything in `operations`, which are all on one new record, needs merging, is not understood, or does not count.
    ///
    /// - Complexity: O(n log n) in their number.
    init?(_ operations: ArraySlice<Operation>, rules: FieldRules) {
        guard let first = operations.first, first.code == .life, first.field == 0, first.key == nil, first.names.isEmpty,
            let value = first.value, value[part: 1]?.integer == 1, let kind = value[part: 2]?.integer, kind > 0
        else { return nil }
        var places: [Place] = []
        places.reserveCapacity(operations.count - 1)
        var isEdited = false
        for index in operations.indices.dropFirst() {
            guard let place = Self.place(operations[index], index - operations.startIndex, rules, &isEdited) else { return nil }
            places.append(place)
        }
        places.sort { $0.slot < $1.slot }
        for index in places.indices.dropFirst() where places[index - 1].slot == places[index].slot { return nil }
        self.kind = kind
        self.places = places
        self.isEdited = isEdited
    }

    private static func place(_ operation: Operation, _ index: Int, _ rules: FieldRules, _ isEdited: inout Bool) -> Place? {
        guard operation.names.isEmpty, let rule = rules[operation.field], let value = operation.value else { return nil }
        let content: Content
        switch (operation.code, rule.kind) {
        case (.assign, .register), (.assign, .quiet), (.assign, .strictest), (.assign, .text), (.add, .set):
            guard (rule.map != nil) == (operation.key != nil), rule.accepts(value) else { return nil }
            content = .write(value, isFirst: rule.kind == .text)
            isEdited = isEdited || rule.isEdit
        case (.entry, .log):
            guard operation.key != nil, !value.isNothing, rule.accepts(value) else { return nil }
            content = .entry(value)
            isEdited = true
        case (.life, .map):
            guard operation.key != nil, value[part: 1]?.integer == 1 else { return nil }
            content = .item
            isEdited = true
        default: return nil
        }
        return Place(slot: RecordState.Slot(operation.field, operation.key), index: index, content: content)
    }

    /// The value of an item's field.
    func value(_ field: UInt32, _ key: ItemKey) -> Value? {
        for place in places where place.slot.field == field && place.slot.key == key {
            if case .write(let value, _) = place.content { return value }
        }
        return nil
    }

    /// As `RecordState.bytes`: `change` is the local number of the change, `first` the place of the record's first operation in it.
    func bytes(change: Int64, first: Int) -> [UInt8] {
        var writer = ByteWriter(capacity: 320)
        writer.zig(kind)
        Self.appendLife(to: &writer)
        writer.count(1)
        writer.zig(change)
        writer.u8(isEdited ? 1 : 0)
        if !isEdited { writer.count(0) }
        writer.count(places.count)
        for place in places {
            writer.varint(UInt64(place.slot.field) << 1 | (place.slot.key == nil ? 0 : 1))
            if let key = place.slot.key { writer.word(key.word) }
            let operation = UInt64(first + place.index)
            switch place.content {
            case .write(let value, let isFirst):
                writer.u8(RecordState.ContentType.writes)
                Self.append(value, change, operation << 2 | (isFirst ? 1 : 0), to: &writer)
                writer.count(0)
            case .entry(let value):
                writer.u8(RecordState.ContentType.entry)
                Self.append(value, change, operation << 2, to: &writer)
                writer.count(0)
            case .item:
                writer.u8(RecordState.ContentType.life)
                Self.appendLife(to: &writer)
            }
        }
        return writer.bytes
    }

    private static func append(_ value: Value, _ change: Int64, _ head: UInt64, to writer: inout ByteWriter) {
        writer.count(1)
        writer.zig(change)
        writer.varint(head)
        value.append(to: &writer)
    }

    /// Alive, and never deleted.
    private static func appendLife(to writer: inout ByteWriter) {
        writer.varint(1)
        writer.count(0)
    }
}
