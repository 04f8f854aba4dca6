/// A coordinator lets a device into the team: it asked, and somebody compared four words with whoever holds it.
///
/// The device has nothing to sign in the control log, and there is nothing to close: one request is one place.
public struct Admit: Hashable, Sendable {
    /// With the role that the coordinator gives.
    public var device: Enrolment
    /// 1: all history. Other values are for later versions.
    public var history: UInt8

    public init(device: Enrolment) {
        self.device = device
        history = 1
    }

    public var payload: [UInt8] {
        var writer = ByteWriter(capacity: 1500)
        device.append(to: &writer)
        writer.u8(history)
        return writer.bytes
    }

    public init(payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        device = try Enrolment(from: &reader)
        history = try reader.u8()
        try reader.end()
    }
}
