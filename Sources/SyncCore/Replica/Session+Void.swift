/// A change that does not count, with what it would do: so that a person can decide whether it should.
public struct VoidChange: Sendable {
    public var origin: Origin
    public var reason: VoidReason
    public var edits: [Edit]

    public var name: ChangeName { origin.change }

    public struct Edit: Sendable {
        public var record: RecordID?
        /// As the record is known; of one that only this change would make, as the change says.
        public var kind: RecordKind?
        /// Nil for the life of the record itself, and where the field is not known.
        public var field: FieldSchema?
        public var value: Value?
        public var isDeletion: Bool
    }
}

extension Session {
    /// Every change that is here and does not count, in order of arrival.
    public func voidChanges() throws -> [VoidChange] {
        let team = try team()
        return try log.voidChanges().compactMap { stored in
            guard let reason = stored.void else { return nil }
            return VoidChange(origin: try origin(stored.name, team), reason: reason, edits: try edits(of: stored))
        }
    }

    private func edits(of stored: StoredChange) throws -> [VoidChange.Edit] {
        let touched = try Touched(try view.touched(stored.number) ?? [])
        let operations = try loader.change(stored, log).operations
        var made: [RecordID: RecordKind] = [:]
        return try operations.enumerated().map { place, operation in
            let number = touched.record(ofOperation: UInt32(truncatingIfNeeded: place))
            let record = try number.flatMap { try view.recordID(number: $0) }
            if let record, operation.code == .life, let kind = Self.madeKind(operation.value) { made[record] = kind }
            let known = try record.flatMap { try document($0)?.kind }
            let kind = known ?? record.flatMap { made[$0] }
            return VoidChange.Edit(
                record: record, kind: kind, field: kind.flatMap { schema[$0]?[operation.field] },
                value: operation.code == .redacted ? nil : operation.value,
                isDeletion: operation.code == .life && Self.isDeletion(operation.value))
        }
    }

    private static func part(_ number: UInt32, of value: Value?) -> Int64? {
        guard case .tuple(let parts)? = value, let part = parts.first(where: { $0.number == number }),
            case .integer(let integer) = part.value
        else { return nil }
        return integer
    }

    private static func madeKind(_ life: Value?) -> RecordKind? { part(2, of: life).flatMap(RecordKind.init(number:)) }

    /// An even causal length: the record is gone.
    private static func isDeletion(_ life: Value?) -> Bool { part(1, of: life).map { $0 % 2 == 0 } ?? false }
}
