/// A coordinator gives a device another role.
public struct RoleChange: Hashable, Sendable {
    public var device: DeviceID
    public var role: Role
    /// Where the device becomes a reader: the last change that counts of each of its authors, by author. Otherwise empty.
    public var cuts: [ChangeName]

    public init(device: DeviceID, role: Role, cuts: some Sequence<ChangeName> = []) {
        self.device = device
        self.role = role
        self.cuts = role == .reader ? cuts.sorted() : []
    }

    public var payload: [UInt8] {
        var writer = ByteWriter(capacity: 24 + cuts.count * 28)
        writer.raw(device)
        writer.u8(role.rawValue)
        writer.cuts(cuts)
        return writer.bytes
    }

    public init(payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        device = try reader.identifier()
        guard let role = Role(rawValue: try reader.u8()) else { throw .invalid("role") }
        self.role = role
        cuts = try reader.cuts()
        guard role == .reader || cuts.isEmpty else { throw .invalid("cuts") }
        try reader.end()
    }
}

/// A coordinator lets changes count that would be void for who wrote them, one by one.
public struct Acceptance: Hashable, Sendable {
    public var changes: [ChangeName]

    public init(_ changes: some Sequence<ChangeName>) { self.changes = Set(changes).sorted() }

    public var payload: [UInt8] {
        var writer = ByteWriter(capacity: 8 + changes.count * 28)
        writer.count(changes.count)
        for name in changes { name.append(to: &writer) }
        return writer.bytes
    }

    public init(payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        changes = []
        for _ in 0..<(try reader.count(limit: Limits.changesPerAcceptance)) {
            let name = try ChangeName(from: &reader)
            if let before = changes.last, !(before < name) { throw .invalid("changes") }
            changes.append(name)
        }
        guard !changes.isEmpty else { throw .invalid("changes") }
        try reader.end()
    }
}
