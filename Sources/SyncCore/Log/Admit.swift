/// A coordinator lets a device into the team: it asked, and somebody compared four words with whoever holds it.
///
/// The device has nothing to sign in the control log, and there is nothing to close: one request is one place.
public struct Admit: Hashable, Sendable {
    /// With the role that the coordinator gives.
    public var device: Enrolment
    /// 1: all history. 2: all history, for a recovery key. Other values are for later versions.
    public var history: UInt8

    public init(device: Enrolment, isRecoveryKey: Bool = false) {
        self.device = device
        history = isRecoveryKey ? Self.recoveryKey : 1
    }

    private static let recoveryKey: UInt8 = 2

    /// Whether what is let in lies on paper, and is no machine.
    public var isRecoveryKey: Bool { history == Self.recoveryKey }

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
