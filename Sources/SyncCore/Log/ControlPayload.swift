/// The founding of a team.
public struct Genesis: Hashable, Sendable {
    /// 16 random bytes: two teams of one name and founder differ.
    public var salt: [UInt8]
    public var teamName: String
    /// Reads the control log at a relay, for as long as the team lives.
    public var controlToken: Secret
    public var founder: Enrolment
    /// Epoch 0, sealed to the founder like any later epoch to its recipients.
    public var envelope: [UInt8]

    public init(salt: [UInt8], teamName: String, controlToken: Secret, founder: Enrolment, envelope: [UInt8]) {
        self.salt = salt
        self.teamName = teamName
        self.controlToken = controlToken
        self.founder = founder
        self.envelope = envelope
    }

    public var payload: [UInt8] {
        var writer = ByteWriter(capacity: 3000)
        writer.raw(salt)
        writer.text(teamName)
        writer.raw(controlToken.bytes)
        founder.append(to: &writer)
        writer.counted(envelope)
        return writer.bytes
    }

    public init(payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        salt = Array(try reader.raw(16))
        teamName = try reader.text(limit: Enrolment.nameLimit)
        guard let token = Secret(try reader.raw(32)) else { throw .truncated }
        controlToken = token
        founder = try Enrolment(from: &reader)
        envelope = Array(try reader.counted(limit: Limits.envelopeBytes))
        try reader.end()
    }
}

/// An offer to join, made by a coordinator.
public struct Invite: Hashable, Sendable {
    public var key: Hash32
    public var role: Role
    public var uses: UInt64
    /// Advisory: replicas decide nothing by clocks.
    public var expires: Int64
    /// 1: all history. Other values are for later versions.
    public var history: UInt8
    public var epoch: EpochID

    public init(key: Hash32, role: Role, uses: UInt64, expires: Int64, epoch: EpochID) {
        self.key = key
        self.role = role
        self.uses = uses
        self.expires = expires
        history = 1
        self.epoch = epoch
    }

    public var payload: [UInt8] {
        var writer = ByteWriter(capacity: 80)
        writer.raw(key)
        writer.u8(role.rawValue)
        writer.varint(uses)
        writer.zig(expires)
        writer.u8(history)
        writer.raw(epoch)
        return writer.bytes
    }

    public init(payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        key = try reader.hash32()
        guard !WeakKeys.isSmallOrder(signing: key) else { throw .invalid("weak key") }
        guard let role = Role(rawValue: try reader.u8()) else { throw .invalid("role") }
        self.role = role
        uses = try reader.varint()
        expires = try reader.zig()
        history = try reader.u8()
        epoch = try reader.identifier()
        try reader.end()
    }
}

/// A device takes up an invite: signed by the invite's key, which only a holder of the code has.
public struct Join: Hashable, Sendable {
    public var invite: Hash32
    public var device: Enrolment
    public var signature: [UInt8]

    public init(invite: Hash32, device: Enrolment, inviteKey: SigningKey, team: Hash32) throws {
        self.invite = invite
        self.device = device
        signature = try inviteKey.sign("sync/v1/join", Self.signed(team, invite, device))
    }

    private static func signed(_ team: Hash32, _ invite: Hash32, _ device: Enrolment) -> [UInt8] {
        team.bytes + invite.bytes + device.bytes
    }

    public func isSigned(by key: Hash32, team: Hash32) -> Bool {
        Signature.isValid(signature, by: key, "sync/v1/join", Self.signed(team, invite, device))
    }

    public var payload: [UInt8] {
        var writer = ByteWriter(capacity: 1500)
        writer.raw(invite)
        device.append(to: &writer)
        writer.raw(signature)
        return writer.bytes
    }

    public init(payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        invite = try reader.hash32()
        device = try Enrolment(from: &reader)
        signature = Array(try reader.raw(Signature.length))
        try reader.end()
    }
}

/// A coordinator ends an invite: with the join that counts, or with none.
public struct Close: Hashable, Sendable {
    public var invite: Hash32
    public var accepted: Hash32?

    public init(invite: Hash32, accepted: Hash32?) {
        self.invite = invite
        self.accepted = accepted
    }

    public var payload: [UInt8] {
        var writer = ByteWriter(capacity: 65)
        writer.raw(invite)
        writer.u8(accepted == nil ? 0 : 1)
        if let accepted { writer.raw(accepted) }
        return writer.bytes
    }

    public init(payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        invite = try reader.hash32()
        accepted = try reader.flag() ? try reader.hash32() : nil
        try reader.end()
    }
}
