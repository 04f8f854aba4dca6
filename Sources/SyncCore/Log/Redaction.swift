/// A coordinator takes values out of the team's history: the edits that hold them lose their values, and the segments that carry these
/// edits lose their bodies.
///
/// Whoever has the original makes the substitute alone, from this record. Whoever has not takes it from the log of the record's signer, which
/// carries each withdrawn segment's changes once more, in their order: by `digest` it is known for what it is.
public struct Redaction: Hashable, Sendable {
    /// For people: whose field it was.
    public var record: RecordID
    public var field: UInt32
    public var reason: String
    /// Which operations lose their values, by change.
    public var edits: [Edit]
    public var withdrawn: [Withdrawn]

    public struct Edit: Hashable, Sendable {
        public var change: ChangeName
        /// Ascending.
        public var operations: [UInt32]

        public init(change: ChangeName, operations: some Sequence<UInt32>) {
            self.change = change
            self.operations = operations.sorted()
        }
    }

    /// A segment whose body goes.
    public struct Withdrawn: Hashable, Sendable {
        public var tag: LogTag
        public var index: UInt64
        public var chain: Hash32
        /// Of its changes once they are redacted, by this record and those that its signer knew.
        public var digest: Hash32

        public init(tag: LogTag, index: UInt64, chain: Hash32, digest: Hash32) {
            (self.tag, self.index, self.chain, self.digest) = (tag, index, chain, digest)
        }
    }

    public static let reasonLimit = 512

    public init(
        record: RecordID, field: UInt32, reason: String, edits: some Sequence<Edit>, withdrawn: some Sequence<Withdrawn>
    ) {
        self.record = record
        self.field = field
        self.reason = reason
        self.edits = edits.sorted { $0.change < $1.change }
        self.withdrawn = withdrawn.sorted { $0.chain < $1.chain }
    }

    /// What stands for the changes of one segment, in their order.
    public static func digest(of changes: some Sequence<Change>) -> Hash32 {
        var hasher = Digest.Hasher("sync/v1/redacted")
        for change in changes { hasher.update(change.hash.bytes) }
        return hasher.finish()
    }

    public var payload: [UInt8] {
        var writer = ByteWriter(capacity: 64 + edits.count * 32 + withdrawn.count * 88)
        writer.raw(record)
        writer.varint(UInt64(field))
        writer.text(reason)
        writer.count(edits.count)
        for edit in edits {
            edit.change.append(to: &writer)
            writer.count(edit.operations.count)
            for operation in edit.operations { writer.varint(UInt64(operation)) }
        }
        writer.count(withdrawn.count)
        for segment in withdrawn {
            writer.raw(segment.tag)
            writer.varint(segment.index)
            writer.raw(segment.chain)
            writer.raw(segment.digest)
        }
        return writer.bytes
    }

    public init(payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        record = try reader.identifier()
        field = try reader.number32()
        reason = try reader.text(limit: Self.reasonLimit)
        edits = []
        for _ in 0..<(try reader.count(limit: reader.remaining / 27)) {
            let edit = try Edit(from: &reader)
            if let before = edits.last, !(before.change < edit.change) { throw .invalid("changes") }
            edits.append(edit)
        }
        guard !edits.isEmpty else { throw .invalid("changes") }
        withdrawn = []
        for _ in 0..<(try reader.count(limit: reader.remaining / 81)) {
            let segment = Withdrawn(
                tag: try reader.identifier(), index: try reader.varint(), chain: try reader.hash32(), digest: try reader.hash32())
            if let before = withdrawn.last, !(before.chain < segment.chain) { throw .invalid("segments") }
            guard segment.index > 0 else { throw .invalid("segments") }
            withdrawn.append(segment)
        }
        try reader.end()
    }
}

extension Redaction.Edit {
    fileprivate init(from reader: inout ByteReader) throws(DecodingFailure) {
        change = try ChangeName(from: &reader)
        operations = []
        for _ in 0..<(try reader.count(limit: reader.remaining)) {
            let operation = try reader.number32()
            if let before = operations.last, before >= operation { throw .invalid("operations") }
            operations.append(operation)
        }
        guard !operations.isEmpty else { throw .invalid("operations") }
    }
}

// MARK: What it does to a change

extension Operation {
    /// Whether it holds a value that a redaction can take away. A deletion, a removal and a tally hold nothing that somebody wrote.
    public var isRedactable: Bool {
        switch code {
        case .assign, .add, .entry, .edit: true
        case .retract: value.map { !$0.isNothing } ?? false
        default: false
        }
    }

    /// The same without its value: what it replaced stays replaced, and what names it still finds its record by it. One that is not
    /// redactable is as it was.
    public var redacted: Operation {
        guard isRedactable else { return self }
        var stub = self
        if code == .retract {
            stub.value = nil
        } else {
            stub.code = .redacted
            stub.value = .tuple([Value.Part(1, .integer(Int64(code.rawValue)))])
        }
        return stub
    }
}

extension Change {
    /// The change with those of its operations redacted; itself where nothing of it is.
    public func redacting(_ operations: Set<UInt32>) -> Change {
        guard !operations.isEmpty else { return self }
        var substitute = self
        for (place, operation) in self.operations.enumerated() where operations.contains(UInt32(truncatingIfNeeded: place)) {
            substitute.operations[place] = operation.redacted
        }
        return substitute
    }
}
