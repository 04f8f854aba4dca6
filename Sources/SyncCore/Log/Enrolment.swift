/// What a person's device may do in a team. Replicas enforce it; a relay knows no roles.
public enum Role: UInt8, Hashable, Sendable, Comparable, CaseIterable {
    case reader = 1
    case volunteer = 2
    case coordinator = 3

    public static func < (a: Role, b: Role) -> Bool { a.rawValue < b.rawValue }

    public var name: String {
        switch self {
        case .reader: "reader"
        case .volunteer: "volunteer"
        case .coordinator: "coordinator"
        }
    }

    public init?(name: String) {
        guard let role = Role.allCases.first(where: { $0.name == name }) else { return nil }
        self = role
    }
}

/// A device as it is enrolled: name, role and public keys, with a proof that it holds the signing key.
///
/// Reading one refuses keys that protect nothing. A KEM key cannot sign; that its owner holds it shows when an epoch is opened.
public struct Enrolment: Hashable, Sendable {
    public var name: String
    public var role: Role
    public var signingKey: Hash32
    public var kemKey: [UInt8]
    public var possession: [UInt8]

    public init(name: String, role: Role, signing: SigningKey, kem: KEMKey) throws {
        self.name = name
        self.role = role
        signingKey = signing.publicKey
        kemKey = kem.publicKey
        possession = try signing.sign("sync/v1/possession", signing.publicKey.bytes + kem.publicKey)
    }

    public var device: DeviceID { keys.device }

    static let nameLimit = 256

    func append(to writer: inout ByteWriter) {
        writer.text(name)
        writer.u8(role.rawValue)
        writer.raw(signingKey)
        writer.raw(kemKey)
        writer.raw(possession)
    }

    var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 1400)
        append(to: &writer)
        return writer.bytes
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        name = try reader.text(limit: Self.nameLimit)
        guard let role = Role(rawValue: try reader.u8()) else { throw .invalid("role") }
        self.role = role
        signingKey = try reader.hash32()
        kemKey = Array(try reader.raw(KEMKey.publicLength))
        possession = Array(try reader.raw(Signature.length))
        try check()
    }

    /// Refuses keys that protect nothing, and a proof that does not fit them.
    init(name: String, role: Role, keys: PublicKeys, possession: [UInt8]) throws(DecodingFailure) {
        (self.name, self.role) = (name, role)
        (signingKey, kemKey) = (keys.signing, keys.kem)
        self.possession = possession
        try check()
    }

    public var keys: PublicKeys { PublicKeys(signing: signingKey, kem: kemKey) }

    private func check() throws(DecodingFailure) {
        guard !keys.isWeak else { throw .invalid("weak key") }
        guard Signature.isValid(possession, by: signingKey, "sync/v1/possession", keys.bytes) else {
            throw .invalid("proof of possession")
        }
    }
}
