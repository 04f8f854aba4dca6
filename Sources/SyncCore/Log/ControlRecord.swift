/// One act on the team itself: who founded it, who was invited, who joined, who was admitted, who was removed. Sealed and signed; interpreted by
/// replicas alone.
public struct ControlRecord: Hashable, Sendable {
    public static let version: UInt8 = 1

    public var kind: Kind
    /// The names of the maximal records that its writer knew, sorted.
    public var parents: [Hash32]
    public var signer: DeviceID
    public var wall: Int64
    public var payload: [UInt8]
    public var signature: [UInt8]

    /// Number and critical bit. A reader that does not know a critical kind stops sealing, keeps reading, and asks for an upgrade.
    public struct Kind: Hashable, Sendable {
        public var number: UInt64
        public var isCritical: Bool

        public static let genesis = Kind(number: 1, isCritical: true)
        public static let invite = Kind(number: 2, isCritical: true)
        public static let join = Kind(number: 3, isCritical: true)
        public static let close = Kind(number: 4, isCritical: true)
        public static let admit = Kind(number: 5, isCritical: true)
        public static let role = Kind(number: 6, isCritical: true)
        public static let remove = Kind(number: 7, isCritical: true)
        public static let accept = Kind(number: 8, isCritical: true)
        public static let rotate = Kind(number: 9, isCritical: true)
        public static let redact = Kind(number: 10, isCritical: true)
        public static let hand = Kind(number: 14, isCritical: true)
        /// Says nothing: it brings together more records than one may name as parents.
        public static let knot = Kind(number: 13, isCritical: false)
        public static let rename = Kind(number: 12, isCritical: false)
    }

    /// Signs a new record. `team` is nil for the genesis alone, whose hash is the team.
    public init(
        _ kind: Kind, parents: [Hash32], signer: DeviceID, key: SigningKey, team: Hash32?, wall: Int64, payload: [UInt8]
    ) throws {
        self.kind = kind
        self.parents = parents.sorted()
        self.signer = signer
        self.wall = wall
        self.payload = payload
        signature = []
        signature = try key.sign("sync/v1/control-sign", signedBytes(team: team))
    }

    private func signedBytes(team: Hash32?) -> [UInt8] { (team ?? .zero).bytes + unsignedBytes }

    private var unsignedBytes: [UInt8] {
        var writer = ByteWriter(capacity: payload.count + 128)
        writer.u8(Self.version)
        writer.varint(kind.number << 1 | (kind.isCritical ? 1 : 0))
        writer.count(parents.count)
        for parent in parents { writer.raw(parent) }
        writer.raw(signer)
        writer.zig(wall)
        writer.counted(payload)
        return writer.bytes
    }

    public var bytes: [UInt8] { unsignedBytes + signature }

    /// What others call it.
    public var name: Hash32 { Digest.hash("sync/v1/control", bytes) }

    /// Of a genesis: the team that it founds.
    public var team: Hash32 { Digest.hash("sync/v1/team", bytes) }

    public func isSigned(by key: Hash32, team: Hash32?) -> Bool {
        Signature.isValid(signature, by: key, "sync/v1/control-sign", signedBytes(team: team))
    }

    public init(_ bytes: some Collection<UInt8>) throws(DecodingFailure) {
        guard bytes.count <= Limits.controlRecordBytes else { throw .tooLarge }
        var reader = ByteReader(Array(bytes))
        guard try reader.u8() == Self.version else { throw .invalid("version") }
        let head = try reader.varint()
        kind = Kind(number: head >> 1, isCritical: head & 1 == 1)
        parents = []
        for _ in 0..<(try reader.count(limit: Limits.parentsPerControlRecord)) {
            let parent = try reader.hash32()
            if let last = parents.last, !(last < parent) { throw .invalid("parents") }
            parents.append(parent)
        }
        signer = try reader.identifier()
        wall = try reader.zig()
        payload = Array(try reader.counted(limit: Limits.controlRecordBytes))
        signature = Array(try reader.raw(Signature.length))
        try reader.end()
    }
}
