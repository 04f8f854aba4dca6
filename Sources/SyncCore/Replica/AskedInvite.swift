/// An invite that asks back, as the device that made it keeps it until it is over. The team's log knows nothing of it.
public struct AskedInvite: Hashable, Sendable {
    static let version: UInt8 = 1

    public var code: InviteCode
    public var role: Role
    /// By the clock here, in milliseconds since 1970. Past it nobody is let in by it, and nothing else has to happen: nobody could
    /// read anything with the code.
    public var expires: Int64
    /// Digests of requests to which somebody said no: they are not shown again, whatever a relay brings.
    public var declined: [Hash32] = []
    /// Who was let in. Kept until the answer is known to be at the relay.
    public var admitted: JoinRequest?

    public init(code: InviteCode, role: Role, expires: Int64) {
        self.code = code
        self.role = role
        self.expires = expires
    }

    /// What people call it: six characters.
    public var short: String { String(Base32.encode(Hex.decode(code.mailbox) ?? []).prefix(6)) }

    func append(to writer: inout ByteWriter) {
        writer.u8(Self.version)
        writer.text(code.text)
        writer.u8(role.rawValue)
        writer.zig(expires)
        writer.count(declined.count)
        for digest in declined { writer.raw(digest) }
        writer.counted(admitted?.bytes ?? [])
    }

    init(from reader: inout ByteReader) throws {
        guard try reader.u8() == Self.version else { throw DecodingFailure.invalid("version") }
        code = try InviteCode(text: try reader.text(limit: 4096))
        guard let role = Role(rawValue: try reader.u8()) else { throw DecodingFailure.invalid("role") }
        self.role = role
        expires = try reader.zig()
        for _ in 0..<(try reader.count(limit: reader.remaining / 32)) { declined.append(try reader.hash32()) }
        let admitted = Array(try reader.counted(limit: reader.remaining))
        self.admitted = admitted.isEmpty ? nil : try JoinRequest(admitted)
    }
}

/// Somebody who asks, and what their screen shows if it is them.
public struct WaitingRequest: Hashable, Sendable {
    public var request: JoinRequest
    public var invite: AskedInvite
    public var words: [String]
}

extension LogTransaction {
    func askedInvites() throws -> [AskedInvite] {
        guard let bytes = try setting(Replica.Setting.askedInvites) else { return [] }
        var reader = ByteReader(bytes)
        var invites: [AskedInvite] = []
        while !reader.isAtEnd { invites.append(try AskedInvite(from: &reader)) }
        return invites
    }

    /// Puts an invite in the place of what was known of it; nil takes it out.
    func setAsked(_ code: InviteCode, _ invite: AskedInvite?) throws {
        var invites = try askedInvites()
        let place = invites.firstIndex { $0.code == code } ?? invites.endIndex
        invites.replaceSubrange(place..<min(place + 1, invites.endIndex), with: invite.map { [$0] } ?? [])
        var writer = ByteWriter()
        for invite in invites { invite.append(to: &writer) }
        try set(Replica.Setting.askedInvites, writer.bytes)
    }
}
