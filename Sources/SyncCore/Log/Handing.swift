/// Keys of earlier epochs, and of the one in force, for a device that enrolled beside them: it reads the team's history like everybody else.
///
/// The record is sealed under an epoch that the device has, and opens before what it was written after does.
public struct Handing: Hashable, Sendable {
    public struct Key: Hashable, Sendable {
        public var epoch: EpochID
        /// As in the record that made the epoch.
        public var envelope: [UInt8]
    }

    public var device: DeviceID
    public var keys: [Key]

    public init(device: DeviceID, keys: some Sequence<Key>) {
        self.device = device
        self.keys = keys.sorted { $0.epoch < $1.epoch }
    }

    public var payload: [UInt8] {
        var writer = ByteWriter(capacity: 32 + keys.count * 1234)
        writer.raw(device)
        writer.count(keys.count)
        for key in keys {
            writer.raw(key.epoch)
            writer.counted(key.envelope)
        }
        return writer.bytes
    }

    public init(payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        device = try reader.identifier()
        keys = []
        for _ in 0..<(try reader.count(limit: Limits.recipientsPerEpoch)) {
            let epoch: EpochID = try reader.identifier()
            if let before = keys.last, !(before.epoch < epoch) { throw .invalid("epochs") }
            keys.append(Key(epoch: epoch, envelope: Array(try reader.counted(limit: Limits.envelopeBytes))))
        }
        guard !keys.isEmpty else { throw .invalid("epochs") }
        try reader.end()
    }
}
