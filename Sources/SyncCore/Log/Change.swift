/// The operations of one command: atomic, named, and knowing what its author had seen.
public struct Change: Hashable, Sendable {
    public var name: ChangeName
    /// The mark of the author's previous change; nil exactly when `seq` is 1.
    public var previousMark: UInt64?
    /// When its author's clock says it was made, in milliseconds since 1970. Shown, never used to merge.
    public var wall: Int64
    /// The maximal changes that its author had seen beyond its own previous one, sorted.
    public var dependencies: [Dependency]
    public var operations: [Operation]

    /// A change that must be there first, and the epoch that its carrier was sealed in, which tells a change that is missing from one
    /// that this device was never given the key for.
    public struct Dependency: Hashable, Comparable, Sendable {
        public var name: ChangeName
        public var epoch: EpochID

        public init(name: ChangeName, epoch: EpochID) {
            self.name = name
            self.epoch = epoch
        }

        /// The order of their canonical bytes, whose varint puts no order on seq: so the bytes are compared.
        public static func < (a: Dependency, b: Dependency) -> Bool {
            ByteOrder.precedes(a.bytes, b.bytes)
        }

        var bytes: [UInt8] {
            var writer = ByteWriter(capacity: 48)
            append(to: &writer)
            return writer.bytes
        }

        func append(to writer: inout ByteWriter) {
            name.append(to: &writer)
            writer.raw(epoch)
        }
    }

    public init(
        name: ChangeName, previousMark: UInt64?, wall: Int64, dependencies: [Dependency], operations: [Operation]
    ) {
        self.name = name
        self.previousMark = previousMark
        self.wall = wall
        self.dependencies = dependencies
        self.operations = operations
    }

    /// The author's previous change; nil for the first.
    public var previous: ChangeName? {
        previousMark.map { ChangeName(author: name.author, seq: name.seq - 1, mark: $0) }
    }
}

extension Change {
    /// What is hashed and kept in the journal: `docs/format.md`, section 4.
    public var canonicalBytes: [UInt8] {
        var writer = ByteWriter(capacity: 64 + operations.count * 48)
        name.append(to: &writer)
        if let previousMark { writer.word(previousMark) }
        writer.zig(wall)
        writer.count(dependencies.count)
        for dependency in dependencies { dependency.append(to: &writer) }
        writer.count(operations.count)
        for operation in operations { operation.append(to: &writer) }
        return writer.bytes
    }

    /// Chooses between two changes of one name: the lower counts.
    public var hash: Hash32 { Digest.hash("sync/v1/change", canonicalBytes) }

    public init(canonical bytes: some Collection<UInt8>) throws(DecodingFailure) {
        guard bytes.count <= Limits.changeBytes else { throw .tooLarge }
        var reader = ByteReader(Array(bytes))
        name = try ChangeName(from: &reader)
        previousMark = name.seq > 1 ? try reader.word() : nil
        wall = try reader.zig()
        dependencies = []
        for _ in 0..<(try reader.count(limit: Limits.dependenciesPerChange)) {
            let next = Dependency(name: try ChangeName(from: &reader), epoch: try reader.identifier())
            if let last = dependencies.last, !(last < next) { throw .invalid("dependencies") }
            dependencies.append(next)
        }
        operations = []
        let count = try reader.count(limit: Limits.operationsPerChange)
        for _ in 0..<count { operations.append(try Operation(from: &reader)) }
        try reader.end()
    }
}
