/// What waits in the mailbox of a pre-approved invite, and what an answer holds for whoever was let in: enough to read the team from
/// its beginning and check every word of it.
public struct Welcome: Hashable, Sendable {
    static let version: UInt8 = 1
    static let floor = 256
    public static let sizeLimit = 64 << 10

    public var team: Hash32
    /// The record that the joiner must reach when it reads the control log: a relay cannot hold back the end.
    public var controlHead: Hash32
    /// The record that lets the joiner in: an invite to take up, or its admission.
    public var invite: Hash32
    public var epochs: [(id: EpochID, key: Secret)]
    public var controlToken: Secret
    public var registrations: [Registration]
    /// Seeds of the relay keys that may still be called for: for coordinators only.
    public var relaySeeds: [RelaySeed]
    /// Room for a coordinator-signed snapshot in place of history.
    public var base: Hash32?

    public init(
        team: Hash32, controlHead: Hash32, invite: Hash32, epochs: [(id: EpochID, key: Secret)], controlToken: Secret,
        registrations: [Registration], relaySeeds: [RelaySeed]
    ) {
        self.team = team
        self.controlHead = controlHead
        self.invite = invite
        self.epochs = epochs
        self.controlToken = controlToken
        self.registrations = registrations
        self.relaySeeds = relaySeeds
        base = nil
    }

    var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 1024)
        writer.u8(Self.version)
        writer.raw(team)
        writer.raw(controlHead)
        writer.raw(invite)
        writer.count(epochs.count)
        for epoch in epochs {
            writer.raw(epoch.id)
            writer.raw(epoch.key.bytes)
        }
        writer.raw(controlToken.bytes)
        writer.count(registrations.count)
        for registration in registrations { writer.counted(registration.bytes) }
        writer.relaySeeds(relaySeeds)
        writer.u8(base == nil ? 0 : 1)
        if let base { writer.raw(base) }
        return writer.bytes
    }

    init(_ bytes: [UInt8]) throws(DecodingFailure) {
        guard bytes.count <= Self.sizeLimit else { throw .tooLarge }
        var reader = ByteReader(bytes)
        guard try reader.u8() == Self.version else { throw .invalid("version") }
        team = try reader.hash32()
        controlHead = try reader.hash32()
        invite = try reader.hash32()
        epochs = []
        for _ in 0..<(try reader.count(limit: reader.remaining / 48)) {
            epochs.append((try reader.identifier(), try reader.secret()))
        }
        controlToken = try reader.secret()
        registrations = []
        for _ in 0..<(try reader.count(limit: reader.remaining / 200)) {
            registrations.append(try Registration(try reader.counted(limit: 512)))
        }
        relaySeeds = try reader.relaySeeds()
        base = try reader.flag() ? try reader.hash32() : nil
        try reader.end()
    }

    private static func data(_ code: InviteCode) -> [UInt8] {
        Array("sync/v1/welcome".utf8) + [0] + code.teamPrefix
    }

    /// What is posted to the mailbox.
    public func sealed(for code: InviteCode, nonce: [UInt8]) throws -> [UInt8] {
        nonce + (try Sealing.seal(
            Padding.pad(bytes, floor: Self.floor), key: code.boxKey, nonce: nonce, authenticating: Self.data(code)))
    }

    /// Throws when the box is not what the holder of `code` was meant to get.
    public init(opening box: [UInt8], with code: InviteCode) throws {
        guard box.count > Sealing.nonceLength else { throw DecodingFailure.truncated }
        let plain = try Sealing.open(
            box.dropFirst(Sealing.nonceLength), key: code.boxKey, nonce: Array(box.prefix(Sealing.nonceLength)),
            authenticating: Self.data(code))
        try self.init(Array(try Padding.unpad(plain, floor: Self.floor)))
        guard team.bytes.starts(with: code.teamPrefix) else { throw DecodingFailure.invalid("team") }
    }

    public static func == (a: Welcome, b: Welcome) -> Bool { a.bytes == b.bytes }
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

extension ByteReader {
    mutating func secret() throws(DecodingFailure) -> Secret {
        guard let secret = Secret(try raw(32)) else { throw .truncated }
        return secret
    }
}
