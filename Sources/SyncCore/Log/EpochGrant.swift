/// A new epoch's key, sealed to one device that remains; for a coordinator together with the next relay seed.
///
/// The length tells a coordinator's from another's. The roster does too, and whoever opens the record knows the roster before it.
public struct EpochGrant: Hashable, Sendable {
    public var device: DeviceID
    public var envelope: [UInt8]

    public init(device: DeviceID, envelope: [UInt8]) {
        self.device = device
        self.envelope = envelope
    }

    /// Seals a fresh epoch key. `relaySeed` is for coordinators: whoever holds it may sign the relay registration after the next.
    public init(epoch: Secret, relaySeed: Secret?, to recipient: Enrolment) throws {
        device = recipient.device
        envelope = try Envelope.seal(epoch.bytes + (relaySeed?.bytes ?? []), to: recipient.kemKey, for: device)
    }

    /// - Throws: When it was not sealed to this key, or holds something else.
    public func open(with key: KEMKey) throws -> (epoch: Secret, relaySeed: Secret?) {
        var reader = ByteReader(try key.open(envelope, for: device))
        let epoch = try reader.secret()
        let relaySeed = reader.isAtEnd ? nil : try reader.secret()
        try reader.end()
        return (epoch, relaySeed)
    }
}

extension ByteWriter {
    mutating func grants(_ grants: [EpochGrant]) {
        count(grants.count)
        for grant in grants {
            raw(grant.device)
            counted(grant.envelope)
        }
    }
}

extension ByteReader {
    mutating func grants() throws(DecodingFailure) -> [EpochGrant] {
        var grants: [EpochGrant] = []
        for _ in 0..<(try count(limit: Limits.recipientsPerEpoch)) {
            let device: DeviceID = try identifier()
            if let before = grants.last, !(before.device < device) { throw .invalid("recipients") }
            grants.append(EpochGrant(device: device, envelope: Array(try counted(limit: Limits.envelopeBytes))))
        }
        return grants
    }
}
