/// How a team makes itself known to a relay, and changes its tokens: a chain of records, each signed by the key that the one
/// before it named (`docs/format.md`, section 9).
public struct Registration: Hashable, Sendable {
    public static let version: UInt8 = 1

    public var counter: UInt64
    public var relayKey: Hash32
    public var teamSalt: Hash32
    public var readTokenHash: Hash32
    public var writeTokenHash: Hash32
    public var controlTokenHash: Hash32
    public var nextRelayKey: Hash32
    public var signature: [UInt8]

    /// Signs a new one.
    public init(
        counter: UInt64, teamSalt: Hash32, tokens: RelayTokens, key: SigningKey, nextRelayKey: Hash32
    ) throws {
        self.counter = counter
        relayKey = key.publicKey
        self.teamSalt = teamSalt
        readTokenHash = Digest.plain(tokens.read.bytes)
        writeTokenHash = Digest.plain(tokens.write.bytes)
        controlTokenHash = Digest.plain(tokens.control.bytes)
        self.nextRelayKey = nextRelayKey
        signature = []
        signature = try key.sign("sync/v1/registration", signedBytes)
    }

    private var signedBytes: [UInt8] {
        var writer = ByteWriter(capacity: 256)
        writer.u8(Self.version)
        writer.varint(counter)
        for hash in [relayKey, teamSalt, readTokenHash, writeTokenHash, controlTokenHash, nextRelayKey] {
            writer.raw(hash)
        }
        return writer.bytes
    }

    public var bytes: [UInt8] { signedBytes + signature }

    /// Reads one and checks its own signature; whether it follows another is for `isSuccessor`.
    public init(_ bytes: some Collection<UInt8>) throws(DecodingFailure) {
        try self.init(checked: bytes)
        guard Signature.isValid(signature, by: relayKey, "sync/v1/registration", signedBytes) else {
            throw .invalid("signature")
        }
    }

    /// Reads one whose signature was checked before it was stored: a relay does it with each request, and one for a team that it does not
    /// know must not be told by what a signature takes.
    public init(checked bytes: some Collection<UInt8>) throws(DecodingFailure) {
        var reader = ByteReader(Array(bytes))
        guard try reader.u8() == Self.version else { throw .invalid("version") }
        counter = try reader.varint()
        relayKey = try reader.hash32()
        teamSalt = try reader.hash32()
        readTokenHash = try reader.hash32()
        writeTokenHash = try reader.hash32()
        controlTokenHash = try reader.hash32()
        nextRelayKey = try reader.hash32()
        signature = Array(try reader.raw(Signature.length))
        try reader.end()
    }

    /// What a relay calls the team whose first registration this is: 32 hexadecimal digits.
    public var handle: String { Self.handle(firstKey: relayKey) }

    public static func handle(firstKey: Hash32) -> String {
        Hex.encode(Digest.hash("sync/v1/relay", firstKey.bytes).bytes.prefix(16))
    }

    /// Whether this one may follow `earlier`: next counter, the key that was named, the same team.
    public func isSuccessor(of earlier: Registration) -> Bool {
        counter > 0 && counter - 1 == earlier.counter && relayKey == earlier.nextRelayKey && teamSalt == earlier.teamSalt
    }

    /// Whether `chain` begins at counter 0 and each follows the one before it.
    public static func isChain(_ chain: [Registration]) -> Bool {
        guard let first = chain.first, first.counter == 0 else { return false }
        return zip(chain, chain.dropFirst()).allSatisfy { $1.isSuccessor(of: $0) }
    }
}

/// A relay key as coordinators get it, with the epoch that it was granted with: it signs the registration that follows the one for
/// that epoch.
public struct RelaySeed: Hashable, Sendable {
    public var epoch: EpochID
    public var seed: Secret

    public init(epoch: EpochID, seed: Secret) {
        self.epoch = epoch
        self.seed = seed
    }
}

extension ByteWriter {
    mutating func relaySeeds(_ seeds: [RelaySeed]) {
        count(seeds.count)
        for granted in seeds {
            raw(granted.epoch)
            raw(granted.seed.bytes)
        }
    }
}

extension ByteReader {
    mutating func relaySeeds() throws(DecodingFailure) -> [RelaySeed] {
        var seeds: [RelaySeed] = []
        for _ in 0..<(try count(limit: remaining / 48)) {
            seeds.append(RelaySeed(epoch: try identifier(), seed: try secret()))
        }
        return seeds
    }
}

/// What a device shows to a relay: to read, to write, and to read the control log alone.
public struct RelayTokens: Hashable, Sendable {
    public var read: Secret
    public var write: Secret
    public var control: Secret

    /// `control` is a constant of the team; the other two belong to the epoch.
    public init(epochKey: Secret, control: Secret) {
        read = epochKey.derive("sync/v1/relay-read")
        write = epochKey.derive("sync/v1/relay-write")
        self.control = control
    }
}
