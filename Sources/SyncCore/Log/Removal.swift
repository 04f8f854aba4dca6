/// A coordinator puts a device out of the team, for good: its person comes back as another device.
///
/// The record's parents say how far the control records of the device count: those in its past do, the others are void. So who
/// wants to undo what the device did to the team writes the removal beside those records, not after them.
public struct Removal: Hashable, Sendable {
    public var device: DeviceID
    /// The last change that counts of each author of the device, by author. Whoever is not named is cut at nothing.
    public var cuts: [ChangeName]
    /// The new epoch, for everybody who remains.
    public var grants: [EpochGrant]

    public init(device: DeviceID, cuts: some Sequence<ChangeName>, grants: some Sequence<EpochGrant>) {
        self.device = device
        self.cuts = cuts.sorted()
        self.grants = grants.sorted { $0.device < $1.device }
    }

    public var payload: [UInt8] {
        var writer = ByteWriter(capacity: 64 + cuts.count * 28 + grants.count * 1234)
        writer.raw(device)
        writer.cuts(cuts)
        writer.grants(grants)
        return writer.bytes
    }

    public init(payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        let device: DeviceID = try reader.identifier()
        self.device = device
        cuts = try reader.cuts()
        grants = try reader.grants()
        guard !grants.contains(where: { $0.device == device }) else { throw .invalid("recipients") }
        try reader.end()
    }
}

/// A new epoch without a removal: an invite's code that nobody used is past its date, or no epoch is usable, or somebody lacks it.
public struct Rotation: Hashable, Sendable {
    public var grants: [EpochGrant]

    public init(grants: some Sequence<EpochGrant>) { self.grants = grants.sorted { $0.device < $1.device } }

    public var payload: [UInt8] {
        var writer = ByteWriter(capacity: 8 + grants.count * 1234)
        writer.grants(grants)
        return writer.bytes
    }

    public init(payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        grants = try reader.grants()
        guard !grants.isEmpty else { throw .invalid("recipients") }
        try reader.end()
    }
}
