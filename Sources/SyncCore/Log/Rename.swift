/// Another name for a device: given by the device itself, or by a coordinator. Who does not know the kind shows the old name.
public struct Rename: Hashable, Sendable {
    public var device: DeviceID
    public var name: String

    public init(device: DeviceID, name: String) {
        self.device = device
        self.name = name
    }

    public var payload: [UInt8] {
        var writer = ByteWriter(capacity: 64)
        writer.raw(device)
        writer.text(name)
        return writer.bytes
    }

    public init(payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        device = try reader.identifier()
        name = try reader.text(limit: Enrolment.nameLimit)
        guard !name.isEmpty else { throw .invalid("name") }
        try reader.end()
    }
}
