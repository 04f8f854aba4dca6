/// What the inviter hands over: on paper, by voice, as a picture.
///
/// Whoever holds a pre-approved one can join until it is used or ended. With one that asks back nobody can do more than ask.
public struct InviteCode: Hashable, Sendable {
    static let preApproved: UInt8 = 1
    static let asked: UInt8 = 2
    static let urlLimit = 512

    /// 16 random bytes from which the mailbox and its keys derive, and of a pre-approved one the invite's signing key.
    public var secret: [UInt8]
    /// The first half of the TeamID: a joiner refuses any other team.
    public var teamPrefix: [UInt8]
    /// Of one that asks back: whose yes it takes. Nil: pre-approved.
    public var inviter: DeviceID?
    /// Of the relay's certificate, where it is pinned: `CertificatePin`.
    public var certificatePin: Hash32?
    public var relayURL: String

    public init(
        secret: [UInt8], team: Hash32, inviter: DeviceID? = nil, certificatePin: Hash32? = nil, relayURL: String
    ) {
        self.secret = secret
        teamPrefix = Array(team.bytes.prefix(16))
        self.inviter = inviter
        self.certificatePin = certificatePin
        self.relayURL = relayURL
    }

    /// The relay as a remote names it: its URL, and the pin behind it.
    public init(secret: [UInt8], team: Hash32, inviter: DeviceID? = nil, relayAddress: String) {
        let parts = PinnedURL(relayAddress)
        self.init(secret: secret, team: team, inviter: inviter, certificatePin: parts.pin?.digest, relayURL: parts.url)
    }

    public var relayAddress: String { PinnedURL(url: relayURL, pin: certificatePin.map(CertificatePin.init)).text }

    public var signingKey: SigningKey {
        get throws { try SigningKey(seed: Secret.derive(from: secret, "sync/v1/invite-sign")) }
    }

    /// 32 hexadecimal digits.
    public var mailbox: String { Hex.encode(Secret.derive(from: secret, "sync/v1/mailbox").bytes.prefix(16)) }

    public var boxKey: Secret { Secret.derive(from: secret, "sync/v1/box") }

    /// `SYNC-` and groups of five characters.
    public var text: String {
        var writer = ByteWriter(capacity: 128)
        writer.u8(inviter == nil ? Self.preApproved : Self.asked)
        writer.raw(secret)
        writer.raw(teamPrefix)
        if let inviter { writer.raw(inviter) }
        writer.u8(certificatePin == nil ? 0 : 1)
        if let certificatePin { writer.raw(certificatePin) }
        writer.text(relayURL)
        return CodeText.invite.encode(writer.bytes)
    }

    /// Takes what people paste: any case, line breaks, missing or extra dashes. Throws a sentence for them.
    public init(text: String) throws(SyncError) {
        let bytes: [UInt8]
        do {
            bytes = try CodeText.invite.decode(text)
        } catch {
            throw Self.unreadable(error.why)
        }
        do {
            self = try Self.decode(bytes)
        } catch {
            throw Self.unreadable("It was made by a version of sync that this one does not know.")
        }
    }

    private static func decode(_ bytes: [UInt8]) throws(DecodingFailure) -> InviteCode {
        var reader = ByteReader(bytes)
        let kind = try reader.u8()
        guard kind == preApproved || kind == asked else { throw .invalid("version") }
        let secret = Array(try reader.raw(16))
        let team = Array(try reader.raw(16))
        let inviter: DeviceID? = kind == asked ? try reader.identifier() : nil
        let pin: Hash32? = try reader.flag() ? try reader.hash32() : nil
        let url = try reader.text(limit: urlLimit)
        try reader.end()
        var code = InviteCode(secret: secret, team: .zero, inviter: inviter, certificatePin: pin, relayURL: url)
        code.teamPrefix = team
        return code
    }

    private static func unreadable(_ why: String) -> SyncError {
        SyncError(
            .usage, "This invite code cannot be read. \(why)", safe: "Nothing was changed.",
            next: "Compare it with the original, group by group, or ask for a new one.")
    }
}
